import type { OpenHandle } from './read-ahead.ts';

/** Writes that are on their way, over several channels in turn, so many bytes at most. */
export class WriteBehind {
  readonly #handles: readonly OpenHandle[];
  readonly #mostBytes: number;
  readonly #pieceBytes: number;
  /** What is too little for a request of its own; used again as soon as it was sent. */
  readonly #gathered: Buffer;
  #gatheredBytes = 0;
  #gatheredFrom = 0;
  #onTheWay = 0;
  #turn = 0;
  #failure: { readonly error: unknown } | undefined;
  #wake: (() => void) | undefined;

  /** `expectedBytes`: how much there is to write, and 0 where nobody knows. */
  constructor(handles: readonly OpenHandle[], mostBytes: number, expectedBytes: number) {
    const largest = Math.min(...handles.map(({ lane }) => lane.maxWriteBytes));
    this.#handles = handles;
    this.#mostBytes = mostBytes;
    this.#pieceBytes = Math.min(largest, expectedBytes || largest);
    this.#gathered = Buffer.allocUnsafe(this.#pieceBytes);
  }

  /**
   * Resolves when there is room for more, and `chunk` may be used again; each goes on where the one before ended.
   * Rejects with the first error of a write, this one or an earlier one.
   */
  async write(chunk: Buffer, position: number): Promise<void> {
    for (let at = 0; at < chunk.length; ) {
      const rest = chunk.subarray(at, at + this.#pieceBytes - this.#gatheredBytes);
      if (rest.length === this.#pieceBytes) await this.#send(rest, position + at);
      else await this.#gather(rest, position + at);
      at += rest.length;
    }
  }

  /** Resolves when all is written. Rejects as `write`. */
  async settle(): Promise<void> {
    await this.#sendGathered();
    await this.#until(() => this.#onTheWay === 0);
  }

  async #gather(piece: Buffer, position: number): Promise<void> {
    if (this.#gatheredBytes === 0) this.#gatheredFrom = position;
    piece.copy(this.#gathered, this.#gatheredBytes);
    this.#gatheredBytes += piece.length;
    if (this.#gatheredBytes === this.#pieceBytes) await this.#sendGathered();
  }

  async #sendGathered(): Promise<void> {
    const piece = this.#gathered.subarray(0, this.#gatheredBytes);
    this.#gatheredBytes = 0;
    if (piece.length > 0) await this.#send(piece, this.#gatheredFrom);
  }

  /** ssh2 copies what it sends at once. */
  async #send(piece: Buffer, position: number): Promise<void> {
    await this.#until(() => this.#onTheWay < this.#mostBytes);
    const open = this.#handles[this.#turn++ % this.#handles.length];
    if (!open) return;
    const settled = () => {
      this.#onTheWay -= piece.length;
      this.#wake?.();
    };
    this.#onTheWay += piece.length;
    open.lane.write(open.handle, piece, position).then(settled, (error: unknown) => {
      this.#failure ??= { error };
      settled();
    });
  }

  async #until(condition: () => boolean): Promise<void> {
    while (!this.#failure && !condition()) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#failure) throw this.#failure.error;
  }
}
