import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import ssh2, { type AuthHandlerMiddleware, type Client, type PublicKeyAuthMethod } from 'ssh2';
import type { ScoutError } from '../../errors.ts';
import type { HostSettings } from '../hosts/settings.ts';
import { parseCertificate } from '../known-hosts/certificate.ts';
import { fingerprintOf, keyTypeName, keyTypeOf } from '../known-hosts/public-key.ts';
import { authError } from './auth-error.ts';
import { collectIdentities } from './collect-identities.ts';
import type { IdentityReport } from './identity.ts';
import { KeyFiles } from './key-files.ts';
import { type Attempt, Login } from './login.ts';
import { Ssh2Userauth } from './ssh2-userauth.ts';

/** The login of one connection. For one ssh2 client only. */
export interface Auth {
  /** For ssh2's `authHandler`. */
  readonly handler: AuthHandlerMiddleware;
  /** Call just after `client.connect(…)`, before any event of it. */
  attach(client: Client): void;
  /** A login request was sent: an error that comes now, before `ready`, is a failed login. */
  readonly started: boolean;
  /** What happened to each identity, in the order of trying. */
  report(): readonly IdentityReport[];
  /** `auth_failed` with every identity and why it failed; `cause` is what ssh2 said, if anything. */
  failure(cause?: unknown): ScoutError;
}

/**
 * Find the identities that ssh(1) would try on this host, and the login that tries them: public keys only, as
 * with BatchMode. Nothing is decrypted or signed before it is needed. Rejects with the signal's reason.
 */
export async function prepareAuth(
  settings: HostSettings,
  env: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
  keyFiles: KeyFiles = new KeyFiles(env),
): Promise<Auth> {
  const { identities, agentProblem } = allowsPublicKey(settings)
    ? await collectIdentities(settings, keyFiles, signal)
    : { identities: [], agentProblem: undefined };
  const login = new Login(identities, settings.pubkeyAcceptedAlgorithms, signal);
  const report = () => login.attempts.filter((attempt) => isWorthSaying(attempt, settings)).map(describe);
  const placeholder = await placeholderMethod(settings.user);

  return {
    attach(client) {
      const userauth = new Ssh2Userauth(client, settings.user, (probed) => {
        const step = probed ? login.probed(userauth) : login.next(userauth);
        step.then(
          (goesOn) => goesOn || giveUp(client, 'no identity is left to try'),
          (error) => client.emit('error', error),
        );
      });
      client.once('ready', () => login.succeeded());
    },
    handler(methodsLeft, partial, next) {
      // null at the first call, whatever ssh2's types say
      if (methodsLeft !== null) login.refused(methodsLeft, partial);
      next(placeholder);
    },
    get started() {
      return login.started;
    },
    report,
    failure(cause) {
      const { serverMethods, leftToOpenssh } = login;
      return authError(settings, { identities: report(), agentProblem, serverMethods, leftToOpenssh, cause });
    },
  };
}

/**
 * ssh2 must believe that it tries a key of its own; what is sent instead is decided by `Login`. The key is parsed
 * here: ssh2 would ask for the next method for ever if it could not parse it. (Its own generator makes such keys,
 * one ed25519 key in 256.)
 */
async function placeholderMethod(username: string): Promise<PublicKeyAuthMethod> {
  const { privateKey } = await promisify(generateKeyPair)('ec', { namedCurve: 'prime256v1' });
  const key = ssh2.utils.parseKey(privateKey.export({ type: 'sec1', format: 'pem' }));
  if (key instanceof Error || Array.isArray(key)) throw new Error('ssh2 cannot parse a SEC1 key');
  return { type: 'publickey', username, key };
}

/** As ssh2 ends a login of its own. */
function giveUp(client: Client, why: string): void {
  client.emit('error', Object.assign(new Error(why), { level: 'client-authentication' }));
  client.end();
}

function allowsPublicKey({ pubkeyAuthentication, preferredAuthentications }: HostSettings): boolean {
  return pubkeyAuthentication && (preferredAuthentications?.includes('publickey') ?? true);
}

/** That a default file does not exist is no news. */
function isWorthSaying({ identity, outcome }: Attempt, settings: HostSettings): boolean {
  if (identity.source === 'agent' || settings.identityFilesAreExplicit) return true;
  return outcome !== 'skipped: does not exist';
}

function describe({ identity, blob, outcome, fix }: Attempt): IdentityReport {
  const type = blob && keyTypeName(keyTypeOf(blob));
  const key = blob && (parseCertificate(blob)?.publicKey ?? blob);
  const fingerprint = key && fingerprintOf(key);
  return { source: identity.source, label: identity.label, type, fingerprint, outcome, fix };
}
