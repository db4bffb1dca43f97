import { ScoutError } from '../../errors.ts';
import type { HostSettings } from '../hosts/settings.ts';
import type { IdentityReport } from './identity.ts';
import type { LeftToOpenssh } from './identity-unusable.ts';

export interface FailedLogin {
  readonly identities: readonly IdentityReport[];
  /** Why the agent could not be asked. */
  readonly agentProblem: string | undefined;
  /** Methods that the server said it would take, from its last refusal. */
  readonly serverMethods: readonly string[] | undefined;
  /** Why an identity was passed over that the installed ssh may log in with: becomes the error's cause. */
  readonly leftToOpenssh: LeftToOpenssh | undefined;
  /** What ended the login, where it was not a refusal: a disconnection, say. */
  readonly cause: unknown;
}

/** `auth_failed`: which identities were offered, why each failed, and what to do. Holds no key material. */
export function authError(settings: HostSettings, login: FailedLogin): ScoutError {
  const { alias, user } = settings;
  const tried = login.identities.map(describe);
  if (login.agentProblem !== undefined) tried.push(`ssh-agent (${login.agentProblem})`);
  const offered = tried.length > 0 ? tried.join('; ') : 'there is no identity to offer';
  const ended = /too many auth/i.test(messageOf(login.cause)) ? ' after too many attempts' : '';
  return new ScoutError(
    'auth_failed',
    `${alias} refused the login as ${user}${ended}: ${offered}`,
    fixFor(settings, login),
    login.leftToOpenssh ?? login.cause,
  );
}

function describe({ source, label, type, fingerprint, outcome }: IdentityReport): string {
  const from = source === 'agent' ? `${label || 'a key'} from the agent` : label;
  const key = type === undefined ? '' : ` ${type}${fingerprint === undefined ? '' : ` ${fingerprint}`}`;
  return `${from}${key} (${outcome})`;
}

/** What a server may take in the place of keys (RFC 4252, 4256, 4462): a list of a server's may hold any words. */
const knownMethods = ['password', 'keyboard-interactive', 'gssapi-with-mic', 'hostbased'];

/** The first step that may help: what can be repaired here goes before what must be changed on the server. */
function fixFor(
  settings: HostSettings,
  { identities, agentProblem, serverMethods, cause }: FailedLogin,
): string {
  const { alias, user } = settings;
  const repairable = identities.find(({ fix }) => fix !== undefined)?.fix;
  if (/too many auth/i.test(messageOf(cause))) {
    return `Name the right key by IdentityFile for ${alias} in the ssh configuration and set IdentitiesOnly yes.`;
  }
  if (repairable !== undefined) return repairable;
  if (serverMethods && !serverMethods.includes('publickey')) {
    const methods = knownMethods.filter((method) => serverMethods.includes(method)).join(', ') || 'nothing';
    return `The server takes ${methods} for ${user} but no keys, and scout-mcp never sends passwords: allow PubkeyAuthentication there, or log in as another user.`;
  }
  const offered = identities.find(({ outcome }) => outcome === 'refused by the server');
  if (!offered && agentProblem !== undefined) {
    return 'Start ssh-agent and load a key (`ssh-add`), or correct SSH_AUTH_SOCK or IdentityAgent.';
  }
  if (!offered) {
    return `Name a private key by IdentityFile for ${alias} in the ssh configuration, or load one into ssh-agent with ssh-add.`;
  }
  return `Add the public key of one of them to ~/.ssh/authorized_keys of ${user} on ${alias} (\`ssh-copy-id ${alias}\`), or name the right key by IdentityFile.`;
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : '';
}
