import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { abortReason, raceAbort } from '../../call.ts';
import { asScoutError, type ScoutError } from '../../errors.ts';
import type { Connection } from '../engine.ts';
import type { HostSettings } from '../hosts/settings.ts';
import { dialHost } from '../pool/dial-host.ts';
import type { Engine } from '../pool/engines.ts';
import { failed, type HopStepName, hopSteps, passed, type Step, skipped } from './diagnosis.ts';
import type { SeenKey, WatchedGate } from './watched-gate.ts';
import { whyDropped } from './why-dropped.ts';

const viaProxyCommand = ' through its ProxyCommand';

export interface Walked {
  readonly steps: readonly Step[];
  /** Undefined where a step failed. */
  readonly connection: Connection | undefined;
}

export interface HopTools {
  readonly engine: Engine;
  /** Connect and log in, as every tool does. */
  readonly dial: (signal: AbortSignal) => Promise<Connection>;
  readonly gate: WatchedGate;
  /** Name, TCP, key exchange and login of this hop alone, in ms. */
  readonly limitMs: number;
}

/** What is known when a dial has ended. */
interface Dialed {
  readonly settings: HostSettings;
  /** How the host is reached, for a person. */
  readonly through: string;
  readonly dnsDetail: string;
  readonly dnsMs: number | undefined;
  readonly startedMs: number;
  readonly endedMs: number;
  readonly key: SeenKey | undefined;
}

/**
 * Log in at one hop, through the connection to the one before it, by the engine that every tool uses: one
 * connection, one login. Rejects with the signal's reason only.
 */
export async function walkHop(
  settings: HostSettings,
  via: { readonly connection: Connection; readonly alias: string } | undefined,
  { engine, dial, gate, limitMs }: HopTools,
  signal: AbortSignal,
): Promise<Walked> {
  const makesJumps = engine === 'openssh' && settings.proxyJump.length > 0;
  const before = makesJumps ? 'the installed ssh' : via?.alias;
  const named = await lookUp(settings, before, signal);
  const startedMs = performance.now();
  const known = () => ({
    settings,
    through: throughOf(settings, before),
    ...named,
    startedMs,
    endedMs: performance.now(),
    key: gate.seen(settings),
  });
  try {
    const connection = await dialHost(
      settings,
      {
        limitMs,
        jump: async () => undefined, // it is open already, and this hop has its time for itself
        dial: (_none, part) => dial(part),
        observe: () => {},
      },
      signal,
    );
    return { connection, steps: whenOpen(known(), connection) };
  } catch (thrown) {
    if (signal.aborted) throw abortReason(signal);
    const error = asScoutError(thrown);
    const dialed = known();
    const at = stepOf(error, dialed.key);
    const isDrop = at === 'tcp' && (error.code === 'unreachable' || error.code === 'connect_timeout');
    const why = isDrop ? await whyDropped(settings, via?.connection, signal) : undefined;
    return { connection: undefined, steps: whenFailed(dialed, at, why ?? error) };
  }
}

/** The name service as connect(2) will use it. A failure is left to the dial, whose error says what to do. */
async function lookUp(
  { hostName, addressFamily, proxyCommand }: HostSettings,
  jump: string | undefined,
  signal: AbortSignal,
): Promise<{ dnsDetail: string; dnsMs: number | undefined }> {
  if (jump !== undefined) return { dnsDetail: `left to ${jump}`, dnsMs: undefined };
  if (proxyCommand !== undefined) return { dnsDetail: 'left to its ProxyCommand', dnsMs: undefined };
  if (isIP(hostName) !== 0) return { dnsDetail: 'an address, nothing to look up', dnsMs: undefined };
  const startedMs = performance.now();
  const family = { any: 0, inet: 4, inet6: 6 }[addressFamily];
  const found = await raceAbort(
    lookup(hostName, { family, all: true }).catch(() => []),
    signal,
  );
  const addresses = found.map(({ address }) => address).join(', ');
  return { dnsDetail: `${hostName} is ${addresses}`, dnsMs: performance.now() - startedMs };
}

function throughOf({ proxyCommand }: HostSettings, jump: string | undefined): string {
  if (jump !== undefined) return ` through ${jump}`;
  return proxyCommand === undefined ? '' : viaProxyCommand;
}

function stepOf(error: ScoutError, key: SeenKey | undefined): HopStepName {
  if (error.code === 'dns_failed') return 'dns';
  if (error.code === 'auth_failed') return 'auth';
  if (key) return key.accepted ? 'auth' : 'host_key';
  return error.code.startsWith('host_key') || isKeyExchange(error.cause) ? 'host_key' : 'tcp';
}

/** The server was reached, and both sides could not agree before it showed a key. */
function isKeyExchange(cause: unknown): boolean {
  return cause instanceof Error && 'level' in cause && cause.level === 'handshake';
}

function whenOpen(dialed: Dialed, connection: Connection): readonly Step[] {
  const isMeasured = dialed.through !== viaProxyCommand;
  return hopSteps.map((name) => whenPassed(name, dialed, isMeasured ? connection.roundTripMs : undefined));
}

function whenFailed(dialed: Dialed, at: HopStepName, error: ScoutError): readonly Step[] {
  const { alias } = dialed.settings;
  const index = hopSteps.indexOf(at);
  const sinceMs = at === 'auth' && dialed.key ? dialed.key.atMs : dialed.startedMs;
  const durationMs = dialed.endedMs - sinceMs + (at === 'dns' ? (dialed.dnsMs ?? 0) : 0);
  return [
    ...hopSteps.slice(0, index).map((name) => whenPassed(name, dialed, undefined)),
    failed(at, alias, error, durationMs),
    ...skipped(hopSteps.slice(index + 1), alias),
  ];
}

function whenPassed(name: HopStepName, dialed: Dialed, roundTripMs: number | undefined): Step {
  const { settings, through, dnsDetail, dnsMs, startedMs, endedMs, key } = dialed;
  const { alias, hostName, port, user } = settings;
  switch (name) {
    case 'dns':
      return passed(name, alias, dnsDetail, dnsMs);
    case 'tcp':
      return passed(name, alias, `${hostName} port ${port}${through}`, roundTripMs);
    case 'host_key':
      if (!key) return passed(name, alias, 'checked by the installed ssh');
      return passed(name, alias, key.name, key.atMs - startedMs - (roundTripMs ?? 0));
    case 'auth':
      return passed(name, alias, `logged in as ${user}`, endedMs - (key?.atMs ?? startedMs));
  }
}
