import { type Builder, builderMark, builders } from '../wall/wall.ts';
import type { Sink } from './framed-channel.ts';

/** A wall is built in some 10 ms; a builder that hangs must not cost the host its commands. */
const buildLimitMs = 9_000;
const keptChars = 128;

/**
 * Looks through what a login prints for the mark of the builder that takes over, and gives it so long to come back
 * as a shell that says hello.
 */
export class BuilderWatch implements Sink {
  /** Who took over last. */
  builder: Builder | undefined;
  readonly #onHang: () => void;
  #timer: NodeJS.Timeout | undefined;
  #tail = '';

  constructor(onHang: () => void) {
    this.#onHang = onHang;
  }

  stdout(chunk: Buffer): 'more' {
    const text = this.#tail + chunk.toString('latin1');
    for (const builder of builders) {
      if (builder !== this.builder && text.includes(builderMark + builder)) this.#takesOver(builder);
    }
    this.#tail = text.slice(-keptChars);
    return 'more';
  }

  stderr(): 'more' {
    return 'more';
  }

  /** Hello came, or the session ended. */
  end(): void {
    clearTimeout(this.#timer);
  }

  #takesOver(builder: Builder): void {
    this.builder = builder;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#onHang, buildLimitMs);
  }
}
