import { createHash } from 'node:crypto';
import { ScoutError } from '../../errors.ts';
import type { HostBook } from '../hosts/host-book.ts';
import type { HostSettings } from '../hosts/settings.ts';

const maxJumps = 8;

/** A host and the way to it. */
export interface Route {
  /** Its fingerprint covers those of its jumps: where one of them changes, the way leads to another machine. */
  readonly settings: HostSettings;
  /** To the last jump, where there is one. */
  readonly via: Route | undefined;
}

/**
 * The way to a host through its jumps, each with its own settings; every earlier jump is the jump of the next, as
 * `ssh -J a,b` would connect. Rejects as HostBook.resolveJump does, and with ScoutError `proxy_failed` where the
 * jumps are endless.
 */
export async function routeTo(
  hosts: Pick<HostBook, 'resolveJump'>,
  settings: HostSettings,
  signal: AbortSignal,
  behind: readonly string[] = [],
): Promise<Route> {
  const last = settings.proxyJump.at(-1);
  if (!last) return { settings, via: undefined };
  const seen = [...behind, settings.fingerprint];
  const jump = await hosts.resolveJump(last, signal, settings.proxyJump.slice(0, -1));
  if (seen.length > maxJumps || seen.includes(jump.fingerprint)) throw endlessJumps(settings.alias);
  const via = await routeTo(hosts, jump, signal, seen);
  return { settings: { ...settings, fingerprint: digest(settings, via.settings) }, via };
}

function digest(...hops: readonly HostSettings[]): string {
  const hash = createHash('sha256');
  for (const { fingerprint } of hops) hash.update(fingerprint);
  return hash.digest('hex');
}

function endlessJumps(alias: string): ScoutError {
  return new ScoutError(
    'proxy_failed',
    `${alias}: its jumps lead in a circle or are more than ${maxJumps}`,
    'Correct ProxyJump in the ssh configuration.',
  );
}
