import { abortReason } from '../../call.ts';

/** Handshakes that are begun whatever else there is to do; a small machine is busy with them. */
const atOnce = 8;
const tickMs = 5;
/** A tick that comes so much later than it was due says that there is more to do than can be done, … */
const lateMs = 10;
/** … and for so long after it no further handshake is begun, … */
const holdMs = 200;
/** … unless none was for so long: hosts that never answer shall not keep others from being asked. */
const longestHoldMs = 500;

/**
 * When handshakes may begin. Each is some milliseconds of work, and hosts that are called together answer together: the
 * event loop would be kept from all else. So beyond the first few, one is begun a tick, and none while the loop is late.
 */
export class HandshakePace {
  readonly #waiters: (() => void)[] = [];
  #underWay = 0;
  #heldUntilMs = 0;
  #lastBegunMs = 0;
  #timer: NodeJS.Timeout | undefined;

  /** Do `work` when its turn comes. Rejects as it does, or with the signal's reason while it waits. */
  async run<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    if (signal.aborted) throw abortReason(signal);
    if (this.#underWay < atOnce) this.#count();
    else await this.#turn(signal);
    try {
      return await work();
    } finally {
      this.#underWay -= 1;
      if (this.#underWay < atOnce) this.#begin();
    }
  }

  async #turn(signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const begin = () => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      const leave = () => {
        this.#waiters.splice(this.#waiters.indexOf(begin), 1);
        reject(abortReason(signal));
      };
      signal.addEventListener('abort', leave, { once: true });
      this.#waiters.push(begin);
      this.#timer ??= this.#tick();
    });
  }

  #tick(): NodeJS.Timeout {
    const dueMs = performance.now() + tickMs;
    return setTimeout(() => {
      const nowMs = performance.now();
      if (nowMs > dueMs + lateMs) this.#heldUntilMs = nowMs + holdMs;
      if (nowMs >= Math.min(this.#heldUntilMs, this.#lastBegunMs + longestHoldMs)) this.#begin();
      this.#timer = this.#waiters.length > 0 ? this.#tick() : undefined;
    }, tickMs);
  }

  #begin(): void {
    const begin = this.#waiters.shift();
    if (!begin) return;
    this.#count();
    begin();
  }

  #count(): void {
    this.#underWay += 1;
    this.#lastBegunMs = performance.now();
  }
}
