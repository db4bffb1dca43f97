import { ByteQueue } from './byte-queue.ts';
import { wholeEnd, wholeStart } from './whole-characters.ts';

/** What of a stream was kept: its beginning and, past a gap, its end; no character is cut in half. */
export interface Kept {
  readonly head: Uint8Array;
  readonly tail: Uint8Array;
  /** Bytes between head and tail that came and were let go. */
  readonly droppedBytes: number;
}

/** How many times its share a command may print before it is stopped. */
const drainFactor = 4;

/**
 * Bytes as they arrive, in bounded memory: half of the share for the beginning, the rest for the newest. What
 * falls out between is counted. Both streams of a command draw on one share: a quarter of it is stderr's, and
 * each has what the other does not need.
 */
export class Gathered {
  readonly #shareBytes: number;
  readonly #stdout: Stream;
  readonly #stderr: Stream;
  receivedBytes = 0;

  constructor(shareBytes: number) {
    this.#shareBytes = shareBytes;
    const stderrBytes = Math.floor(shareBytes / 4);
    this.#stdout = new Stream(shareBytes - stderrBytes);
    this.#stderr = new Stream(stderrBytes);
  }

  /** The sink of a shell job: keeps what it may, and says `stop` when far more came than can be kept. */
  readonly sink = {
    stdout: (chunk: Buffer) => this.#take(this.#stdout, chunk),
    stderr: (chunk: Buffer) => this.#take(this.#stderr, chunk),
  };

  /** `isComplete`: the command ended by itself, and not in the middle of what it had to say. */
  kept(isComplete: boolean): { readonly stdout: Kept; readonly stderr: Kept } {
    return { stdout: this.#stdout.kept(isComplete), stderr: this.#stderr.kept(isComplete) };
  }

  #take(stream: Stream, chunk: Buffer): 'more' | 'stop' {
    stream.push(chunk);
    this.#stdout.trim(this.#shareBytes - Math.min(this.#stderr.bytes, this.#stderr.ownBytes));
    this.#stderr.trim(this.#shareBytes - this.#stdout.bytes);
    this.receivedBytes += chunk.length;
    return this.receivedBytes > this.#shareBytes * drainFactor ? 'stop' : 'more';
  }
}

class Stream {
  /** What it may keep whatever the other stream does. */
  readonly ownBytes: number;
  readonly #headLimit: number;
  readonly #head = new ByteQueue();
  readonly #tail = new ByteQueue();
  #droppedBytes = 0;

  constructor(ownBytes: number) {
    this.ownBytes = ownBytes;
    this.#headLimit = Math.ceil(ownBytes / 2);
  }

  get bytes(): number {
    return this.#head.bytes + this.#tail.bytes;
  }

  push(chunk: Buffer): void {
    const free = this.#headLimit - this.#head.bytes;
    this.#head.push(chunk.subarray(0, free));
    this.#tail.push(chunk.subarray(free));
  }

  trim(limitBytes: number): void {
    const excess = Math.max(0, this.bytes - limitBytes);
    this.#tail.drop(excess);
    this.#droppedBytes += excess;
  }

  kept(isComplete: boolean): Kept {
    const last = (bytes: Buffer) => bytes.subarray(0, isComplete ? bytes.length : wholeEnd(bytes));
    const [head, tail] = [this.#head.toBuffer(), this.#tail.toBuffer()];
    if (this.#droppedBytes === 0)
      return { head: last(Buffer.concat([head, tail])), tail: Buffer.alloc(0), droppedBytes: 0 };
    const [end, start] = [wholeEnd(head), wholeStart(tail)];
    const droppedBytes = this.#droppedBytes + head.length - end + start;
    return { head: head.subarray(0, end), tail: last(tail.subarray(start)), droppedBytes };
  }
}
