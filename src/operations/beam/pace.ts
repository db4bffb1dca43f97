import { setMaxListeners } from 'node:events';
import type { Call } from '../../call.ts';
import { abortReason } from '../../call.ts';
import { ScoutError } from '../../errors.ts';
import { formatBytes, formatDuration } from '../../units.ts';

/** A copy in which no byte moves for so long has failed, in ms. */
export const stallLimitMs = 30_000;

const reportEveryMs = 500;
/** A digest may take the stall limit and, for each MiB, this, in ms: the slowest disk reads faster. */
const hashMsPerMiB = 1_000;

/**
 * How a copy gets on: ends it when nothing moves any more, and tells its progress. A copy has no deadline, so each of
 * its waits is either under the stall limit or has one of its own.
 */
export class Pace {
  /** Aborts with the call, and with ScoutError `transfer_failed` when the copy stalls. */
  readonly signal: AbortSignal;
  readonly #controller = new AbortController();
  readonly #call: Call;
  readonly #limitMs: number;
  readonly #follow: () => void;
  #timer: NodeJS.Timeout | undefined;
  #pauses = 0;
  #movedBytes = 0;
  #skippedBytes = 0;
  #totalBytes = 0;
  #startedMs: number | undefined;
  #reportedMs = Number.NEGATIVE_INFINITY;

  constructor(call: Call, limitMs = stallLimitMs) {
    this.#call = call;
    this.#limitMs = limitMs;
    this.signal = this.#controller.signal;
    setMaxListeners(0, this.signal); // one a file and channel: many are no leak
    this.#follow = () => this.#controller.abort(abortReason(call.signal));
    if (call.signal.aborted) this.#follow();
    call.signal.addEventListener('abort', this.#follow, { once: true });
  }

  /** Bytes that were sent, without those that were there already. */
  get movedBytes(): number {
    return this.#movedBytes;
  }

  /** From now on it may stall. */
  start(totalBytes: number): void {
    this.#totalBytes = totalBytes;
    this.#startedMs = performance.now();
    this.alive();
    this.#report('');
  }

  /** Something happened. */
  alive(): void {
    if (this.#startedMs === undefined || this.#pauses > 0 || this.signal.aborted) return;
    if (this.#timer) this.#timer.refresh();
    else this.#timer = setTimeout(() => this.#controller.abort(stalled(this.#limitMs)), this.#limitMs);
  }

  moved(bytes: number): void {
    this.#movedBytes += bytes;
    this.alive();
    this.#report('');
  }

  /** Bytes of the whole that need not be sent. */
  skipped(bytes: number): void {
    this.#skippedBytes += bytes;
    this.alive();
    this.#report('');
  }

  /** Wait for what moves no byte here: a machine that reads `bytes` by itself. It has a limit by their number. */
  async hashing<T>(bytes: number, work: Promise<T>): Promise<T> {
    const limitMs = this.#limitMs + (bytes / 1024 ** 2) * hashMsPerMiB;
    const limit = setTimeout(() => this.#controller.abort(stalled(limitMs)), limitMs);
    const beat = setInterval(() => this.#report('verifying, '), 5_000);
    try {
      return await this.paused(work);
    } finally {
      clearTimeout(limit);
      clearInterval(beat);
    }
  }

  /** Wait for what has its own end, such as an answer of a person. */
  async paused<T>(work: Promise<T>): Promise<T> {
    this.#pauses += 1;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    try {
      return await work;
    } finally {
      this.#pauses -= 1;
      this.alive();
    }
  }

  /** Nothing more is waited for: what a machine still does for the copy is stopped. */
  end(): void {
    this.#pauses = Number.POSITIVE_INFINITY;
    clearTimeout(this.#timer);
    this.#call.signal.removeEventListener('abort', this.#follow);
    if (!this.signal.aborted)
      this.#controller.abort(new ScoutError('cancelled', 'the copy has ended', 'Call again.'));
  }

  #report(doing: string): void {
    const now = performance.now();
    const startedMs = this.#startedMs ?? now;
    if (now - this.#reportedMs < reportEveryMs) return;
    this.#reportedMs = now;
    const done = this.#movedBytes + this.#skippedBytes;
    const rate = (this.#movedBytes * 1_000) / Math.max(1, now - startedMs);
    const left = rate > 0 && done < this.#totalBytes ? ((this.#totalBytes - done) * 1_000) / rate : undefined;
    const words = [
      `${doing}${formatBytes(done)} of ${formatBytes(this.#totalBytes)}`,
      ...(rate > 0 ? [`${formatBytes(Math.round(rate))}/s`] : []),
      ...(left === undefined ? [] : [`${formatDuration(left)} left`]),
    ];
    // every report of a call must be more than the one before; below one byte it is no byte
    const tick = Math.min(0.999, (now - startedMs) / 1e9);
    this.#call.progress({
      done: done + tick,
      total: Math.max(this.#totalBytes, done + 1),
      message: words.join(', '),
    });
  }
}

function stalled(limitMs: number): ScoutError {
  return new ScoutError(
    'transfer_failed',
    `the copy stalled: no byte moved for ${formatDuration(limitMs)}`,
    'Look whether the host and the network between are up, and call again: it goes on from where it stopped.',
  );
}
