import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterwards } from '../../fixtures/janitor.ts';
import { generateKey, publicKey } from '../../fixtures/keys.ts';
import { makeUser, type Sshd, startSshd } from '../../fixtures/sshd.ts';
import { type Agent, startAgent } from '../auth/agent.ts';
import type { KeyKind } from './cells.ts';

/** A server that serves as jump, with the one user and the one key that the cells use there. */
export interface Hop {
  readonly sshd: Sshd;
  readonly user: string;
  readonly key: string;
}

/** The servers, keys and agents that all cells share. */
export interface World {
  readonly directory: string;
  readonly target: Sshd;
  readonly rsaOnly: Sshd;
  /** Its host key (`certified.hostKeyLines` is empty) has a certificate of `hostAuthority`. */
  readonly certified: Sshd;
  readonly certifiedKey: string;
  readonly hostAuthority: string;
  readonly hops: readonly [Hop, Hop, Hop];
  /** A key that no server takes and none has. */
  readonly stranger: string;
  readonly keys: Readonly<Record<KeyKind, string>>;
  /** An agent with a stranger's key and this one. */
  agentWith(key: KeyKind): Promise<Agent>;
  /** An agent that has more keys than a server listens to (MaxAuthTries of sshd_config(5)), this one the last. */
  crowdedAgentWith(key: KeyKind): Promise<Agent>;
  stop(): Promise<void>;
}

const passphrase = 'correct horse';
const maxAuthTries = 6;

export async function makeWorld(): Promise<World> {
  const directory = mkdtempSync(join(tmpdir(), 'scout-matrix-'));
  chmodSync(directory, 0o755);
  const cleanUp = afterwards(`rm -rf '${directory}'`);
  const at = (name: string) => join(directory, name);
  for (const name of ['stranger', 'user_authority', 'host_authority', 'certified_key', 'certified_user']) {
    generateKey(at(name), 'ed25519');
  }
  sign(at('user_authority'), at('certified_user'), ['-n', userInfo().username]);
  sign(at('host_authority'), at('certified_key'), ['-h', '-n', '127.0.0.1']);
  generateKey(at('encrypted'), 'ed25519', passphrase);
  const pkcs8 = {
    ed25519: writePkcs8(at('ed25519_pkcs8'), 'ed25519'),
    rsa: writePkcs8(at('rsa_pkcs8'), 'rsa'),
  };

  const config = [`TrustedUserCAKeys ${at('user_authority')}.pub`, `MaxAuthTries ${maxAuthTries}`];
  const authorizedKeys = (own: Readonly<Record<string, string>>) => [
    ...Object.values(own),
    publicKey(at('encrypted')),
    ...Object.values(pkcs8),
  ];
  const [alice, bob] = await Promise.all([makeUser(), makeUser()]);
  const [target, rsaOnly, certified, hop1, hop2, hop3] = await Promise.all([
    startSshd({ config, authorizedKeys, hostKeys: ['ed25519', 'rsa'] }),
    startSshd({
      config: [...config, 'PubkeyAcceptedAlgorithms rsa-sha2-512,rsa-sha2-256'],
      authorizedKeys,
      hostKeys: ['rsa'],
    }),
    startSshd({
      config: [
        ...config,
        `HostKey ${at('certified_key')}`,
        `HostCertificate ${at('certified_key')}-cert.pub`,
      ],
      authorizedKeys,
      hostKeys: [],
    }),
    startSshd({ authorizedKeys: ({ ed25519 }) => [ed25519], config: [`AllowUsers ${alice.name}`] }),
    startSshd({ authorizedKeys: ({ ecdsa }) => [ecdsa], config: [`AllowUsers ${bob.name}`] }),
    startSshd({ authorizedKeys: ({ rsa }) => [rsa], config: [`AllowUsers ${userInfo().username}`] }),
  ]);

  const keys: World['keys'] = {
    ...target.keys,
    'ed25519 PKCS8': at('ed25519_pkcs8'),
    'rsa PKCS8': at('rsa_pkcs8'),
    encrypted: at('encrypted'),
    'user certificate': at('certified_user'),
    'rsa, on a server of RSA alone': target.keys.rsa,
  };
  const agents = new Map<string, Promise<Agent>>();
  const agent = async (strangers: number, key: KeyKind) => {
    const id = `${strangers} ${key}`;
    const made = agents.get(id) ?? startAgent().then((each) => filled(each, directory, strangers, keys[key]));
    agents.set(id, made);
    return await made;
  };
  return {
    directory,
    target,
    rsaOnly,
    certified,
    certifiedKey: at('certified_key'),
    hostAuthority: at('host_authority'),
    hops: [
      { sshd: hop1, user: alice.name, key: hop1.keys.ed25519 },
      { sshd: hop2, user: bob.name, key: hop2.keys.ecdsa },
      { sshd: hop3, user: userInfo().username, key: hop3.keys.rsa },
    ],
    stranger: at('stranger'),
    keys,
    agentWith: (key) => agent(1, key),
    crowdedAgentWith: (key) => agent(maxAuthTries, key),
    async stop() {
      const running = await Promise.all(agents.values());
      await Promise.all(
        [target, rsaOnly, certified, hop1, hop2, hop3, ...running].map((each) => each.stop()),
      );
      await Promise.all([alice.remove(), bob.remove()]);
      await cleanUp();
    },
  };
}

