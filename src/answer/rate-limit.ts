import { ScoutError } from '../errors.ts';
import { formatDuration } from '../units.ts';

/** A token bucket over the calls of this process: `burst` at once, refilled at `perMinute`; 0 turns it off. */
export class RateLimit {
  readonly #perMs: number;
  readonly #burst: number;
  #tokens: number;
  #filledMs = performance.now();

  constructor(perMinute: number, burst: number) {
    this.#perMs = perMinute / 60_000;
    this.#burst = burst;
    this.#tokens = burst;
  }

  /** Take one token. Throws ScoutError `rate_limited`. */
  take(): void {
    if (this.#perMs === 0 || this.#burst === 0) return;
    const nowMs = performance.now();
    this.#tokens = Math.min(this.#burst, this.#tokens + (nowMs - this.#filledMs) * this.#perMs);
    this.#filledMs = nowMs;
    if (this.#tokens < 1) {
      const waitMs = (1 - this.#tokens) / this.#perMs;
      throw new ScoutError(
        'rate_limited',
        'too many calls at once',
        `Wait ${formatDuration(Math.max(1, waitMs))}, or ask several hosts or targets in one call.`,
      );
    }
    this.#tokens -= 1;
  }
}
