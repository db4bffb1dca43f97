import type { Context } from '../context.ts';
import { type Hardening, hardening } from '../ssh/harden/hardening.ts';
import { seenAddress } from '../ssh/harden/seen-address.ts';

export interface HardenedHost extends Hardening {
  readonly host: string;
}

/**
 * What to paste where, so that `host` gets an account that can look and do nothing else. Changes nothing, and
 * connects to no host. Rejects with ScoutError `invalid_argument`, `dns_failed`, or the signal's reason.
 */
export async function hardenHost(
  { hosts, config }: Pick<Context, 'hosts' | 'config'>,
  host: string,
  account: string,
  signal: AbortSignal,
): Promise<HardenedHost> {
  const settings = await hosts.resolve(host, signal);
  const last = settings.proxyJump.at(-1);
  const before = settings.proxyJump.slice(0, -1);
  const jump = last && (await hosts.resolveJump(last, signal, before));
  const seen = await seenAddress(settings, jump);
  return { host, ...(await hardening(settings, seen, account, config.maxChannelsPerHost)) };
}
