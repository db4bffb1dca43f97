import { createHash } from 'node:crypto';
import type { Stats } from 'node:fs';
import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { ConfigFile } from './config-file.ts';
import { parseConfigFile } from './config-file.ts';
import { includedPaths } from './include-paths.ts';
import type { LocalSystem } from './local-system.ts';
import { configError } from './problem.ts';

/** Larger files are refused; nobody writes them by hand. */
const maxFileBytes = 16 * 1024 ** 2;

interface Read {
  readonly file: ConfigFile;
  readonly digest: string;
  readonly stats: Stats;
  readonly asksMore: boolean;
}

/** Match may run a command and look at networks; names are made canonical by the name service. */
const asksMore = /match|canonical/i;

/**
 * The configuration files as they were at one moment. Files and directories are looked at once, when they are
 * first needed; `isCurrent` says by stat(2) whether one of them changed since. Reading is synchronous: the files
 * are few, small and local, and what is known costs one stat each.
 */
export class ConfigSnapshot {
  readonly #system: LocalSystem;
  readonly #before: ConfigSnapshot | undefined;
  readonly #read = new Map<string, Read | 'absent' | 'unreadable'>();
  readonly #globs = new Map<string, readonly string[]>();
  readonly #watched = new Map<string, Stats | undefined>();

  /** What `before` has read is taken over where the file is still the same. */
  constructor(system: LocalSystem, before?: ConfigSnapshot) {
    this.#system = system;
    this.#before = before;
  }

  /** The file as parsed, or why there is none. Throws ScoutError where ssh refuses its owner or permissions. */
  file(path: string, checkPermissions: boolean): ConfigFile | 'absent' | 'unreadable' {
    const read = this.#readOnce(path);
    if (typeof read === 'string') return read;
    if (checkPermissions) this.#checkPermissions(path, read.stats);
    return read.file;
  }

  /** The paths that an absolute Include argument stands for now. */
  included(pattern: string): readonly string[] {
    const known = this.#globs.get(pattern);
    if (known) return known;
    const paths = includedPaths(pattern, {
      names: (path) => {
        this.#watch(path);
        return namesIn(path);
      },
      exists: (path) => {
        this.#watch(path);
        return statOf(path) !== undefined;
      },
    });
    this.#globs.set(pattern, paths);
    return paths;
  }

  isCurrent(): boolean {
    for (const [path, stats] of this.#watched) if (!isSame(stats, statOf(path))) return false;
    return true;
  }

  /** Whether a file or directory that was looked at is of after that moment. */
  isAfter(momentMs: number): boolean {
    return [...this.#watched.values()].some((stats) => stats !== undefined && stats.ctimeMs > momentMs);
  }

  /** Digest of the contents of all files read so far, and of which are missing. */
  contents(): string {
    const hash = createHash('sha256');
    for (const [path, read] of this.#read) {
      hash.update(`${path}\0${typeof read === 'string' ? read : `${read.digest}${read.stats.mode}`}\0`);
    }
    return hash.digest('hex');
  }

  /** What the files that were read so far say depends on nothing else that may change. */
  saysAll(): boolean {
    return [...this.#read.values()].every((read) => typeof read === 'string' || !read.asksMore);
  }

  /** Directories in which a change may matter: also where a link leads, and where one that is missing would be made. */
  directories(): ReadonlySet<string> {
    const paths = [...this.#watched.keys()].flatMap((path) => [path, real(path)]);
    return new Set(paths.flatMap((path) => [path, dirname(path)]).map(nearestDirectory));
  }

  #readOnce(path: string): Read | 'absent' | 'unreadable' {
    const known = this.#read.get(path);
    if (known) return known;
    const stats = this.#watch(path);
    const read = stats ? this.#readFile(path, stats) : 'absent';
    this.#read.set(path, read);
    return read;
  }

  #readFile(path: string, stats: Stats): Read | 'unreadable' {
    const earlier = this.#before ? this.#before.#read.get(path) : undefined;
    if (typeof earlier === 'object' && isSame(earlier.stats, stats)) return earlier;
    if (stats.size > maxFileBytes) throw configError(path, 'the file is larger than 16 MiB');
    try {
      // A directory or a device holds no directives, and a FIFO would never end.
      const text = stats.isFile() ? readFileSync(path, 'utf8') : '';
      const digest = createHash('sha256').update(text).digest('hex');
      return {
        file: parseConfigFile(path, text, this.#system.env),
        digest,
        stats,
        asksMore: asksMore.test(text),
      };
    } catch {
      return 'unreadable';
    }
  }

  #checkPermissions(path: string, stats: Stats): void {
    const owned = stats.uid === 0 || stats.uid === this.#system.uid;
    const groupMayWrite = (stats.mode & 0o020) !== 0 && !this.#system.mayBeGroupWritable(stats.gid);
    if (owned && (stats.mode & 0o002) === 0 && !groupMayWrite) return;
    throw configError(path, 'bad owner or permissions (others may write to it)');
  }

  /** Remember how the path looks now, for `isCurrent`. */
  #watch(path: string): Stats | undefined {
    const stats = statOf(path);
    this.#watched.set(path, stats);
    return stats;
  }
}

/** Two looks at a path found the same state of the same file, or none both times. */
function isSame(one: Stats | undefined, other: Stats | undefined): boolean {
  if (!one || !other) return one === other;
  const facts = ['dev', 'ino', 'size', 'mtimeMs', 'ctimeMs'] as const;
  return facts.every((fact) => one[fact] === other[fact]);
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined; // not to be reached: ssh reads over it too
  }
}

function nearestDirectory(path: string): string {
  return isDirectory(path) ? path : nearestDirectory(dirname(path));
}

function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path; // not there
  }
}

function isDirectory(path: string): boolean {
  return statOf(path)?.isDirectory() ?? false;
}

function namesIn(path: string): readonly string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
