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
  configured: readonly string[] | undefined,
  known: readonly KnownKey[],
): readonly string[] {
  const preferred = configured ? supported(configured) : defaults;
  const types = new Set(known.filter((key) => key.marker === 'none').map((key) => key.type));
  const isKnown = (algorithm: string) => types.has(keyTypeFor(algorithm));
  const [first] = preferred;
  if (first === undefined || isKnown(first) || !isInDefaultOrder(preferred)) return preferred;
  return [...preferred.filter(isKnown), ...preferred.filter((algorithm) => !isKnown(algorithm))];
}

function supported(configured: readonly string[]): readonly string[] {
  const all: readonly string[] = [...defaults, ...onRequest];
  return configured.filter(
    (algorithm, index) => all.includes(algorithm) && configured.indexOf(algorithm) === index,
  );
}

/** `+` and `-` lists keep the default order, and ssh(1) reorders them; the user's own order stays. */
function isInDefaultOrder(algorithms: readonly string[]): boolean {
  const order: readonly string[] = [...defaults, ...onRequest];
  const places = algorithms.map((algorithm) => order.indexOf(algorithm));
  return places.every((place, index) => index === 0 || place > (places[index - 1] ?? -1));
}

function keyTypeFor(algorithm: string): string {
  return algorithm.startsWith('rsa-sha2-') ? 'ssh-rsa' : algorithm;
}
