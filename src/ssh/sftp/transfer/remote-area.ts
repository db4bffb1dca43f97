import { createHash } from 'node:crypto';
import type { FileEntryWithStats, Stats } from 'ssh2';
import type { DenyPaths } from '../../../deny-paths.ts';
import { ScoutError } from '../../../errors.ts';
import { pathDenied, pathTrapped } from '../../../path-denied.ts';
import { isKernelTrap } from '../../../path-traps.ts';
import { showPath } from '../../show-path.ts';
import { sftpPath } from '../door.ts';
import { sftpStatus, statusOf } from '../sftp-error.ts';
import { type Bulk, isFar } from './bulk.ts';
import type { OpenHandle } from './read-ahead.ts';
import { type RemoteFacts, remoteFacts } from './remote-facts.ts';
import { RemoteSource } from './remote-source.ts';
import { RemoteTarget } from './remote-target.ts';
import { existsError, inUse, isDirectoryError, notAFile } from './target-error.ts';
import { transferError, writeError } from './transfer-error.ts';

/** Files of this size are sent over several channels where the way is far, in bytes. */
const largeBytes = 4 * 1024 * 1024;
const mostLanes = 4;
/** Of the target's name the part's has so much, so that it is none that the file system refuses (NAME_MAX is 255). */
const mostNameBytes = 200;

export interface RemoteEntry {
  readonly name: string;
  readonly facts: RemoteFacts | undefined;
  readonly isDenied: boolean;
  /** It is no UTF-8, and no request can name it. */
  readonly isUnnameable: boolean;
  /** Of a symbolic link. */
  readonly linkTarget?: string;
}

export interface RemoteTargetOptions {
  readonly overwrite: boolean;
  readonly resume: boolean;
  /** Tells the source from every other; its hash names the part. */
  readonly sourceId: string;
  readonly sizeBytes: number;
  /** Its directory was made by this very copy: nothing can be there. */
  readonly isFresh: boolean;
}

/**
 * One path of a remote machine and what is below it, as the source or the target of a copy; `names` lead down from
 * it. SCOUT_DENY_PATHS holds for the real path of the top, and for all below it, where no link is followed. Rejects
 * with ScoutError `path_not_found`, `permission_denied`, `path_denied`, `exists`, `unsupported_file`, `transfer_failed`,
 * `connection_lost` and `busy`.
 */
export class RemoteArea {
  readonly #bulk: Bulk;
  readonly #top: string;
  readonly #denied: DenyPaths;
  #real: Promise<string> | undefined;

  /** `path` as callers write it: absolute, `~`, `~/…`, or relative to the home directory. */
  constructor(bulk: Bulk, path: string, denied: DenyPaths) {
    this.#bulk = bulk;
    this.#top = sftpPath(path);
    this.#denied = denied;
  }

  /** The real path of the top, which tells a file from every other one of the machine. */
  async real(): Promise<string> {
    this.#real ??= this.#findReal();
    return await this.#real;
  }

  /** What is there, links followed; undefined where nothing is. */
  async look(names: readonly string[]): Promise<RemoteFacts | undefined> {
    await this.#check(names);
    return await this.#facts(() => this.#bulk.lane.stat(this.#at(names)), names);
  }

