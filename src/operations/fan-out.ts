import type { AuditOutcome } from '../audit.ts';
import { type Call, withLimit } from '../call.ts';
import type { Context } from '../context.ts';
import { asScoutError, ScoutError } from '../errors.ts';
import { formatDuration } from '../units.ts';
import { auditHost, type HostRecord } from './audit-host.ts';
import { nameHost } from './name-host.ts';

export type HostOutcome<T> = { readonly host: string; readonly durationMs: number } & (
  | { readonly value: T }
  | { readonly error: ScoutError }
);

/** After its deadline a host may take this part of the call's time, or so long at most, to hand in what it has. */
const graceShare = 0.02;
const graceMsAtMost = 200;

/** What one host may use of what the call has. */
export interface Share {
  readonly call: Call;
  readonly bytes: number;
}

/**
 * Work on many hosts, SCOUT_FANOUT at once, in their order. Each host has SCOUT_COMMAND_TIMEOUT (or `limitMs`)
 * from the moment its turn comes and an equal share of SCOUT_MAX_OUTPUT_SIZE; a failing host costs only its own
 * outcome. At the call's deadline what there is is the answer, whether the work heeds its signal or not. Every
 * error names its host; `record` is what the audit log says of each, `moreTime` how the caller gets a later limit.
 * Rejects only when the call is cancelled.
 */
export async function fanOut<T>(
  context: Context,
  call: Call,
  hosts: readonly string[],
  work: (host: string, share: Share) => Promise<T>,
  record: HostRecord<T>,
  limitMs: number = context.config.commandTimeoutMs,
  moreTime = 'raise SCOUT_COMMAND_TIMEOUT',
): Promise<readonly HostOutcome<T>[]> {
  const outcomes = new Array<HostOutcome<T>>(hosts.length);
  const bytes = Math.max(1024, Math.floor(context.config.maxOutputSizeBytes / hosts.length));
  let next = 0;
  let done = 0;
  call.progress({ done, total: hosts.length });
  const worker = async () => {
    for (let index = next++; index < hosts.length; index = next++) {
      const host = hosts[index] as string; // index is below the length
      const ownWork = (part: Call) => work(host, { call: part, bytes });
      const outcome = await onHost(context, call, host, record, limitMs, moreTime, ownWork);
      outcomes[index] = outcome;
      if ('error' in outcome) {
        const { code, cause } = outcome.error;
        context.observe({ kind: 'failed', host, code, durationMs: outcome.durationMs, cause });
      }
      done += 1;
      call.progress({ done, total: hosts.length, message: host });
    }
  };
  await Promise.all(Array.from({ length: Math.min(context.config.fanout, hosts.length) }, worker));
  if (call.signal.aborted && isCancellation(call.signal.reason)) throw call.signal.reason;
  return outcomes;
}

async function onHost<T>(
  context: Context,
  call: Call,
  host: string,
  record: HostRecord<T>,
  limitMs: number,
  moreTime: string,
  work: (part: Call) => Promise<T>,
): Promise<HostOutcome<T>> {
  const startedMs = performance.now();
  if (call.signal.aborted) return { host, durationMs: 0, error: outOfTurn(host) };
  const graceMs = Math.min(graceMsAtMost, context.config.callTimeoutMs * graceShare);
  const span = call.span.child('host', { host });
  const ended = (bytes: number) => {
    const durationMs = performance.now() - startedMs;
    context.observe({ kind: 'worked', host, durationMs, bytes });
    return { host, durationMs };
  };
  try {
    const value = await auditHost(call.audit, host, record, () =>
      withLimit({ ...call, span }, limitMs, () => timedOut(host, limitMs, moreTime), work, graceMs),
    );
    const facts = factsOf(record.outcomes(value, host));
    span.end(undefined, facts);
    return { ...ended(facts.bytes), value };
  } catch (thrown) {
    const error = nameHost(host, asScoutError(thrown));
    span.end(error);
    return { ...ended(0), error };
  }
}

function factsOf(outcomes: readonly AuditOutcome[]): { bytes: number; exit_code?: number } {
  const bytes = outcomes.reduce((sum, outcome) => sum + outcome.bytes, 0);
  const exitCode = outcomes.find((outcome) => outcome.exitCode !== undefined)?.exitCode;
  return { bytes, ...(exitCode !== undefined && { exit_code: exitCode }) };
}

function isCancellation(reason: unknown): boolean {
  return reason instanceof ScoutError && reason.code === 'cancelled';
}

function timedOut(host: string, limitMs: number, moreTime: string): ScoutError {
  return new ScoutError(
    'command_timeout',
    `${host} did not finish within ${formatDuration(limitMs)}`,
    `Ask for less, or ${moreTime}.`,
  );
}

function outOfTurn(host: string): ScoutError {
  return new ScoutError(
    'command_timeout',
    `the call ended before the turn of ${host} came`,
    'Ask fewer hosts at once, or raise SCOUT_CALL_TIMEOUT or SCOUT_FANOUT.',
  );
}
