import type { HostSettings } from '../hosts/settings.ts';
import type { KnownKey } from './known-hosts-line.ts';

/** OpenSSH's default order of the plain algorithms that ssh2 has too. */
const defaults = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
] as const;

/** Off by default in OpenSSH; used where the configuration names them. */
const onRequest = ['ssh-rsa', 'ssh-dss'] as const;

/**
 * Host key algorithms in the order that ssh(1) offers: where the preferred one is known, or where the user set
 * an order, that order; else the algorithms of known keys first. Otherwise a host known by its RSA key would
 * answer with another key and look changed.
 */
export function hostKeyAlgorithms(
  { hostKeyAlgorithms: configured, hostKeyOrderIsGiven }: HostSettings,
  known: readonly KnownKey[],
): readonly string[] {
  const preferred = configured ? supported(configured) : defaults;
  const types = new Set(known.filter((key) => key.marker === 'none').map((key) => key.type));
  const isKnown = (algorithm: string) => types.has(keyTypeFor(algorithm));
  const [first] = preferred;
  if (hostKeyOrderIsGiven || first === undefined || isKnown(first)) return preferred;
  return [...preferred.filter(isKnown), ...preferred.filter((algorithm) => !isKnown(algorithm))];
}

function supported(configured: readonly string[]): readonly string[] {
  const all: readonly string[] = [...defaults, ...onRequest];
  return configured.filter(
    (algorithm, index) => all.includes(algorithm) && configured.indexOf(algorithm) === index,
  );
}

/** The type of the keys that an algorithm signs with (RFC 8332 section 3). */
export function keyTypeFor(algorithm: string): string {
  return algorithm.startsWith('rsa-sha2-') ? 'ssh-rsa' : algorithm;
}
