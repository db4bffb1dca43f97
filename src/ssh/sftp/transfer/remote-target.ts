import type { ScoutError } from '../../../errors.ts';
import { sftpStatus, statusOf } from '../sftp-error.ts';
import { type Bulk, smallBytes } from './bulk.ts';
import type { Lane } from './lane.ts';
import { type OpenHandle, readAhead } from './read-ahead.ts';
import { RemoteSource } from './remote-source.ts';
import { existsError } from './target-error.ts';
import { writeError } from './transfer-error.ts';
import { WriteBehind } from './write-behind.ts';

/** sshd takes 2 MiB a channel before it says go on, and as much is on its way from here. */
const behindBytes = 4 * 1024 * 1024;
/** What one request for a copy within the machine may take: progress is told between two. */
const stepBytes = 64 * 1024 * 1024;

interface CommitFacts {
  readonly mode: number;
  readonly mtimeMs: number;
  /** Wait until it is on the disk. */
  readonly sync: boolean;
}

export interface TargetPlace {
  readonly directory: string;
  readonly path: string;
  readonly partPath: string;
  readonly overwrite: boolean;
  readonly sizeBytes: number;
}

/**
 * A file in the making: a hidden part beside its target (mode 0600). One of `commit`, `keep` and `discard` ends it.
 * Rejects with what `writeError` gives.
 */
export class RemoteTarget {
  /** What the part already holds of an earlier try, unverified. */
  readonly partBytes: number;
  readonly #bulk: Bulk;
  readonly #place: TargetPlace;
  readonly #handles: readonly [OpenHandle, ...OpenHandle[]];
  readonly #writes: WriteBehind;
  #written = 0;
  #flushed: Promise<boolean> | undefined;
  #isEnded = false;
  /** Where the old file may be: it was to make room, and nobody answered. */
  #aside: string | undefined;

  constructor(
    bulk: Bulk,
    place: TargetPlace,
    handles: readonly [OpenHandle, ...OpenHandle[]],
    partBytes: number,
  ) {
    this.#bulk = bulk;
    this.#place = place;
    this.#handles = handles;
    this.partBytes = partBytes;
    const mostBytes = handles.length > 1 ? behindBytes * handles.length : behindBytes / 2;
    this.#writes = new WriteBehind(handles, mostBytes, place.sizeBytes);
  }

  /** As a person reads it. */
  get partShown(): string {
    const part = `${this.#bulk.host}:${this.#place.partPath}`;
    return this.#aside === undefined ? part : `${part}, and the old file may be in ${this.#aside}`;
  }

  /** Resolves when there is room for more; `chunk` may be used again then. */
  async write(chunk: Buffer, position: number): Promise<void> {
    this.#written += chunk.length;
    this.#flushed = undefined;
    await this.#failing(() => this.#writes.write(chunk, position));
  }

  /** Resolves when all is written. */
  async settle(): Promise<void> {
    await this.#failing(() => this.#writes.settle());
  }

