import type { FileHandle } from 'node:fs/promises';
import { localError } from '../../local/local-error.ts';
import type { LocalArea, LocalPath, LocalSource, LocalTarget } from '../../local/places.ts';
import type { BeamFacts, NewTarget, OpenSource, OpenTarget, Side, SideEntry } from './side.ts';

/** A multiple of the largest packet of SFTP. */
const pieceBytes = 2 * 255 * 1024;
/** Writes that are under way at once. */
const mostWrites = 4;
/** What may wait for the disk, so that to sync at the end is short. */
const syncEveryBytes = 64 * 1024 * 1024;

/** Files of this machine as an end of a copy. What is refused, and how, is `LocalArea`'s. */
export class LocalSide implements Side {
  readonly #area: LocalArea;
  readonly #top: LocalPath;
  readonly #signal: AbortSignal;

  constructor(area: LocalArea, top: LocalPath, signal: AbortSignal) {
    this.#area = area;
    this.#top = top;
    this.#signal = signal;
  }

  async real(): Promise<string> {
    return Buffer.from(this.#top.bytes).toString('latin1');
  }

  async look(names: readonly string[]): Promise<BeamFacts | undefined> {
    return await this.#area.look(this.#at(names), this.#signal);
  }

  async list(names: readonly string[], maxEntries: number): Promise<readonly SideEntry[]> {
    const entries = await this.#area.list(this.#at(names), maxEntries, this.#signal);
    return entries.map(({ name, facts, isDenied, linkTarget }) => {
      const text = Buffer.from(name).toString();
      const isUnnameable = !Buffer.from(text).equals(name);
      const target = linkTarget && { linkTarget: Buffer.from(linkTarget).toString() };
      return { name: text, facts, isDenied, isUnnameable, ...target };
    });
  }

  async openSource(names: readonly string[], options: { readonly follow: boolean }): Promise<OpenSource> {
    const path = this.#at(names);
    return sourceOf(await this.#area.openSource(path, options, this.#signal), path.bytes);
  }

  async createTarget(names: readonly string[], options: NewTarget): Promise<OpenTarget> {
    const path = this.#at(names);
    const target = await this.#area.createTarget(path, options, this.#signal);
    const text = Buffer.from(path.bytes).toString();
    return targetOf(target, path.bytes, text.slice(0, text.lastIndexOf('/') + 1));
  }

  async makeDirectory(names: readonly string[]): Promise<'made' | 'found'> {
    return await this.#area.makeDirectory(this.#at(names), this.#signal);
  }

  async finishDirectory(
    names: readonly string[],
    facts: { readonly mode: number; readonly mtimeMs: number },
  ): Promise<void> {
    await this.#area.finishDirectory(this.#at(names), facts, this.#signal);
  }

  async makeLink(
    names: readonly string[],
    target: string,
    options: { readonly overwrite: boolean },
  ): Promise<void> {
    await this.#area.makeLink(this.#at(names), Buffer.from(target), options, this.#signal);
  }

  #at(names: readonly string[]): LocalPath {
    let path = this.#top;
    for (const name of names) path = this.#area.child(path, Buffer.from(name));
    return path;
  }
}

function sourceOf(source: LocalSource, path: Uint8Array): OpenSource {
  return {
    facts: source.facts,
    read: (from, to) => readPieces(source.handle, path, from, to),
    digest: async () => undefined,
    canDigest: async () => false,
    factsNow: async () => {
      const { size, mtimeMs } = await source.handle.stat();
      return { ...source.facts, sizeBytes: size, mtimeMs };
    },
    close: () => source.close().catch(() => {}),
  };
}

function targetOf(target: LocalTarget, path: Uint8Array, directory: string): OpenTarget {
  const { part } = target;
  const writes = new Writes(part, path);
  return {
    isHere: true,
    partBytes: target.partBytes,
    partShown: directory + Buffer.from(target.partName).toString(),
    read: (from, to) => readPieces(part, path, from, to),
    digest: async () => undefined,
    pull: () => undefined,
    settle: () => writes.settle(),
    truncate: (bytes) => failing(path, () => part.truncate(bytes)),
    write: (chunk, position) => writes.write(chunk, position),
    commit: (facts) => target.commit(facts),
    async keep() {
      await writes.settle().catch(() => {});
      return await target.keep();
    },
    async discard() {
      await writes.settle().catch(() => {});
      await target.discard();
    },
  };
}

/** Writes that are under way; a chunk that was given is not changed any more. */
class Writes {
  readonly #part: FileHandle;
  readonly #path: Uint8Array;
  readonly #underWay = new Set<Promise<void>>();
  #failure: { readonly error: unknown } | undefined;
  #unsyncedBytes = 0;

  constructor(part: FileHandle, path: Uint8Array) {
    this.#part = part;
    this.#path = path;
  }

  async write(chunk: Buffer, position: number): Promise<void> {
    while (this.#underWay.size >= mostWrites) await Promise.race(this.#underWay);
    if (this.#failure) throw this.#failure.error;
    this.#begin(this.#writeAll(chunk, position));
    this.#unsyncedBytes += chunk.length;
    if (this.#unsyncedBytes < syncEveryBytes) return;
    this.#unsyncedBytes = 0;
    this.#part.datasync().catch(() => {}); // the sync at the end says what failed
  }

  async settle(): Promise<void> {
    await Promise.all(this.#underWay);
    if (this.#failure) throw this.#failure.error;
  }

  #begin(work: Promise<void>): void {
    const settled = work
      .catch((error: unknown) => {
        this.#failure ??= { error };
      })
      .finally(() => this.#underWay.delete(settled));
    this.#underWay.add(settled);
  }

  async #writeAll(chunk: Buffer, position: number): Promise<void> {
    for (let done = 0; done < chunk.length; ) {
      const rest = chunk.length - done;
      const { bytesWritten } = await failing(this.#path, () =>
        this.#part.write(chunk, done, rest, position + done),
      );
      done += bytesWritten;
    }
  }
}

/** Two buffers serve them all: one is read into while the other is used. */
async function* readPieces(
  handle: FileHandle,
  path: Uint8Array,
  from: number,
  to: number,
): AsyncGenerator<Buffer> {
  const length = Math.max(1, Math.min(pieceBytes, to - from));
  const read = async (at: number, buffer: Buffer) => {
    const wanted = Math.min(buffer.length, to - at);
    if (wanted <= 0) return buffer.subarray(0, 0);
    const { bytesRead } = await failing(path, () => handle.read(buffer, 0, wanted, at));
    return buffer.subarray(0, bytesRead);
  };
  let [current, other] = [Buffer.allocUnsafe(length), Buffer.allocUnsafe(to - from > length ? length : 1)];
  let piece = await read(from, current);
  for (let at = from; piece.length > 0; ) {
    at += piece.length;
    const next = read(at, other);
    next.catch(() => {}); // awaited below, unless the reader goes
    yield piece;
    piece = await next;
    [current, other] = [other, current];
  }
}

async function failing<T>(path: Uint8Array, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw localError(error, path);
  }
}
