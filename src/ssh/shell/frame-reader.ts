const none = Buffer.alloc(0);
const longestTrailerBytes = 4_096;

/**
 * Finds the end of one frame in one stream: bytes, then the tag, then text up to a line feed. Holds back at most
 * one byte less than the tag is long, and only where the stream's end could be the tag's beginning.
 */
export class FrameReader {
  readonly #tag: Buffer;
  #held: Buffer = none;
  #tagFound = false;
  #trailer: string | undefined;
  #violated = false;
  #rest: Buffer = none;

  constructor(tag: string) {
    this.#tag = Buffer.from(tag, 'latin1');
  }

  /** What stands between the tag and the line feed, once both have come. */
  get trailer(): string | undefined {
    return this.#trailer;
  }

  /** Something came after the trailer, or the trailer does not end. */
  get violated(): boolean {
    return this.#violated;
  }

  /** Give the bytes behind the trailer to another frame, where they belong: they are no violation then. */
  takeRest(): Buffer {
    const rest = this.#rest;
    if (rest.length > 0) this.#violated = false;
    this.#rest = none;
    return rest;
  }

  /** Take the next bytes of the stream and give those that are known to belong to the frame's content. */
  feed(chunk: Buffer): Buffer {
    if (this.#trailer !== undefined) {
      if (chunk.length > 0) this.#violated = true;
      return none;
    }
    const bytes = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    if (this.#tagFound) {
      this.#readTrailer(bytes);
      return none;
    }
    const at = bytes.indexOf(this.#tag);
    if (at >= 0) {
      this.#tagFound = true;
      this.#readTrailer(bytes.subarray(at + this.#tag.length));
      return bytes.subarray(0, at);
    }
    const contentBytes = bytes.length - this.#overlap(bytes);
    this.#held = Buffer.from(bytes.subarray(contentBytes));
    return bytes.subarray(0, contentBytes);
  }

  #readTrailer(bytes: Buffer): void {
    const end = bytes.indexOf(0x0a);
    if (end < 0) {
      if (bytes.length > longestTrailerBytes) this.#violated = true;
      this.#held = this.#violated ? none : Buffer.from(bytes);
      return;
    }
    this.#trailer = bytes.subarray(0, end).toString('latin1').trim();
    this.#held = none;
    this.#rest = bytes.subarray(end + 1);
    this.#violated = this.#rest.length > 0;
  }

  /** Length of the longest end of `bytes` that is a beginning of the tag. */
  #overlap(bytes: Buffer): number {
    for (let length = Math.min(bytes.length, this.#tag.length - 1); length > 0; length -= 1) {
      if (bytes.subarray(bytes.length - length).equals(this.#tag.subarray(0, length))) return length;
    }
    return 0;
  }
}
