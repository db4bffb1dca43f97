import { setMaxListeners } from 'node:events';
import type { CallAudit } from './audit.ts';
import { asScoutError, ScoutError } from './errors.ts';

export type SpanFacts = Readonly<Record<string, string | number | boolean>>;

/** A piece of a call's trace; `end` is called once, whatever happened. No fact is remote text or a secret. */
export interface Span {
  child(name: string, facts?: SpanFacts): Span;
  end(error?: ScoutError, facts?: SpanFacts): void;
}

/** The span of what nobody traces. */
export const untraced: Span = { child: () => untraced, end: () => {} };

/** Begins traces, where somebody wants them. */
export interface Tracer {
  /** The span of a whole call. `traceparent`: where a valid one came with it, its trace goes on (W3C Trace Context). */
  begin(name: string, callId: string, traceparent: string | undefined): Span;
}

/** Do `work` as a piece of a trace, which has failed where it rejects. */
export async function traced<T>(
  parent: Span,
  name: string,
  work: (span: Span) => Promise<T>,
  facts?: SpanFacts,
): Promise<T> {
  const span = parent.child(name, facts);
  try {
    const value = await work(span);
    span.end();
    return value;
  } catch (thrown) {
    span.end(asScoutError(thrown));
    throw thrown;
  }
}

export interface Progress {
  /** Grows with every report of one call. */
  readonly done: number;
  readonly total?: number;
  readonly message?: string;
}

/** What an operation knows of the call it works for. */
export interface Call {
  /** Correlation id: the same in log, audit, trace and result. */
  readonly id: string;
  /** Aborted on cancellation, shutdown or deadline; the reason is always a ScoutError. */
  readonly signal: AbortSignal;
  /** When the call must have answered, on the clock of `performance.now()`, in ms; infinite without a deadline. */
  readonly deadlineMs: number;
  readonly progress: (progress: Progress) => void;
  readonly span: Span;
  /** Where what is done on a host is announced first; there is none without SCOUT_AUDIT_LOG. */
  readonly audit?: CallAudit | undefined;
}

/**
 * Ask the person at the client whether to go on, by a question of ours. False where they decline or close it, where
 * there is no way to ask, and when the signal aborts, which withdraws the question.
 */
export type AskHuman = (question: string, signal: AbortSignal) => Promise<boolean>;

/** What the client of this server can be asked; it may become able to only once it is connected. */
export interface ClientSide {
  readonly ask: AskHuman;
  /** Whether there is a way to ask: where there is none, `ask` is false without anybody having declined. */
  readonly canAsk: () => boolean;
  /** Its MCP roots, as file URIs; none where it tells none. Never rejects. */
  readonly roots: (signal: AbortSignal) => Promise<readonly string[]>;
}

/**
 * Run `work` for a part of a call that has `limitMs` at most. Its signal aborts with `onTimeout()` at that
 * limit, and with the outer reason when the outer call ends first; `graceMs` later it is over, whatever `work` does.
 */
export async function withLimit<T>(
  call: Call,
  limitMs: number,
  onTimeout: () => ScoutError,
  work: (part: Call) => Promise<T>,
  graceMs?: number,
): Promise<T> {
  const deadlineMs = Math.min(call.deadlineMs, performance.now() + limitMs);
  const part = (signal: AbortSignal) => work({ ...call, signal, deadlineMs });
  return await withTimeout(call.signal, limitMs, onTimeout, part, graceMs);
}

/**
 * Run `work` with a signal that aborts with `onTimeout()` after `limitMs`, or as `outer` does; `graceMs` later it rejects
 * with that, whether the work heeds its signal or not. Timers and listener are gone afterwards (AbortSignal.any would
 * keep them: nodejs/node#54614).
 */
export async function withTimeout<T>(
  outer: AbortSignal,
  limitMs: number,
  onTimeout: () => ScoutError,
  work: (signal: AbortSignal) => Promise<T>,
  graceMs = Number.POSITIVE_INFINITY,
): Promise<T> {
  const controller = new AbortController();
  const { signal } = controller;
  setMaxListeners(0, signal); // one a host and target: many are no leak
  let giveUp = (_: ScoutError) => {};
  let grace: NodeJS.Timeout | undefined;
  const abort = (reason: unknown) => {
    controller.abort(reason);
    grace ??= timerOf(graceMs, () => giveUp(abortReason(signal)));
  };
  const follow = () => abort(outer.reason);
  if (outer.aborted) follow();
  outer.addEventListener('abort', follow, { once: true });
  const limit = timerOf(limitMs, () => abort(onTimeout()));
  try {
    return await new Promise<T>((resolve, reject) => {
      giveUp = reject;
      work(signal).then(resolve, reject);
    });
  } finally {
    clearTimeout(limit);
    clearTimeout(grace);
    outer.removeEventListener('abort', follow);
  }
}

/** None where it has no end: Node would let that fire at once. */
function timerOf(ms: number, onEnd: () => void): NodeJS.Timeout | undefined {
  return Number.isFinite(ms) ? setTimeout(onEnd, ms) : undefined;
}

/** The reason a signal was aborted with, which in this program is always a ScoutError. */
export function abortReason(signal: AbortSignal): ScoutError {
  const reason: unknown = signal.reason;
  if (reason instanceof ScoutError) return reason;
  return new ScoutError(
    'cancelled',
    'the call was cancelled',
    'Call again if the answer is still wanted.',
    reason,
  );
}

/**
 * Settle as `promise` does, or reject with the signal's reason as soon as it aborts. What `promise` gives
 * later is dropped (`dispose` gets a late value that must be given back).
 */
export function raceAbort<T>(
  promise: Promise<T>,
  signal: AbortSignal,
  dispose?: (late: T) => void,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    let aborted = false;
    const onAbort = () => {
      aborted = true;
      reject(abortReason(signal));
    };
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
    promise.then(
      (value) => {
        signal.removeEventListener('abort', onAbort);
        if (aborted) dispose?.(value);
        else resolve(value);
      },
      (error) => {
        signal.removeEventListener('abort', onAbort);
        reject(error);
      },
    );
  });
}