  /** Begin to have what is written put to the disk, so that `commit` waits less for it. */
  flush(): void {
    this.#flushed = this.#lane.fsync(this.#handle).then(
      () => true,
      () => false, // the one of `commit` says why
    );
  }

  async truncate(bytes: number): Promise<void> {
    await this.#failing(() => this.#lane.fsetstat(this.#handle, { size: bytes }));
  }

  /**
   * Have the machine copy a range by itself; what was copied, step by step. Undefined where the file is on another
   * machine, or this one cannot.
   */
  pull(source: unknown, from: number, to: number): AsyncIterable<number> | undefined {
    if (!(source instanceof RemoteSource)) return undefined;
    if (!this.#lane.isSameChannel(source.lane) || !this.#lane.offers('copy-data')) return undefined;
    return this.#pull(source.handle, from, to);
  }

  /** Only when all of it is there. */
  follow(): undefined {
    return undefined;
  }

  /** SHA-256 of the first bytes, made where the file is; undefined where it must be read for that. */
  async digest(bytes: number): Promise<string | undefined> {
    return bytes <= smallBytes ? undefined : await this.#bulk.digest(this.#place.partPath, bytes);
  }

  /** What is written, front to back. */
  async *read(from: number, to: number): AsyncGenerator<Buffer> {
    try {
      yield* readAhead([this.#handles[0]], { from, to, aheadBytes: behindBytes });
    } catch (error) {
      throw await this.#error(error);
    }
  }

  /** Give it mode and time, have it on the disk, and put it in the target's place by one rename. */
  async commit({ mode, mtimeMs, sync }: CommitFacts): Promise<void> {
    const seconds = Math.floor(mtimeMs / 1_000);
    const lane = this.#lane;
    await this.#failing(async () => {
      const settings = { mode: mode & 0o777, atime: seconds, mtime: seconds };
      // a file system without modes or times is none of the copy's failures
      const set = lane.fsetstat(this.#handle, settings).catch(unlessStatus);
      // a journal puts mode and time to the disk no later than the name that the file gets behind them
      await Promise.all([sync ? this.#sync().catch(unlessStatus) : undefined, set]);
      await this.#putInPlace();
    });
    await this.#end();
  }

  /** Leave the part for resume. False where it holds nothing and was removed. Never rejects. */
  async keep(): Promise<boolean> {
    await this.#writes.settle().catch(() => {});
    const isEmpty = this.partBytes + this.#written === 0;
    await this.#end();
    if (isEmpty) await this.#lane.unlink(this.#place.partPath).catch(() => {});
    return !isEmpty;
  }

  /** Remove the part. Never rejects. */
  async discard(): Promise<void> {
    await this.#end();
    await this.#lane.unlink(this.#place.partPath).catch(() => {});
  }

  get #lane(): Lane {
    return this.#handles[0].lane;
  }

  get #handle(): Buffer {
    return this.#handles[0].handle;
  }

  async *#pull(source: Buffer, from: number, to: number): AsyncGenerator<number> {
    for (let at = from; at < to; ) {
      const count = Math.min(stepBytes, to - at);
      this.#written += count;
      await this.#failing(() => this.#lane.copyData(source, this.#handle, at, count));
      at += count;
      yield count;
    }
  }

  async #sync(): Promise<void> {
    if (!(await this.#flushed)) await this.#lane.fsync(this.#handle);
  }

  async #putInPlace(): Promise<void> {
    const { path, partPath, overwrite } = this.#place;
    const lane = this.#lane;
    if (overwrite && lane.offers('posix-rename@openssh.com')) return await lane.posixRename(partPath, path);
    if (!overwrite && lane.isOpenssh) return await this.#renameNew(path);
    const stands = await lane.lstat(path).then(
      () => true,
      (error: unknown) => {
        if (statusOf(error) !== sftpStatus.noSuchFile) throw error;
        return false;
      },
    );
    const aside = `${partPath}-old`;
    if (!stands) {
      await lane.rename(partPath, path);
      // a part that was gone on with may be that of a try that came no further than to move the old file away
      if (this.partBytes > 0) await lane.unlink(aside).catch(unlessStatus);
      return;
    }
    if (!overwrite) throw existsError(`${this.#bulk.host}:${path}`);
    // no atomic way: the old file stays under a name of ours until the new one is there
    await lane.unlink(aside).catch(unlessStatus); // of a try that came no further than to its new file
    try {
      await lane.rename(path, aside).catch((error: unknown) => {
        if (statusOf(error) === undefined) this.#aside = aside;
        throw error;
      });
      this.#aside = aside;
      await lane.rename(partPath, path);
      this.#aside = undefined;
    } catch (error) {
      const giveBack = () =>
        lane.rename(aside, path).then(
          () => undefined,
          () => aside,
        );
      if (this.#aside !== undefined) this.#aside = await giveBack();
      throw error;
    }
    await lane.unlink(aside).catch(unlessStatus);
  }

  /** By link(2) and unlink(2) there, which never replaces. */
  async #renameNew(path: string): Promise<void> {
    const { partPath } = this.#place;
    const lane = this.#lane;
    try {
      await lane.rename(partPath, path);
    } catch (error) {
      const stands =
        statusOf(error) === sftpStatus.failure && (await lane.lstat(path).catch(() => undefined));
      throw stands ? existsError(`${this.#bulk.host}:${path}`) : error;
    }
  }

  async #end(): Promise<void> {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#bulk.release(this.#place.partPath);
    await Promise.all(this.#handles.map(({ lane, handle }) => lane.close(handle).catch(() => {})));
  }

  async #failing<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw await this.#error(error);
    }
  }

  async #error(error: unknown): Promise<ScoutError> {
    const { path, directory } = this.#place;
    return await writeError(this.#lane, error, `${this.#bulk.host}:${path}`, directory);
  }
}

function unlessStatus(error: unknown): void {
  if (statusOf(error) === undefined) throw error;
}
