import { abortReason } from '../../call.ts';
import { asScoutError, ScoutError } from '../../errors.ts';
import { ChannelLimit } from './channel-limit.ts';

/** A program that keeps a channel between two commands. */
export interface ChannelWorker {
  /** Callers ask for workers of a kind, and get no other. */
  readonly kind: string;
  readonly isIdle: boolean;
  /** Settles when its channel is closed; never rejects. */
  readonly gone: Promise<void>;
  close(): void;
}

/** Told that a caller must queue; what it gives is called when that is over. */
export type OnWait = (signal: AbortSignal) => (() => void) | undefined;

type Waiter<Worker> = { readonly reject: (error: ScoutError) => void } & (
  | { readonly wants: 'worker'; readonly kind: string; readonly grant: (worker: Worker) => void }
  | { readonly wants: 'channel'; readonly grant: () => void }
);

/**
 * Who may use a session channel of one connection, first come first served. Workers are started while somebody
 * waits for one of their kind and there is room, and belong to nobody: whoever is first gets the first that is
 * idle. What is idle is closed where somebody waits for its channel. The server's own limit is learned from its refusals.
 */
export class ChannelQueue<Worker extends ChannelWorker> {
  readonly #start: (kind: string) => Promise<Worker>;
  readonly #onWait: OnWait;
  readonly #idle: Worker[] = [];
  readonly #waiters: Waiter<Worker>[] = [];
  readonly #limit: ChannelLimit;
  /** Channels that are open, being opened or being closed. */
  #open = 0;
  readonly #workers = new Map<string, number>();
  readonly #starting = new Map<string, number>();
  #closing = 0;
  #spare: (() => void) | undefined;
  #ended: ScoutError | undefined;

  /** `start` rejects with ScoutError `busy` when the server refuses the channel; `onWait`: a caller must queue. */
  constructor(limit: number, start: (kind: string) => Promise<Worker>, onWait: OnWait = () => undefined) {
    this.#limit = new ChannelLimit(limit, () => this.#serve());
    this.#start = start;
    this.#onWait = onWait;
  }

  /** A worker of the plain kind, or a channel for one more, can be had at once. */
  get isFree(): boolean {
    return this.#isFreeFor('');
  }