  async openSource(
    names: readonly string[],
    { follow }: { readonly follow: boolean },
  ): Promise<RemoteSource> {
    await this.#check(names);
    const path = this.#at(names);
    const { lane } = this.#bulk;
    const facts = await this.#facts(() => (follow ? lane.stat(path) : lane.lstat(path)), names);
    if (!facts)
      throw transferError(Object.assign(new Error(), { code: sftpStatus.noSuchFile }), this.#named(path));
    if (facts.kind !== 'file') throw notAFile(this.#named(path), facts.kind);
    if (isKernelTrap(below(await this.real(), names))) throw pathTrapped(this.#named(path));
    try {
      return new RemoteSource(this.#bulk, path, await lane.openToRead(path), facts);
    } catch (error) {
      throw transferError(error, this.#named(path));
    }
  }

  async list(names: readonly string[], maxEntries: number): Promise<readonly RemoteEntry[]> {
    await this.#check(names);
    const path = this.#at(names);
    const { lane } = this.#bulk;
    const found: FileEntryWithStats[] = [];
    try {
      const handle = await lane.opendir(path);
      for (;;) {
        const more = await lane.readdir(handle);
        if (!more) break;
        found.push(...more.filter(({ filename }) => filename !== '.' && filename !== '..'));
        if (found.length > maxEntries) throw tooMany(this.#named(path));
      }
      await lane.close(handle);
      // of a directory that may not be entered, too, nothing is named
      if (found.length === 0) await lane.stat(`${path}/.`);
    } catch (error) {
      throw transferError(error, this.#named(path));
    }
    return await Promise.all(found.map((entry) => this.#entry(names, entry)));
  }

  /** Refuses before a byte moves. */
  async createTarget(names: readonly string[], options: RemoteTargetOptions): Promise<RemoteTarget> {
    await this.#check(names);
    const { overwrite, resume, sourceId, sizeBytes, isFresh } = options;
    const path = this.#at(names);
    const cut = path.lastIndexOf('/');
    const directory = path.slice(0, cut) || '/';
    const partPath = `${path.slice(0, cut)}/${partName(path.slice(cut + 1), sourceId)}`;
    if (!isFresh) await this.#refuseExisting(path, names, overwrite);
    if (!this.#bulk.claim(partPath)) throw inUse(this.#named(path));
    try {
      const { handle, bytes } = await this.#openPart(partPath, resume);
      const first = { lane: this.#bulk.lane, handle };
      const others = await this.#furtherHandles(partPath, sizeBytes);
      return new RemoteTarget(
        this.#bulk,
        { directory, path, partPath, overwrite, sizeBytes },
        [first, ...others],
        bytes,
      );
    } catch (error) {
      this.#bulk.release(partPath);
      throw await writeError(this.#bulk.lane, error, this.#named(path), directory);
    }
  }

  /** Make a directory (mode 0700 until `finishDirectory`), or find it there. Its parent must be. */
  async makeDirectory(names: readonly string[]): Promise<'made' | 'found'> {
    await this.#check(names);
    const path = this.#at(names);
    const { lane } = this.#bulk;
    try {
      await lane.mkdir(path, 0o700);
      return 'made';
    } catch (error) {
      const look = () => (names.length === 0 ? lane.stat(path) : lane.lstat(path));
      const facts = statusOf(error) === sftpStatus.failure ? await this.#facts(look, names) : undefined;
      if (facts?.kind === 'directory') return 'found';
      if (facts) throw existsError(this.#named(path));
      throw await writeError(lane, error, this.#named(path), path.slice(0, path.lastIndexOf('/')) || '/');
    }
  }

  async finishDirectory(
    names: readonly string[],
    { mode, mtimeMs }: { readonly mode: number; readonly mtimeMs: number },
  ): Promise<void> {
    const seconds = Math.floor(mtimeMs / 1_000);
    const path = this.#at(names);
    try {
      await this.#bulk.lane.setstat(path, { mode: mode & 0o777, atime: seconds, mtime: seconds });
    } catch (error) {
      throw transferError(error, this.#named(path));
    }
  }

  /** Make a symbolic link; the caller has looked where it leads. */
  async makeLink(
    names: readonly string[],
    target: string,
    { overwrite }: { readonly overwrite: boolean },
  ): Promise<void> {
    await this.#check(names);
    const path = this.#at(names);
    const { lane } = this.#bulk;
    try {
      const there = await this.#facts(() => lane.lstat(path), names);
      if (there?.kind === 'symlink' && (await lane.readlink(path)) === target) return;
      if (there && !overwrite) throw existsError(this.#named(path));
      if (there?.kind === 'directory') throw isDirectoryError(this.#named(path));
      if (there) await lane.unlink(path);
      await lane.symlink(target, path);
    } catch (error) {
      throw await writeError(lane, error, this.#named(path), path.slice(0, path.lastIndexOf('/')) || '/');
    }
  }

  #at(names: readonly string[]): string {
    return below(this.#top, names);
  }

  #named(path: string): string {
    return `${this.#bulk.host}:${path}`;
  }

  async #check(names: readonly string[]): Promise<void> {
    const asked = this.#at(names);
    const paths = new Set([below(await this.real(), names), asked]);
    if ([...paths].some((path) => this.#denied.denies(path))) throw pathDenied(this.#named(asked));
  }

  /** Where the top is not there yet, its directory says where it will be. */
  async #findReal(): Promise<string> {
    const [lane, path] = [this.#bulk.lane, this.#top];
    const there = await this.#facts(() => lane.stat(path), []);
    if (there) return await lane.realpath(path);
    const cut = path.lastIndexOf('/');
    const directory = path.slice(0, cut) || '/';
    try {
      const real = await lane.realpath(directory);
      return `${real === '/' ? '' : real}/${path.slice(cut + 1)}`;
    } catch (error) {
      throw transferError(error, this.#named(directory));
    }
  }

  async #facts(ask: () => Promise<Stats>, names: readonly string[]): Promise<RemoteFacts | undefined> {
    try {
      return remoteFacts(await ask());
    } catch (error) {
      if (statusOf(error) === sftpStatus.noSuchFile) return undefined;
      throw transferError(error, this.#named(this.#at(names)));
    }
  }

  async #entry(directory: readonly string[], { filename, attrs }: FileEntryWithStats): Promise<RemoteEntry> {
    const names = [...directory, filename];
    const facts = remoteFacts(attrs as Stats); // ssh2 gives an object of that class
    const isDenied = await this.#check(names).then(
      () => false,
      () => true,
    );
    const { lane } = this.#bulk;
    // ssh2 puts U+FFFD for what is no UTF-8; a name may also hold that character itself
    const isUnnameable =
      filename.includes('\ufffd') && !(await this.#facts(() => lane.lstat(this.#at(names)), names));
    const entry = { name: filename, facts, isDenied, isUnnameable };
    if (facts?.kind !== 'symlink' || isUnnameable) return entry;
    return { ...entry, linkTarget: await lane.readlink(this.#at(names)).catch(() => '') };
  }

  async #refuseExisting(path: string, names: readonly string[], overwrite: boolean): Promise<void> {
    const there = await this.#facts(() => this.#bulk.lane.lstat(path), names);
    if (!there) return;
    if (there.kind === 'directory') throw isDirectoryError(this.#named(path));
    if (!overwrite) throw existsError(this.#named(path));
    if (there.kind !== 'file' && there.kind !== 'symlink') throw notAFile(this.#named(path), there.kind);
  }

  async #openPart(path: string, resume: boolean): Promise<{ handle: Buffer; bytes: number }> {
    const { lane } = this.#bulk;
    try {
      return { handle: await lane.openToWrite(path, 0o600), bytes: 0 };
    } catch (error) {
      if (statusOf(error) !== sftpStatus.failure) throw error;
      const there = await this.#facts(() => lane.lstat(path), []);
      if (!there) throw error;
      // not one that others may have written to; one that was about to be put in place has its final mode
      if (resume && there.kind === 'file' && there.sizeBytes > 0 && (there.mode & 0o022) === 0) {
        const part = { handle: await lane.openToWrite(path), bytes: there.sizeBytes };
        await lane.fsetstat(part.handle, { mode: 0o600 });
        return part;
      }
      await lane.unlink(path);
      return { handle: await lane.openToWrite(path, 0o600), bytes: 0 };
    }
  }

  async #furtherHandles(path: string, sizeBytes: number): Promise<readonly OpenHandle[]> {
    if (sizeBytes < largeBytes || !isFar(this.#bulk)) return [];
    const [, ...lanes] = await this.#bulk.lanes(mostLanes);
    return await Promise.all(lanes.map(async (lane) => ({ lane, handle: await lane.openToWrite(path) })));
  }
}

/** `.NAME.HASH.scout-part`, as parts on this machine are called. */
function partName(name: string, sourceId: string): string {
  const hash = createHash('sha256').update(sourceId).digest('hex').slice(0, 16);
  let shown = name;
  while (Buffer.byteLength(shown) > mostNameBytes) shown = [...shown].slice(0, -1).join('');
  return `.${shown}.${hash}.scout-part`;
}

function tooMany(path: string): ScoutError {
  return new ScoutError(
    'output_limit',
    `${showPath(path)} holds more files than one copy takes`,
    'Copy its directories one by one.',
  );
}

function below(top: string, names: readonly string[]): string {
  return names.length === 0 ? top : `${top === '/' ? '' : top}/${names.join('/')}`;
}
