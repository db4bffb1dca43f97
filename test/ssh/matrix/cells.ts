import type { ErrorCode } from '../../../src/errors.ts';

export const keyKinds = [
  'ed25519',
  'ecdsa',
  'rsa',
  'ed25519 PKCS8',
  'rsa PKCS8',
  'encrypted',
  'user certificate',
  'rsa, on a server of RSA alone',
] as const;

export const authKinds = [
  'file',
  'agent',
  'crowded agent',
  'agent and IdentitiesOnly',
  'agent and IdentitiesOnly for another key',
  'agent and .pub alone',
  'IdentityAgent none',
  'IdentityAgent none and file',
  'wrong key',
  'wrong key, then the right one',
  'open permissions',
  'open permissions and agent',
  'no key',
] as const;

export const hostKeyStates = [
  'known',
  'known, hashed',
  'known by another type',
  'known without the port',
  'unknown: yes',
  'unknown: accept-new',
  'unknown: no',
  'changed: yes',
  'changed: accept-new',
  'changed: no',
  'revoked: yes',
  'revoked: no',
  'certificate of a known authority',
  'certificate of another authority',
  'certificate, key known',
  'known under HostKeyAlias',
  'unknown under HostKeyAlias',
] as const;

export const paths = [
  'direct',
  'one jump',
  'three jumps',
  'list of jumps',
  'ProxyCommand',
  'ProxyJump none',
  'ProxyCommand that fails',
  'jump that refuses the login',
  'jump with unknown key',
  'jump with changed key',
  'jump that is down',
] as const;

export type KeyKind = (typeof keyKinds)[number];
type AuthKind = (typeof authKinds)[number];
export type HostKeyState = (typeof hostKeyStates)[number];
type Path = (typeof paths)[number];

export interface Cell {
  readonly key: KeyKind;
  readonly auth: AuthKind;
  readonly hostKey: HostKeyState;
  readonly path: Path;
  readonly expected: 'works' | ErrorCode;
  /** The first OpenSSH that can read the key, 100 × major + minor; older ones refuse where ssh2 works. */
  readonly sinceOpenssh?: number;
}

export const nameOf = ({ key, auth, hostKey, path }: Cell) => [key, auth, hostKey, path].join(' | ');

/** What is not said is the plainest: an ed25519 key file, a known host, no jump, and it works. */
function cell(changes: Partial<Cell>): Cell {
  return { key: 'ed25519', auth: 'file', hostKey: 'known', path: 'direct', expected: 'works', ...changes };
}

const auth_failed = { expected: 'auth_failed' } as const;

export const cells: readonly Cell[] = [
  // keys, by file and by agent
  cell({}),
  cell({ auth: 'agent' }),
  cell({ key: 'ecdsa', auth: 'agent', hostKey: 'known, hashed' }),
  cell({ key: 'rsa', path: 'one jump' }),
  cell({ key: 'rsa', auth: 'agent', path: 'three jumps' }),
  cell({ key: 'ed25519 PKCS8', sinceOpenssh: 906 }),
  cell({ key: 'rsa PKCS8' }),
  cell({ key: 'rsa PKCS8', auth: 'agent', path: 'ProxyCommand' }),
  cell({ key: 'encrypted', ...auth_failed }),
  cell({ key: 'encrypted', auth: 'agent' }),
  cell({ key: 'encrypted', auth: 'agent and IdentitiesOnly', path: 'list of jumps' }),
  cell({ key: 'user certificate' }),
  cell({ key: 'user certificate', auth: 'agent', hostKey: 'certificate of a known authority' }),
  cell({ key: 'user certificate', auth: 'agent and .pub alone', path: 'one jump' }),
  cell({ key: 'rsa, on a server of RSA alone' }),
  cell({ key: 'rsa, on a server of RSA alone', auth: 'agent', hostKey: 'unknown: accept-new' }),
  cell({ key: 'rsa, on a server of RSA alone', hostKey: 'changed: yes', expected: 'host_key_changed' }),
  // ways to offer them
  cell({ auth: 'crowded agent', ...auth_failed }),
  cell({ auth: 'agent and IdentitiesOnly' }),
  cell({ auth: 'agent and IdentitiesOnly for another key', ...auth_failed }),
  cell({ auth: 'agent and .pub alone', hostKey: 'known, hashed' }),
  cell({ auth: 'IdentityAgent none', ...auth_failed }),
  cell({ auth: 'IdentityAgent none and file', path: 'one jump' }),
  cell({ auth: 'wrong key', ...auth_failed }),
  cell({ auth: 'wrong key', path: 'one jump', ...auth_failed }),
  cell({ auth: 'wrong key, then the right one', key: 'rsa' }),
  cell({ auth: 'open permissions', ...auth_failed }),
  cell({ auth: 'open permissions', key: 'user certificate', ...auth_failed }),
  cell({ auth: 'open permissions and agent' }),
  cell({ auth: 'no key', path: 'ProxyCommand', ...auth_failed }),
  // host keys
  cell({ hostKey: 'known by another type' }),
  cell({ hostKey: 'known without the port', path: 'one jump' }),
  cell({ hostKey: 'unknown: yes', expected: 'host_key_unknown' }),
  cell({ hostKey: 'unknown: yes', path: 'three jumps', expected: 'host_key_unknown' }),
  cell({ hostKey: 'unknown: accept-new' }),
  cell({ hostKey: 'unknown: accept-new', path: 'list of jumps' }),
  cell({ hostKey: 'unknown: accept-new', auth: 'wrong key', ...auth_failed }),
  cell({ hostKey: 'unknown: no', path: 'ProxyCommand' }),
  cell({ hostKey: 'changed: accept-new', path: 'one jump', expected: 'host_key_changed' }),
  cell({ hostKey: 'changed: no' }),
  cell({ hostKey: 'revoked: yes', expected: 'host_key_revoked' }),
  cell({ hostKey: 'revoked: no', path: 'ProxyCommand' }),
  cell({ hostKey: 'certificate of a known authority', path: 'one jump' }),
  cell({ hostKey: 'certificate of another authority', expected: 'host_key_unknown' }),
  cell({ hostKey: 'certificate, key known' }),
  cell({ hostKey: 'known under HostKeyAlias', path: 'one jump' }),
  cell({ hostKey: 'unknown under HostKeyAlias', expected: 'host_key_unknown' }),
  // ways to the host
  cell({ path: 'three jumps', key: 'ecdsa' }),
  cell({ path: 'ProxyCommand', key: 'ecdsa', hostKey: 'known, hashed' }),
  cell({ path: 'ProxyJump none' }),
  cell({ path: 'ProxyCommand that fails', expected: 'proxy_failed' }),
  cell({ path: 'jump that refuses the login', ...auth_failed }),
  cell({ path: 'jump with unknown key', expected: 'host_key_unknown' }),
  cell({ path: 'jump with unknown key', hostKey: 'unknown: no', expected: 'host_key_unknown' }),
  cell({ path: 'jump with changed key', expected: 'host_key_changed' }),
  cell({ path: 'jump that is down', expected: 'unreachable' }),
];
