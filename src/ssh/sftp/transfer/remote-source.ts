import { type Bulk, isFar, smallBytes } from './bulk.ts';
import type { Lane } from './lane.ts';
import { readAhead } from './read-ahead.ts';
import { type RemoteFacts, remoteFacts } from './remote-facts.ts';
import { transferError } from './transfer-error.ts';

/** What may be on its way, in bytes: 10 to 100 ms of a fast link; below that more only costs memory. */
const aheadBytes = { far: 8 * 1024 * 1024, near: 2 * 1024 * 1024 };

/** An open regular file of a remote machine. Rejects with what `transferError` gives. */
export class RemoteSource {
  readonly facts: RemoteFacts;
  /** As requests name it. */
  readonly path: string;
  readonly lane: Lane;
  readonly handle: Buffer;
  readonly #bulk: Bulk;

  constructor(bulk: Bulk, path: string, handle: Buffer, facts: RemoteFacts) {
    this.#bulk = bulk;
    this.lane = bulk.lane;
    this.path = path;
    this.handle = handle;
    this.facts = facts;
  }

  /** Bytes front to back; ends early where the file does. `to` is infinite where the file does not tell its size. */
  async *read(from: number, to: number): AsyncGenerator<Buffer> {
    const ahead = isFar(this.#bulk) ? aheadBytes.far : aheadBytes.near;
    try {
      yield* readAhead([this], { from, to, aheadBytes: ahead });
    } catch (error) {
      throw transferError(error, `${this.#bulk.host}:${this.path}`);
    }
  }

  /** SHA-256 of the first bytes, made where the file is; undefined where nothing there makes one. */
  async digest(bytes: number): Promise<string | undefined> {
    return bytes <= smallBytes ? undefined : await this.#bulk.digest(this.path, bytes);
  }

  /** Have the whole file hashed where it is while it is read; undefined where nothing there does that. */
  async follow(): Promise<{ digest(bytes: number): Promise<string | undefined> } | undefined> {
    const { sizeBytes } = this.facts;
    if (sizeBytes <= smallBytes || (await this.#bulk.digest(this.path, 0)) === undefined) return undefined;
    const made = this.digest(sizeBytes);
    made.catch(() => {}); // whoever asks for it hears of it
    return { digest: () => made };
  }

  /** What the file is now. */
  async factsNow(): Promise<RemoteFacts> {
    try {
      return remoteFacts(await this.lane.fstat(this.handle)) ?? this.facts;
    } catch (error) {
      throw transferError(error, `${this.#bulk.host}:${this.path}`);
    }
  }

  /** Never rejects. */
  async close(): Promise<void> {
    await this.lane.close(this.handle).catch(() => {});
  }
}
