const leastBlockBytes = 1024;
const mostBlockBytes = 64 * 1024;

/**
 * Bytes in the order they came, copied into blocks: thousands of chunks of a few bytes, each of which may hold a
 * whole network packet in memory, take no more room than their bytes.
 */
export class ByteQueue {
  readonly #blocks: { readonly buffer: Buffer; start: number; end: number }[] = [];
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  push(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length; ) {
      const block = this.#blockWithRoom();
      const count = Math.min(chunk.length - at, block.buffer.length - block.end);
      block.buffer.set(chunk.subarray(at, at + count), block.end);
      block.end += count;
      at += count;
    }
    this.#bytes += chunk.length;
  }

  /** Let go of the oldest `bytes`; all of it where it has no more. */
  drop(bytes: number): void {
    for (let left = Math.min(bytes, this.#bytes); left > 0; ) {
      const oldest = this.#blocks[0];
      if (!oldest) return;
      const count = Math.min(left, oldest.end - oldest.start);
      oldest.start += count;
      left -= count;
      this.#bytes -= count;
      if (oldest.start === oldest.end) this.#blocks.shift();
    }
  }

  toBuffer(): Buffer {
    return Buffer.concat(this.#blocks.map(({ buffer, start, end }) => buffer.subarray(start, end)));
  }

  #blockWithRoom() {
    const last = this.#blocks.at(-1);
    if (last && last.end < last.buffer.length) return last;
    const size = Math.min(mostBlockBytes, Math.max(leastBlockBytes, this.#bytes));
    const block = { buffer: Buffer.allocUnsafeSlow(size), start: 0, end: 0 };
    this.#blocks.push(block);
    return block;
  }
}
