import { setMaxListeners } from 'node:events';
import { abortReason, type Call, type Progress, untraced } from '../call.ts';
import { ScoutError } from '../errors.ts';
import { randomHex } from '../random-hex.ts';
import { formatDuration } from '../units.ts';
import type { Stop } from './stop.ts';

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
  return randomHex(16);
}

/**
 * Run `work` as one call of `limitMs`. Shortly before the limit its signal aborts, so that what was gathered
 * becomes the answer in time; at the limit the answer is ScoutError `command_timeout` whatever the work does.
 * An infinite limit is none. Rejects at once with `cancelled` when the caller cancels or the server stops.
 */
export async function beginCall<T>(
  caller: Caller,
  stop: Stop,
  limitMs: number,
  work: (call: Call) => Promise<T>,
  { id, audit, span = untraced }: CallRecord = { id: newCallId() },
): Promise<T> {
  const workMs = limitMs - Math.min(answerMsAtMost, limitMs * answerShare);
  const deadlineMs = performance.now() + workMs;
  const { signal: outer } = caller;
  const controller = new AbortController();
  const { signal } = controller;
  setMaxListeners(0, signal); // one a host and target: many are no leak
  let release = () => {};
  try {
    return await new Promise<T>((resolve, reject) => {
      const end = (reason: ScoutError) => {
        controller.abort(reason);
        reject(reason);
      };
      const cancel = () => end(abortReason(outer));
      if (outer.aborted) cancel();
      else if (stop.reason) end(stop.reason);
      outer.addEventListener('abort', cancel, { once: true });
      const unlisten = stop.listen(end);
      const handIn = () => {
        controller.abort(outOfTime(limitMs));
        timer = setTimeout(() => reject(outOfTime(limitMs)), limitMs - workMs);
      };
      // a timer of Node with no end would fire at once
      let timer = Number.isFinite(limitMs) ? setTimeout(handIn, workMs) : undefined;
      release = () => {
        outer.removeEventListener('abort', cancel);
        unlisten();
        clearTimeout(timer);
      };
      const progress = increasing(caller.progress);
      work({ id, audit, signal, deadlineMs, progress, span }).then(resolve, reject);
    });
  } finally {
    release();
  }
}

function outOfTime(limitMs: number): ScoutError {
  return new ScoutError(
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
