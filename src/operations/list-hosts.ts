import type { Call } from '../call.ts';
import type { Context } from '../context.ts';
import { type ErrorCode, ScoutError } from '../errors.ts';
import type { RemoteText } from '../remote-text.ts';
import { readBanner } from '../ssh/connection/probe.ts';
import type { ListedHost } from '../ssh/hosts/host-listing.ts';
import type { HostState } from '../ssh/pool/session-pool.ts';
import { fanOut } from './fan-out.ts';

const probeMs = 3_000;

export interface HostProbe {
  /** What the server says first (RFC 4253 section 4.2), when it answered. */
  readonly banner?: RemoteText;
  readonly failed?: ErrorCode;
  /** The jump that was probed in the host's place. */
  readonly jump?: string;
  readonly durationMs: number;
}

export interface HostRow {
  /** Only alias and address for a name that a wildcard `Host` pattern covers: it is not listed. */
  readonly listed: Pick<ListedHost, 'alias' | 'hostName'> & Partial<ListedHost>;
  readonly state: HostState;
  readonly probe?: HostProbe;
}

/**
 * The hosts of the ssh configuration, or those of `hosts`, with what is known of them. Without `probe` no
 * packet is sent; with it, TCP and the banner (of the first jump, where there are jumps), 3 s a host, never a
 * login. Throws ScoutError `unknown_host`.
 */
export async function listHosts(
  context: Context,
  input: { readonly hosts?: string | undefined; readonly probe?: boolean | undefined },
  call: Call,
): Promise<readonly HostRow[]> {
  const listed = new Map((await context.hosts.list()).map((host) => [host.alias, host]));
  const aliases = input.hosts === undefined ? [...listed.keys()] : await context.hosts.select(input.hosts);
  const rows = aliases.map((alias) => ({
    listed: listed.get(alias) ?? { alias, hostName: alias },
    state: context.pool.state(alias),
  }));
  if (!input.probe) return rows;
  const outcomes = await fanOut(
    context,
    call,
    aliases,
    (host, { call: part }) => probe(context, host, part),
    {
      actions: () => [{ probe: true }],
      outcomes: ({ banner }) => [{ outcome: 'ok', bytes: Buffer.byteLength(banner) }],
    },
    probeMs,
  );
  return rows.map((row, index) => {
    const outcome = outcomes[index];
    if (!outcome) return row;
    const found = 'value' in outcome ? outcome.value : { failed: failureOf(outcome.error) };
    return { ...row, probe: { ...found, durationMs: outcome.durationMs } };
  });
}

async function probe(
  context: Context,
  alias: string,
  call: Call,
): Promise<{ banner: RemoteText; jump?: string }> {
  let settings = await context.hosts.resolve(alias, call.signal);
  let jump: string | undefined;
  for (let hops = 0; settings.proxyJump[0] && hops < 8; hops += 1) {
    jump = settings.proxyJump[0].host;
    settings = await context.hosts.resolveJump(settings.proxyJump[0], call.signal);
  }
  if (settings.proxyCommand !== undefined) {
    const why = 'is reached by a ProxyCommand, which a probe does not run';
    throw new ScoutError('not_available', `${alias} ${why}`, 'Read something on it instead.');
  }
  const banner = await readBanner(settings, call.signal);
  return { banner, ...(jump !== undefined && { jump }) };
}

/** A probe that takes longer than 3 s found nobody. */
function failureOf(error: ScoutError): ErrorCode {
  return error.code === 'command_timeout' ? 'connect_timeout' : error.code;
}
