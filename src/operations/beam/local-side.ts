import type { FileHandle } from 'node:fs/promises';
import type { LocalArea, LocalPath, LocalSource, LocalTarget } from '../../local/places.ts';
import { failing, PartWriter } from './part-writer.ts';
import { ReadBack } from './read-back.ts';
import type { BeamFacts, NewTarget, OpenSource, OpenTarget, Side, SideEntry } from './side.ts';

/** A multiple of the largest packet of SFTP. */
const pieceBytes = 2 * 255 * 1024;
/** A smaller file is read back when all of it is there. */
const readBackBytes = 4 * 1024 * 1024;

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
  const { handle, facts } = source;
  return {
    facts,
    read: (from, to) => readPieces(handle, path, from, to),
    digest: async () => undefined,
    follow: async () => undefined,
    factsNow: async () => {
      const { size, mtimeMs } = await handle.stat();
      return { ...facts, sizeBytes: size, mtimeMs };
    },
    close: () => source.close().catch(() => {}),
  };
}

function targetOf(target: LocalTarget, path: Uint8Array, directory: string): OpenTarget {
  const { part } = target;
  const writes = new PartWriter(part, path);
  const readBack = (from: number, to: number) => readPieces(part, path, from, to);
  let back: ReadBack | undefined;
  const end = async () => {
    await writes.end();
    await back?.stop();
  };
  return {
    partBytes: target.partBytes,
    partShown: directory + Buffer.from(target.partName).toString(),
    read: readBack,
    digest: async () => undefined,
    follow(bytes) {
      if (bytes >= readBackBytes) back = new ReadBack(readBack);
      writes.onWritten = (written) => back?.follow(written);
      return back;
    },
    pull: () => undefined,
    settle: () => writes.settle(),
    flush: () => {}, // it goes to the disk all the while
    truncate: (bytes) => failing(path, () => part.truncate(bytes)),
    write: (chunk, position) => writes.write(chunk, position),
    async commit(facts) {
      await end();
      await target.commit(facts);
    },
    async keep() {
      await end();
      return await target.keep();
    },
    async discard() {
      await end();
      await target.discard();
    },
  };
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
