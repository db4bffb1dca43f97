import { ScoutError } from '../../errors.ts';
import type { HostBook } from '../hosts/host-book.ts';
import type { HostSettings } from '../hosts/settings.ts';

const maxJumps = 8;

/**
 * The settings of every hop to a host, the first one first and the host itself last. The last jump's own way
 * counts for those before it, as `ssh -J a,b` would connect. Rejects as HostBook.resolve does, and with ScoutError
 * `proxy_failed` where the jumps never end.
 */
export async function hopsTo(
  hosts: HostBook,
  alias: string,
  signal: AbortSignal,
): Promise<readonly [HostSettings, ...HostSettings[]]> {
  let first = await hosts.resolve(alias, signal);
  const hops: [HostSettings, ...HostSettings[]] = [first];
  for (let spec = first.proxyJump.at(-1); spec; spec = first.proxyJump.at(-1)) {
    const jump = await hosts.resolveJump(spec, signal, first.proxyJump.slice(0, -1));
    if (hops.length > maxJumps) {
      throw new ScoutError(
        'proxy_failed',
        `${alias}: its jumps lead in a circle or are more than ${maxJumps}`,
        'Correct ProxyJump in the ssh configuration.',
      );
    }
    first = jump;
    hops.unshift(jump);
  }
  return hops;
}
