import type { FileHandle } from 'node:fs/promises';
import { localError } from '../../local/local-error.ts';

/** Chunks are written together up to here: each write wakes a thread, in bytes. */
const togetherBytes = 1024 * 1024;
/** Writes that are under way at once. */
const mostWrites = 2;
/** What may wait for the disk, so that to sync at the end is short. */
const syncEveryBytes = 64 * 1024 * 1024;

interface Write {
  readonly from: number;
  readonly ended: Promise<void>;
}

/** Writes a part front to back; a chunk that was given is not changed any more. */
export class PartWriter {
  /** Told that all before so many bytes is in the file. */
  onWritten: (bytes: number) => void = () => {};
  readonly #part: FileHandle;
  readonly #path: Uint8Array;
  readonly #underWay = new Set<Write>();
  #chunks: Buffer[] = [];
  #chunksBytes = 0;
  #from = 0;
  #failure: { readonly error: unknown } | undefined;
  #unsyncedBytes = 0;
  #told = 0;
  #synced: Promise<void> = Promise.resolve();

  constructor(part: FileHandle, path: Uint8Array) {
    this.#part = part;
    this.#path = path;
  }

  /** Resolves when there is room for more. Rejects with what an earlier write did. */
  async write(chunk: Buffer, position: number): Promise<void> {
    if (this.#chunksBytes === 0) this.#from = position;
    this.#chunks.push(chunk);
    this.#chunksBytes += chunk.length;
    if (this.#chunksBytes < togetherBytes) return;
    this.#send();
    while (this.#underWay.size >= mostWrites)
      await Promise.race([...this.#underWay].map(({ ended }) => ended));
    if (this.#failure) throw this.#failure.error;
  }

  /** Resolves when all is written. Rejects as `write`. */
  async settle(): Promise<void> {
    this.#send();
    await Promise.all([...this.#underWay].map(({ ended }) => ended));
    if (this.#failure) throw this.#failure.error;
  }

  /** Resolves when the part is not worked on any more. Never rejects. */
  async end(): Promise<void> {
    await this.settle().catch(() => {});
    await this.#synced;
  }

  #send(): void {
    if (this.#chunksBytes === 0) return;
    const [chunks, bytes, from] = [this.#chunks, this.#chunksBytes, this.#from];
    this.#chunks = [];
    this.#chunksBytes = 0;
    this.#from = from + bytes;
    const ended = this.#writeAll(chunks, from)
      .catch((error: unknown) => {
        this.#failure ??= { error };
      })
      .then(() => {
        this.#underWay.delete(write);
        this.#tell();
      });
    const write: Write = { from, ended };
    this.#underWay.add(write);
    this.#unsyncedBytes += bytes;
    if (this.#unsyncedBytes < syncEveryBytes) return;
    this.#sync();
  }

  /** A later write may be done before an earlier one. */
  #tell(): void {
    const written = Math.min(this.#from, ...[...this.#underWay].map(({ from }) => from));
    if (this.#failure || written <= this.#told) return;
    this.#told = written;
    this.onWritten(written);
  }

  #sync(): void {
    this.#unsyncedBytes = 0;
    this.#synced = this.#synced.then(() => this.#part.datasync()).catch(() => {}); // the sync at the end tells
  }

  async #writeAll(chunks: readonly Buffer[], from: number): Promise<void> {
    let rest = chunks;
    for (let at = from; rest.length > 0; ) {
      const { bytesWritten } = await failing(this.#path, () => this.#part.writev(rest, at));
      at += bytesWritten;
      rest = behind(rest, bytesWritten);
    }
  }
}

/** What is left of `chunks` without their first bytes. */
function behind(chunks: readonly Buffer[], bytes: number): readonly Buffer[] {
  let skip = bytes;
  const first = chunks.findIndex((chunk) => {
    if (chunk.length > skip) return true;
    skip -= chunk.length;
    return false;
  });
  const [cut, ...others] = first < 0 ? [] : chunks.slice(first);
  return cut ? [cut.subarray(skip), ...others] : [];
}

/** `work` on a file of this machine; rejects with what it means to who asked for it. */
export async function failing<T>(path: Uint8Array, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw localError(error, path);
  }
}