  #isFreeFor(kind: string): boolean {
    return this.#waiters.length === 0 && (this.#idle.some((worker) => worker.kind === kind) || this.#hasRoom);
  }

  /** One more channel can be opened without closing anything. */
  get hasSpareRoom(): boolean {
    return this.#waiters.length === 0 && this.#hasRoom;
  }

  /** An idle worker of a kind, if there is one and nobody waits; give it back by `release`. */
  takeIdle(kind: string): Worker | undefined {
    const at = this.#waiters.length > 0 ? -1 : this.#idle.findLastIndex((worker) => worker.kind === kind);
    return at < 0 ? undefined : this.#idle.splice(at, 1)[0];
  }

  /**
   * An idle worker of a kind; give it back by `release`. Rejects with the signal's reason, with what `start` rejects with
   * where there is no worker of that kind at all, and with ScoutError `busy` where the server refuses every channel.
   */
  async acquire(signal: AbortSignal, kind = ''): Promise<Worker> {
    if (signal.aborted) throw abortReason(signal);
    const waited = this.#isFreeFor(kind) ? undefined : this.#onWait(signal);
    return await new Promise<Worker>((resolve, reject) => {
      const leave = () => {
        waited?.();
        this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
        reject(abortReason(signal));
        this.#serve();
      };
      const settled = () => {
        waited?.();
        signal.removeEventListener('abort', leave);
      };
      const waiter: Waiter<Worker> = {
        wants: 'worker',
        kind,
        grant: (worker) => {
          settled();
          resolve(worker);
        },
        reject: (error) => {
          settled();
          reject(error);
        },
      };
      signal.addEventListener('abort', leave, { once: true });
      this.#enqueue(waiter);
    });
  }

  /**
   * Start a worker for one caller, by `start`, where there is none of its kind yet that could become free; give it
   * back by `release`. Undefined: `acquire` one. Rejects as `start` does where there is no other.
   */
  async begin(kind: string, start: () => Promise<Worker>): Promise<Worker | undefined> {
    if (this.#ended || !this.hasSpareRoom || count(this.#workers, kind, 0) > 0) return undefined;
    this.#open += 1;
    try {
      const worker = await start();
      this.#add(worker);
      return worker;
    } catch (error) {
      if (!this.#failed(kind, error)) throw error;
      return undefined;
    } finally {
      this.#serve();
    }
  }

  /** The command is done: the worker is the next one's, unless it is not usable again. */
  release(worker: Worker): void {
    if (!worker.isIdle) return; // its channel is being closed
    this.#idle.push(worker);
    this.#serve();
  }

  /**
   * Open a channel that is no worker's, when its turn comes; `closed` says when it is closed. Rejects as `open`,
   * and with ScoutError `busy` where the server refuses every channel.
   */
  async open<T>(open: () => Promise<T>): Promise<T> {
    for (let first = false; ; first = true) {
      await new Promise<void>((resolve, reject) => {
        this.#enqueue({ wants: 'channel', grant: resolve, reject }, first);
      });
      try {
        const channel = await open();
        this.#limit.opened();
        return channel;
      } catch (error) {
        this.#open -= 1;
        const again = isRefusal(error) && this.#limit.refused(this.#open);
        this.#serve();
        if (!again) throw error;
      }
    }
  }

  /** A channel given by `open` is closed. */
  closed(): void {
    this.spare(undefined);
    this.#free();
  }

  /** Another channel given by `open` is closed, not the one of `spare`. */
  freed(): void {
    this.#free();
  }

  /** The channel given by `open` is not in use: `giveUp` closes it if somebody waits. Undefined: it is in use. */
  spare(giveUp: (() => void) | undefined): void {
    this.#spare = giveUp;
    this.#serve();
  }

  /** The connection is gone: who waits, and who will ask, is told so. */
  end(reason: ScoutError): void {
    this.#ended = reason;
    this.#limit.end();
    for (const waiter of this.#waiters.splice(0)) waiter.reject(reason);
  }

  get #hasRoom(): boolean {
    return this.#limit.hasRoom(this.#open);
  }

  #enqueue(waiter: Waiter<Worker>, first = false): void {
    if (this.#ended) {
      waiter.reject(this.#ended);
      return;
    }
    if (first) this.#waiters.unshift(waiter);
    else this.#waiters.push(waiter);
    this.#serve();
  }

  #serve(): void {
    const unserved = new Map<string, number>();
    for (const waiter of [...this.#waiters]) {
      if (waiter.wants === 'worker') {
        const { kind } = waiter;
        const at = this.#idle.findLastIndex((worker) => worker.kind === kind);
        const [worker] = at < 0 ? [] : this.#idle.splice(at, 1);
        if (worker) {
          this.#take(waiter);
          waiter.grant(worker);
          continue;
        }
        if (count(unserved, kind, 1) <= count(this.#starting, kind, 0)) continue; // one is on its way
      }
      if (!this.#hasRoom) {
        this.#makeRoom();
        return;
      }
      this.#open += 1;
      if (waiter.wants === 'worker') {
        void this.#startWorker(waiter.kind);
      } else {
        this.#take(waiter);
        waiter.grant();
      }
    }
  }

  async #startWorker(kind: string): Promise<void> {
    count(this.#starting, kind, 1);
    try {
      const worker = await this.#start(kind);
      this.#add(worker);
      if (worker.isIdle) this.#idle.push(worker);
    } catch (error) {
      if (!this.#failed(kind, error)) this.#rejectWorkerWaiters(kind, asScoutError(error));
    } finally {
      count(this.#starting, kind, -1);
    }
    this.#serve();
  }

  #add(worker: Worker): void {
    count(this.#workers, worker.kind, 1);
    this.#limit.opened();
    void worker.gone.then(() => {
      const at = this.#idle.indexOf(worker);
      if (at >= 0) this.#idle.splice(at, 1);
      count(this.#workers, worker.kind, -1);
      this.#free();
    });
  }

  /** A worker did not start. Answers whether to wait for another: whatever the reason, those that run may do. */
  #failed(kind: string, error: unknown): boolean {
    this.#open -= 1;
    if (isRefusal(error)) return this.#limit.refused(this.#open);
    if (count(this.#workers, kind, 0) === 0) return false;
    this.#limit.lowerTo(this.#open);
    return true;
  }

  /** Close one thing that is idle for the one who waits first. */
  #makeRoom(): void {
    if (this.#closing > 0 || !this.#limit.isReached(this.#open)) return;
    const worker = this.#idle.shift();
    const giveUp = worker ? () => worker.close() : this.#spare;
    if (!giveUp) return;
    if (!worker) this.#spare = undefined;
    this.#closing += 1;
    giveUp();
  }

  #free(): void {
    this.#open -= 1;
    this.#closing = Math.max(0, this.#closing - 1);
    this.#limit.closed();
    this.#serve();
  }

  #take(waiter: Waiter<Worker>): void {
    this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
  }

  #rejectWorkerWaiters(kind: string, error: ScoutError): void {
    for (const waiter of [...this.#waiters]) {
      if (waiter.wants !== 'worker' || waiter.kind !== kind) continue;
      this.#take(waiter);
      waiter.reject(error);
    }
  }
}

/** The number for a kind, after adding to it. */
function count(numbers: Map<string, number>, kind: string, more: number): number {
  const sum = (numbers.get(kind) ?? 0) + more;
  numbers.set(kind, sum);
  return sum;
}

function isRefusal(error: unknown): boolean {
  return error instanceof ScoutError && error.code === 'busy';
}
