import { constants, fstatSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import { type FileHandle, open, statfs } from 'node:fs/promises';
import { type BytePath, fromBytes, joinPath, toBytes } from './byte-path.ts';

const openFlags = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

const looks = 16;

/** f_type in statfs(2) of proc(5) and sysfs(5). */
const madeUpFileSystems = new Set([0x9fa0, 0x62656572]);

/**
 * An open directory, by which the names in it are reached. With descriptor paths (Linux: /proc/self/fd, proc(5)) a
 * name is looked up in this very directory, wherever it is moved, as by openat(2); elsewhere by its real path, and
 * `isInPlace` after the fact tells whether that still was this directory. It is closed with its last user.
 */
export class OpenDirectory {
  /** Where it was when it was opened, without links. */
  readonly realPath: BytePath;
  readonly device: bigint;
  readonly inode: bigint;
  readonly handle: FileHandle;
  readonly #byDescriptor: boolean;
  #users = 1;
  #isMadeUp: boolean | undefined;

  private constructor(
    handle: FileHandle,
    realPath: BytePath,
    place: { readonly dev: bigint; readonly ino: bigint },
    byDescriptor: boolean,
  ) {
    this.handle = handle;
    this.realPath = realPath;
    this.device = place.dev;
    this.inode = place.ino;
    this.#byDescriptor = byDescriptor;
  }

  /** Open a root by its real path; a link that came to stand there fails with ENOTDIR or ELOOP. */
  static async openRoot(path: BytePath, byDescriptor: boolean): Promise<OpenDirectory> {
    return await OpenDirectory.#open(toBytes(path), path, byDescriptor);
  }

  /** Open a directory in this one; a link fails with ENOTDIR or ELOOP. */
  async openChild(name: BytePath): Promise<OpenDirectory> {
    return await OpenDirectory.#open(this.at(name), joinPath(this.realPath, name), this.#byDescriptor);
  }

  /** The path by which the system reaches a name in this directory, or the directory itself. */
  at(name?: BytePath): Buffer {
    const own = this.#byDescriptor ? descriptorPath(this.handle) : this.realPath;
    return toBytes(name === undefined ? own : joinPath(own, name));
  }

  /** Whether it still is where it was when it was opened. */
  async isInPlace(): Promise<boolean> {
    return (await this.whereIs(this.handle, this.realPath)) === this.realPath;
  }

  /**
   * The real path of an open file that was reached as `path` (absolute, by real directories); undefined where
   * something else stands there by now.
   */
  async whereIs(handle: FileHandle, path: BytePath): Promise<BytePath | undefined> {
    if (this.#byDescriptor) return readDescriptor(handle);
    return samePlace(handle, path);
  }

  /** Whether it is of a file system that makes its files up: to read one may block, or do something. */
  async isMadeUp(): Promise<boolean> {
    this.#isMadeUp ??= madeUpFileSystems.has((await statfs(this.at())).type);
    return this.#isMadeUp;
  }

  /** fsync(2), for the names in it. Not every file system can. */
  async sync(): Promise<void> {
    await this.handle.sync().catch(() => {});
  }

  retain(): this {
    this.#users++;
    return this;
  }

  async release(): Promise<void> {
    if (--this.#users === 0) await this.handle.close().catch(() => {});
  }

  static async #open(at: Buffer, path: BytePath, byDescriptor: boolean): Promise<OpenDirectory> {
    const handle = await open(at, openFlags);
    try {
      const facts = await handle.stat({ bigint: true });
      const place = byDescriptor ? readDescriptor(handle) : samePlace(handle, path);
      if (place === undefined) throw Object.assign(new Error('moved while it was opened'), { code: 'ELOOP' });
      return new OpenDirectory(handle, place, facts, byDescriptor);
    } catch (thrown) {
      await handle.close();
      throw thrown;
    }
  }
}

function descriptorPath(handle: FileHandle): BytePath {
  return `/proc/self/fd/${handle.fd}`;
}

/** Synchronous on purpose: the kernel answers from memory, at a hundredth of the cost of a trip to a thread. */
function readDescriptor(handle: FileHandle): BytePath {
  return fromBytes(readlinkSync(descriptorPath(handle), 'buffer'));
}

/**
 * Whether this very file stands at `path`, and `path` goes through no link. One look at each can be deceived by who
 * swaps a directory for a link between them; so both are asked in turn, at once and again, and every answer counts:
 * who swaps blindly deceives all of them once in 2³² attempts.
 */
function samePlace(handle: FileHandle, path: BytePath): BytePath | undefined {
  const own = fstatSync(handle.fd, { bigint: true });
  const text = toBytes(path);
  for (let look = 0; look < looks; look += 1) {
    if (fromBytes(realpathSync.native(text, 'buffer')) !== path) return undefined;
    const there = statSync(text, { bigint: true });
    if (own.dev !== there.dev || own.ino !== there.ino) return undefined;
  }
  return path;
}
