import { createHash, type Hash } from 'node:crypto';

/** Each look for more has buffers of its own, in bytes. */
const stepBytes = 4 * 1024 * 1024;

/** SHA-256 of a file of this machine from its beginning, read back piece by piece while more is written. */
export class ReadBack {
  readonly #read: (from: number, to: number) => AsyncIterable<Buffer>;
  readonly #hash: Hash = createHash('sha256');
  #at = 0;
  #upTo = 0;
  #reading: Promise<void> | undefined;
  #isFailed = false;

  constructor(read: (from: number, to: number) => AsyncIterable<Buffer>) {
    this.#read = read;
  }

  /** So many bytes are there and stay as they are. */
  follow(bytes: number): void {
    this.#upTo = bytes;
    if (bytes - this.#at >= stepBytes) this.#start();
  }

  /** In hexadecimal, of so many bytes; undefined where the file could not be read. */
  async digest(bytes: number): Promise<string | undefined> {
    this.#upTo = bytes;
    this.#start();
    await this.#reading;
    return this.#isFailed || this.#at < bytes ? undefined : this.#hash.digest('hex');
  }

  /** Resolves when the file is read no more. */
  async stop(): Promise<void> {
    this.#upTo = 0;
    await this.#reading;
  }

  #start(): void {
    if (this.#at < this.#upTo) this.#reading ??= this.#catchUp(); // which is over at once where nothing is to be read
  }

  async #catchUp(): Promise<void> {
    try {
      while (this.#at < this.#upTo) {
        const from = this.#at;
        for await (const piece of this.#read(from, this.#upTo)) {
          this.#hash.update(piece);
          this.#at += piece.length;
        }
        if (this.#at === from) break; // somebody made the file shorter
      }
    } catch {
      this.#isFailed = true; // whoever reads it anew will say why
    }
    this.#reading = undefined;
  }
}
