/** A session that ended may count on the server a moment longer: a refusal so soon after says nothing of its limit. */
const settlingMs = 1_000;
/** Tries after refusals that say nothing of a limit, with a growing pause: 50, 100 … 800 ms. */
const maxRetries = 5;
const firstPauseMs = 50;

/** How many channels one connection may have: as many as we want of it, and as its server's refusals teach. */
export class ChannelLimit {
  readonly #onAgain: () => void;
  #limit: number;
  #retries = 0;
  #pause: NodeJS.Timeout | undefined;
  #lastClosedMs = Number.NEGATIVE_INFINITY;

  /** `onAgain`: a pause is over. */
  constructor(limit: number, onAgain: () => void) {
    this.#limit = limit;
    this.#onAgain = onAgain;
  }

  /** No more, pause or not. */
  isReached(open: number): boolean {
    return open >= this.#limit;
  }

  hasRoom(open: number): boolean {
    return !this.isReached(open) && this.#pause === undefined;
  }

  opened(): void {
    this.#retries = 0;
  }

  closed(): void {
    this.#lastClosedMs = performance.now();
  }

  /** What there is now is as much as there can be. */
  lowerTo(open: number): void {
    this.#limit = Math.max(1, Math.min(this.#limit, open));
  }

  /** The server refused a channel beside the `open` ones: learn its limit, or pause. Answers whether to try again. */
  refused(open: number): boolean {
    const settling = performance.now() - this.#lastClosedMs < settlingMs;
    if (open > 0 && !settling) {
      this.lowerTo(open);
      return true;
    }
    if (this.#retries >= maxRetries) {
      this.#retries = 0;
      if (open > 0) this.lowerTo(open);
      return open > 0;
    }
    if (this.#pause === undefined) {
      this.#pause = setTimeout(
        () => {
          this.#pause = undefined;
          this.#onAgain();
        },
        firstPauseMs * 2 ** this.#retries,
      );
      this.#retries += 1;
    }
    return true;
  }

  end(): void {
    clearTimeout(this.#pause);
  }
}