/** A certificate `KEY-cert.pub`, by ssh-keygen(1). */
function sign(authority: string, key: string, words: readonly string[]): void {
  execFileSync('ssh-keygen', ['-q', '-s', authority, '-I', 'matrix', ...words, `${key}.pub`]);
}

/** A key file in PKCS8 (RFC 5958), alone; its public half, `TYPE BASE64`. */
function writePkcs8(path: string, type: 'ed25519' | 'rsa'): string {
  if (type === 'rsa') {
    generateKey(path, 'rsa');
    const half = publicKey(path);
    execFileSync('ssh-keygen', ['-q', '-p', '-N', '', '-m', 'PKCS8', '-f', path]);
    rmSync(`${path}.pub`);
    return half;
  }
  const { privateKey, publicKey: half } = generateKeyPairSync('ed25519');
  writeFileSync(path, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  const point = Buffer.from(half.export({ format: 'jwk' }).x ?? '', 'base64url');
  const fields = [Buffer.from('ssh-ed25519'), point]; // RFC 8709 section 4
  const blob = Buffer.concat(fields.flatMap((field) => [Buffer.of(0, 0, 0, field.length), field]));
  return `ssh-ed25519 ${blob.toString('base64')}`;
}

function filled(agent: Agent, directory: string, strangers: number, key: string): Agent {
  for (let made = 1; made <= strangers; made += 1) {
    const path = join(mkdtempSync(join(directory, 'agent-')), 'stranger');
    generateKey(path, 'ed25519');
    agent.add(path);
  }
  const askpass = join(directory, 'askpass');
  writeFileSync(askpass, `#!/bin/sh\necho ${passphrase}\n`, { mode: 0o755 });
  agent.sshAdd({ SSH_ASKPASS: askpass, SSH_ASKPASS_REQUIRE: 'force' }, '-q', key);
  return agent;
}

/** A copy of a key file that others may read, without the `.pub` and certificate beside it. */
export function openCopy(key: string, place: string): string {
  const path = join(place, 'open_key');
  copyFileSync(key, path);
  chmodSync(path, 0o644);
  return path;
}

/** The path of a key of which only the public half, and the certificate, are there. */
export function publicCopy(key: string, place: string): string {
  const path = join(place, 'public_key');
  for (const end of ['.pub', '-cert.pub']) {
    if (existsSync(`${key}${end}`)) copyFileSync(`${key}${end}`, `${path}${end}`);
  }
  return path;
}
