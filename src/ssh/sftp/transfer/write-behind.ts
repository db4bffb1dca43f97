import type { OpenHandle } from './read-ahead.ts';

/** Writes that are on their way, over several channels in turn, so many bytes at most. */
export class WriteBehind {
  readonly #handles: readonly OpenHandle[];
  readonly #mostBytes: number;
  readonly #pieceBytes: number;
  #onTheWay = 0;
  #turn = 0;
  #failure: { readonly error: unknown } | undefined;
  #wake: (() => void) | undefined;

  constructor(handles: readonly OpenHandle[], mostBytes: number) {
    this.#handles = handles;
    this.#mostBytes = mostBytes;
    this.#pieceBytes = Math.min(...handles.map(({ lane }) => lane.maxWriteBytes));
  }

  /** Resolves when there is room for more. Rejects with the first error of a write, this one or an earlier one. */
  async write(chunk: Buffer, position: number): Promise<void> {
    for (let at = 0; at < chunk.length; at += this.#pieceBytes) {
      await this.#until(() => this.#onTheWay < this.#mostBytes);
      this.#send(chunk.subarray(at, at + this.#pieceBytes), position + at);
    }
  }

  /** Resolves when all is written. Rejects as `write`. */
  async settle(): Promise<void> {
    await this.#until(() => this.#onTheWay === 0);
  }

  #send(piece: Buffer, position: number): void {
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
