import type { Ask, Request } from './session.ts';

/** Of a server that names its handles otherwise, so many guesses in a row are enough. */
const mostMisses = 3;

/**
 * The handles of one channel. A server chooses their names (draft-ietf-secsh-filexfer-02 section 6.3), OpenSSH's by the
 * place in its list that was freed last: what was closed last is likely what will be opened next. So the first requests
 * for a file go out with it right behind its OPEN, one round trip earlier. What they bring counts only where the OPEN
 * gives that very handle, which until then named nothing: its CLOSE was answered.
 */
export class Handles {
  #likely: Buffer | undefined;
  #misses = 0;
  /** How many were opened and closed, as far as it was sent. */
  #turns = 0;

  /**
   * Open a file or directory by `open`. `first` sends the first requests for it, twice where the guess was wrong, and
   * must leave no rejection without a listener. Rejects as the OPEN does.
   */
  async open<T>(
    ask: Ask,
    open: Request<Buffer>,
    first: (handle: Buffer, isForeseen: boolean) => T,
  ): Promise<{ readonly handle: Buffer; readonly first: T }> {
    const likely = this.#misses < mostMisses ? this.#likely : undefined;
    this.#likely = undefined;
    this.#turns += 1;
    const opening = ask(open);
    const early = likely && { handle: likely, first: first(likely, true) };
    const handle = await opening;
    if (!early) return { handle, first: first(handle, false) };
    const isHit = handle.equals(early.handle);
    this.#misses = isHit ? 0 : this.#misses + 1;
    return isHit ? early : { handle, first: first(handle, false) };
  }

  /**
   * Open a file by `open` for what one request brings, and close it. A handle that is foreseen is closed in the same
   * packet, so the request must not be followed by another: by then the handle may be another file's. Answers undefined
   * where the request fails, which a server could make of it that does not keep the order. Rejects as the OPEN does.
   */
  async openForOne<T>(
    ask: Ask,
    open: Request<Buffer>,
    only: (handle: Buffer) => Promise<T>,
  ): Promise<T | undefined> {
    const { handle, first } = await this.open(ask, open, (opened, isForeseen) => ({
      answer: only(opened).catch(() => undefined),
      // where the server closes before it opens, or gives another handle, this one names nothing
      isClosed: isForeseen && this.#close(ask, opened).catch(() => false),
    }));
    const answer = await first.answer;
    if (first.isClosed) first.isClosed.then((isClosed) => isClosed || this.closeLater(ask, handle));
    else this.closeLater(ask, handle);
    return answer;
  }

  /**
   * Close a handle behind what is made of its file in this turn. Nothing waits for the answer: after a loss or an abort
   * there is none, and the channel is given up.
   */
  closeLater(ask: Ask, handle: Buffer): void {
    setImmediate(() => this.#close(ask, handle).catch(() => {}));
  }

  async #close(ask: Ask, handle: Buffer): Promise<true> {
    this.#turns += 1;
    const turn = this.#turns;
    await ask<void>((sftp, done) => sftp.close(handle, (error) => done(error)));
    if (turn === this.#turns) this.#likely = handle; // else another one was freed, or took its place
    return true;
  }
}
