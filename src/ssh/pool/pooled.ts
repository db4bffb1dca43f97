import { raceAbort } from '../../call.ts';
import { ScoutError } from '../../errors.ts';
import type { HostSession } from './host-session.ts';

/** What a connection is used for: calls to its host, or the way to a further one. */
export type Role = 'target' | 'jump';

/**
 * One place in the pool: a connection that is being dialed, open, or gone. Those who want it while it is dialed
 * share the dial; when the last of them leaves, the dial is given up.
 */
export class Pooled {
  readonly key: string;
  readonly host: string;
  /** Whether it takes one of SCOUT_MAX_POOL_SIZE places; a connection that is only a jump does not. */
  counted = false;
  /** When a call ended its use last, on the clock of `performance.now()`. */
  lastUsedMs = performance.now();
  session: HostSession | undefined;
  readonly #uses = { target: 0, jump: 0 };
  readonly #abandoned = new AbortController();
  readonly #dialed: Promise<HostSession>;
  #isClosed = false;
  #idleTimer: NodeJS.Timeout | undefined;

  constructor(key: string, host: string, dial: (signal: AbortSignal) => Promise<HostSession>) {
    this.key = key;
    this.host = host;
    this.#dialed = dial(this.#abandoned.signal).then((session) => {
      this.session = session;
      if (this.#isClosed) session.end(); // in the moment between the end of the dial and this one
      return session;
    });
    this.#dialed.catch(() => {}); // each who waits gets the error; nobody may be waiting any more
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** It may be handed out. */
  get isUsable(): boolean {
    return !this.#isClosed && (this.session?.connection.isOpen ?? true);
  }

  /** No call works on it or waits for its dial; it may be the way to other hosts. */
  get isIdle(): boolean {
    return this.#uses.target === 0;
  }

  /** Other connections run through it, or will. */
  get isJump(): boolean {
    return this.#uses.jump > 0;
  }

  get #isUsed(): boolean {
    return !this.isIdle || this.isJump;
  }

  /** Begin a use; the caller ends it by `release`. */
  hold(role: Role): this {
    this.#uses[role] += 1;
    return this;
  }

  /** The session when the dial is done. Rejects as the dial does, or with the signal's reason. */
  async ready(signal: AbortSignal): Promise<HostSession> {
    return await raceAbort(this.#dialed, signal);
  }

  /**
   * End a use. `onUnused` is called `idleTimeoutMs` after the end of the last one, or at once where that was one
   * of a connection that is still being dialed.
   */
  release(role: Role, idleTimeoutMs: number, onUnused: () => void): void {
    this.#uses[role] -= 1;
    if (role === 'target') this.lastUsedMs = performance.now();
    if (this.#isUsed || this.#isClosed) return;
    if (this.session === undefined) onUnused();
    else if (this.#idleTimer) this.#idleTimer.refresh();
    else this.#idleTimer = setTimeout(() => this.#isUsed || onUnused(), idleTimeoutMs).unref();
  }

  /** Close it, or give up its dial; never handed out again. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#idleTimer);
    const why = `the connection to ${this.host} was closed`;
    this.#abandoned.abort(new ScoutError('cancelled', why, 'Call again.'));
    this.session?.end();
  }
}
