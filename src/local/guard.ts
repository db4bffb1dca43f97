import { lstat, readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type DenyEntry, DenyPaths } from '../deny-paths.ts';
import { ScoutError } from '../errors.ts';
import { deniedFix, pathDenied } from '../path-denied.ts';
import { type BytePath, isBelow, toText } from './byte-path.ts';
import { showLocal } from './local-error.ts';

export type Use = 'read' | 'write';

interface Own {
  /** Its real path; of a file that is not there yet, where it would be. */
  readonly foldedPath: string;
  readonly device?: bigint;
  readonly inode?: bigint;
}

/** The lists for each use: as they were given, and folded. */
export type DenyLists = Readonly<Record<Use, readonly [plain: DenyPaths, folded: DenyPaths]>>;

/** Costs some milliseconds; once is enough. An exception allows to read (authorized_keys, say), not to write. */
export function denyLists(denied: DenyPaths): DenyLists {
  const strict = new DenyPaths(denied.entries.filter((entry) => !entry.isException));
  return { read: [denied, folded(denied)], write: [strict, folded(strict)] };
}

/** A file is asked about when it is listed, found and opened: that many answers are remembered. */
const mostAnswers = 4_096;

/** What below the roots is nobody's to copy: SCOUT_DENY_PATHS, and the files that this server lives by. */
export class Guard {
  readonly #lists: DenyLists;
  readonly #own: readonly Own[];
  readonly #answers = { read: new Map<BytePath, boolean>(), write: new Map<BytePath, boolean>() };

  private constructor(lists: DenyLists, own: readonly Own[]) {
    this.#lists = lists;
    this.#own = own;
  }

  /** Looks at the server's own files anew: they come and go. */
  static async make(lists: DenyLists, own: readonly string[]): Promise<Guard> {
    return new Guard(lists, (await Promise.all(own.map(findOwn))).flat());
  }

  /** Whether a real path may not be opened, or written; `place` is the file there, as far as there is one. */
  denies(
    path: BytePath,
    use: Use,
    place?: { readonly dev: bigint; readonly ino: bigint } | undefined,
  ): boolean {
    if (place && this.#own.some(({ device, inode }) => inode === place.ino && device === place.dev))
      return true;
    const answers = this.#answers[use];
    const known = answers.get(path);
    if (known !== undefined) return known;
    if (answers.size >= mostAnswers) answers.clear();
    const isDenied = this.#deniesText(toText(path), use);
    answers.set(path, isDenied);
    return isDenied;
  }

  /** Throws ScoutError `path_denied`, which names the path as it was asked for. */
  check(
    path: BytePath,
    use: Use,
    asked: Uint8Array,
    place?: { readonly dev: bigint; readonly ino: bigint } | undefined,
  ): void {
    if (!this.denies(path, use, place)) return;
    if (use === 'read') throw pathDenied(showLocal(asked));
    throw new ScoutError(
      'path_denied',
      `${showLocal(asked)} on this machine is not written: SCOUT_DENY_PATHS denies it, or scout-mcp needs it itself`,
      deniedFix,
    );
  }

  #deniesText(text: string, use: Use): boolean {
    const [list, lowerList] = this.#lists[use];
    const lower = fold(text);
    return (
      list.denies(text) || lowerList.denies(lower) || this.#own.some((own) => isBelow(lower, own.foldedPath))
    );
  }
}

/**
 * File systems that take `.SSH` for `.ssh`, one spelling of an accent for another, or overlook what is invisible
 * (APFS, HFS+, casefold of ext4) must not open a way past the list. Where the names do differ, a little more than was
 * asked for is denied. By way of upper case, for that is how U+017F becomes an s.
 */
function fold(text: string): string {
  const visible = text.normalize('NFD').replace(/\p{Default_Ignorable_Code_Point}/gu, '');
  return visible.toUpperCase().toLowerCase().normalize('NFC');
}

function folded({ entries }: DenyPaths): DenyPaths {
  return new DenyPaths(
    entries.map(({ isException, segments }): DenyEntry => {
      const lower = segments.map((segment) =>
        segment === '**' ? segment : segment.map(({ text, glob }) => ({ text: fold(text), glob })),
      );
      return { isException, segments: lower };
    }),
  );
}

async function findOwn(path: string): Promise<readonly Own[]> {
  try {
    const facts = await stat(path, { bigint: true });
    const real = await realpath(path);
    const itself = { foldedPath: fold(real), device: facts.dev, inode: facts.ino };
    return facts.isDirectory() ? [itself, ...(await filesIn(real))] : [itself];
  } catch {
    const directory = await realpath(dirname(path)).catch(() => dirname(path));
    return [{ foldedPath: fold(join(directory, basename(path))) }];
  }
}

/** The files of a directory may have second names elsewhere (link(2)), by which only their inodes tell them. */
async function filesIn(directory: string): Promise<readonly Own[]> {
  const names = await readdir(directory).catch(() => []);
  const found = await Promise.all(
    names.map(async (name) => {
      const path = join(directory, name);
      const facts = await lstat(path, { bigint: true }).catch(() => undefined); // gone meanwhile
      return facts?.isFile() ? [{ foldedPath: fold(path), device: facts.dev, inode: facts.ino }] : [];
    }),
  );
  return found.flat();
}
