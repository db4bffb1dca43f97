import { randomBytes } from 'node:crypto';
import { abortReason, type Call, type Progress, raceAbort, untraced, withTimeout } from '../call.ts';
import { ScoutError } from '../errors.ts';
import { formatDuration } from '../units.ts';

/** Who asked: an MCP client or a person at a shell. */
export interface Caller {
  /** Aborts when the caller no longer wants the answer. */
  readonly signal: AbortSignal;
  readonly progress?: (progress: Progress) => void;
  /** The W3C trace context that the call came with. */
  readonly traceparent?: string;
  /** Told the correlation id of the call. */
  readonly begun?: (callId: string) => void;
}

/** What a call is known by, and where it says what it does. */
export type CallRecord = Pick<Call, 'id' | 'audit'> & { readonly span?: Call['span'] };

/** Of the call's time, what is left for making the answer of what was gathered. */
const answerShare = 0.05;
const answerMsAtMost = 1_000;

/** A correlation id. */
export function newCallId(): string {
  return randomBytes(8).toString('hex');
}

/**
 * Run `work` as one call of `limitMs`. Shortly before the limit its signal aborts, so that what was gathered
 * becomes the answer in time; at the limit the answer is ScoutError `command_timeout` whatever the work does.
 * An infinite limit is none. Rejects at once with `cancelled` when the caller cancels or the server is `stopped`.
 */
export async function beginCall<T>(
  caller: Caller,
  stopped: AbortSignal,
  limitMs: number,
  work: (call: Call) => Promise<T>,
  { id, audit, span = untraced }: CallRecord = { id: newCallId() },
): Promise<T> {
  const startedMs = performance.now();
  const workMs = limitMs - Math.min(answerMsAtMost, limitMs * answerShare);
  const cancelled = new AbortController();
  const cancel = () => cancelled.abort(abortReason(caller.signal.aborted ? caller.signal : stopped));
  if (caller.signal.aborted || stopped.aborted) cancel();
  caller.signal.addEventListener('abort', cancel, { once: true });
  stopped.addEventListener('abort', cancel, { once: true });
  try {
    return await withTimeout(cancelled.signal, limitMs, outOfTime(limitMs), (last) =>
      withTimeout(cancelled.signal, workMs, outOfTime(limitMs), (signal) =>
        raceAbort(
          work({
            id,
            audit,
            signal,
            deadlineMs: startedMs + workMs,
            progress: increasing(caller.progress),
            span,
          }),
          last,
        ),
      ),
    );
  } finally {
    caller.signal.removeEventListener('abort', cancel);
    stopped.removeEventListener('abort', cancel);
  }
}

function outOfTime(limitMs: number): () => ScoutError {
  return () =>
    new ScoutError(
      'command_timeout',
      `the call did not finish within ${formatDuration(limitMs)}`,
      'Ask for less or for fewer hosts in one call, or raise SCOUT_CALL_TIMEOUT.',
    );
}

/** MCP wants every report of one call to be more than the one before. */
function increasing(report: Caller['progress']): Call['progress'] {
  let last = -1;
  return (progress) => {
    if (!report || progress.done <= last) return;
    last = progress.done;
    report(progress);
  };
}
