import type { Sink } from '../../../src/ssh/shell/framed-channel.ts';

/** A sink that keeps what it gets, and says `stop` past `maxBytes`. */
export class Collect implements Sink {
  readonly #parts = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  readonly #maxBytes: number;
  bytes = 0;

  constructor(maxBytes = Number.POSITIVE_INFINITY) {
    this.#maxBytes = maxBytes;
  }

  stdout(chunk: Buffer): 'more' | 'stop' {
    return this.#take('stdout', chunk);
  }

  stderr(chunk: Buffer): 'more' | 'stop' {
    return this.#take('stderr', chunk);
  }

  get out(): string {
    return Buffer.concat(this.#parts.stdout).toString();
  }

  get outBytes(): Buffer {
    return Buffer.concat(this.#parts.stdout);
  }

  get err(): string {
    return Buffer.concat(this.#parts.stderr).toString();
  }

  #take(name: 'stdout' | 'stderr', chunk: Buffer): 'more' | 'stop' {
    this.#parts[name].push(chunk);
    this.bytes += chunk.length;
    return this.bytes > this.#maxBytes ? 'stop' : 'more';
  }
}
