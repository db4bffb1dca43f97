import type { BigIntStats } from 'node:fs';
import { lstat, readlink } from 'node:fs/promises';
import { ScoutError } from '../errors.ts';
import { type BytePath, fromBytes, joinPath, namesOf } from './byte-path.ts';
import type { Guard } from './guard.ts';
import { changedMeanwhile, errnoOf, showLocal } from './local-error.ts';
import type { OpenDirectory } from './open-directory.ts';
import type { Roots } from './roots.ts';

/** As many links as Linux follows in one path. */
const mostLinks = 40;
const mostKeptOpen = 128;

/** What a path led to: a name in a directory, which is open until the use of it is over. */
export interface Reached {
  readonly directory: OpenDirectory;
  /** Undefined where the path ends at the directory itself: a root, or a link to `.` or `..`. */
  readonly name: BytePath | undefined;
  /** lstat(2) of it; undefined where nothing is. */
  readonly facts: BigIntStats | undefined;
  /** Without links, but perhaps for the last name. */
  readonly realPath: BytePath;
}

/** One look for a place: the names still to go, and the open directories gone through so far. */
interface Walk {
  readonly asked: Uint8Array;
  /** From the root down; each is retained. */
  trail: OpenDirectory[];
  rest: BytePath[];
  links: number;
}

/**
 * Goes from a root's open descriptor to a place below it, one name at a time, and follows links itself: no link is
 * ever left to the kernel, so none can lead out, however fast it comes and goes (as openat2(2) with RESOLVE_BENEATH
 * and RESOLVE_NO_MAGICLINKS would see to).
 */
export class Walker {
  readonly #roots: Roots;
  readonly #guard: Guard;
  /** Directories once gone through, least recently used first. */
  readonly #open = new Map<BytePath, OpenDirectory>();

  constructor(roots: Roots, guard: Guard) {
    this.#roots = roots;
    this.#guard = guard;
  }

  /**
   * Reach a path and use what is there. `follow`: also where its last name is a link. Throws ScoutError
   * `beam_outside_roots`, `path_denied`, `path_not_found`, `not_a_directory`, or what the system says.
   */
  async reach<T>(path: BytePath, asked: Uint8Array, follow: boolean, use: (reached: Reached) => Promise<T>) {
    const walk: Walk = { asked, trail: [], rest: [], links: 0 };
    try {
      await this.#startAt(walk, path);
      return await use(await this.#go(walk, follow));
    } finally {
      for (const directory of walk.trail) await directory.release();
    }
  }

  /** Open a directory that was reached, and use it. */
  async enter<T>({ directory, name }: Reached, asked: Uint8Array, use: (at: OpenDirectory) => Promise<T>) {
    const opened = name === undefined ? directory.retain() : await this.#openChild(directory, name, asked);
    try {
      return await use(opened);
    } finally {
      await opened.release();
    }
  }

  async close(): Promise<void> {
    for (const directory of this.#open.values()) await directory.release();
    this.#open.clear();
  }

  async #go(walk: Walk, follow: boolean): Promise<Reached> {
    for (;;) {
      const directory = top(walk);
      const name = walk.rest.shift();
      if (name === undefined) return this.#itself(directory);
      if (name === '..') {
        await this.#goUp(walk);
        continue;
      }
      const isLast = walk.rest.length === 0;
      const kept = isLast ? undefined : await this.#kept(directory, name);
      if (kept) {
        walk.trail.push(kept);
        continue;
      }
      const realPath = joinPath(directory.realPath, name);
      const facts = await statName(directory, name);
      if (facts?.isSymbolicLink() && (!isLast || follow)) await this.#follow(walk, directory, name);
      else if (isLast) return { directory, name, facts, realPath };
      else if (!facts) throw notFound(walk.asked);
      else if (facts.isDirectory()) walk.trail.push(await this.#openChild(directory, name, walk.asked));
      else throw notADirectory(walk.asked);
    }
  }

  async #itself(directory: OpenDirectory): Promise<Reached> {
    const facts = await directory.handle.stat({ bigint: true });
    return { directory, name: undefined, facts, realPath: directory.realPath };
  }

  async #follow(walk: Walk, directory: OpenDirectory, name: BytePath): Promise<void> {
    if (++walk.links > mostLinks) throw notFound(walk.asked);
    const target = fromBytes(await readlink(directory.at(name), 'buffer'));
    if (target.startsWith('/')) await this.#startAt(walk, target);
    else walk.rest.unshift(...namesOf(target));
  }

  /** Above a root there may be another one; only text is compared on the way there. */
  async #goUp(walk: Walk): Promise<void> {
    if (walk.trail.length > 1) {
      await walk.trail.pop()?.release();
      return;
    }
    const above = [...namesOf(top(walk).realPath)].slice(0, -1);
    while (walk.rest[0] === '..') {
      walk.rest.shift();
      above.pop();
    }
    await this.#startAt(walk, `/${above.join('/')}`);
  }

  /** Go on from the root that an absolute path lies in; what is left to go comes after it. */
  async #startAt(walk: Walk, path: BytePath): Promise<void> {
    const whole = [...namesOf(path), ...walk.rest];
    // A `..` that comes after the root was entered is taken there, by the trail.
    const below = this.#firstBelow(whole);
    if (!below) throw this.#roots.outside(walk.asked);
    for (const directory of walk.trail.splice(0)) await directory.release();
    this.#guard.check(below.root.directory.realPath, 'read', walk.asked, place(below.root.directory));
    walk.trail.push(below.root.directory.retain());
    walk.rest = [...below.names];
  }

  #firstBelow(names: readonly BytePath[]) {
    const climbs = names.indexOf('..');
    const straight = climbs < 0 ? names : names.slice(0, climbs);
    const found = this.#roots.find(`/${straight.join('/')}`);
    return found && { root: found.root, names: [...found.names, ...names.slice(straight.length)] };
  }

  /** A directory that was opened before, if it still is the one there. */
  async #kept(parent: OpenDirectory, name: BytePath): Promise<OpenDirectory | undefined> {
    const path = joinPath(parent.realPath, name);
    const kept = this.#open.get(path)?.retain();
    if (!kept) return undefined;
    if (await kept.isInPlace().catch(() => false)) return kept;
    await kept.release();
    if (this.#open.get(path) === kept) await this.#forget(path, kept);
    return undefined;
  }

  async #openChild(parent: OpenDirectory, name: BytePath, asked: Uint8Array): Promise<OpenDirectory> {
    const opened = await parent.openChild(name).catch((thrown: unknown) => {
      const code = errnoOf(thrown);
      throw code === 'ELOOP' || code === 'ENOTDIR' ? changedMeanwhile(asked) : thrown;
    });
    try {
      if (!this.#roots.holds(opened.realPath)) throw this.#roots.outside(asked);
      this.#guard.check(opened.realPath, 'read', asked, place(opened));
      await this.#keep(opened);
      return opened;
    } catch (thrown) {
      await opened.release();
      throw thrown;
    }
  }

  async #keep(directory: OpenDirectory): Promise<void> {
    const { realPath } = directory;
    const before = this.#open.get(realPath);
    this.#open.delete(realPath);
    this.#open.set(realPath, directory.retain());
    await before?.release();
    const [oldest] = this.#open;
    if (oldest && this.#open.size > mostKeptOpen) await this.#forget(...oldest);
  }

  async #forget(path: BytePath, directory: OpenDirectory): Promise<void> {
    this.#open.delete(path);
    await directory.release();
  }
}

/** lstat(2); undefined where nothing is. */
export async function statName(directory: OpenDirectory, name: BytePath): Promise<BigIntStats | undefined> {
  try {
    return await lstat(directory.at(name), { bigint: true });
  } catch (thrown) {
    if (errnoOf(thrown) === 'ENOENT') return undefined;
    throw thrown;
  }
}

export function notFound(asked: Uint8Array): ScoutError {
  return new ScoutError(
    'path_not_found',
    `${showLocal(asked)} on this machine: there is no such file or directory`,
    'Look at the directory above it, or use another path.',
  );
}

export function notADirectory(asked: Uint8Array): ScoutError {
  return new ScoutError(
    'not_a_directory',
    `${showLocal(asked)} on this machine: it is no directory, or a part of the path is none`,
    'Look at the directory above it, or use another path.',
  );
}

function top({ trail }: Walk): OpenDirectory {
  const last = trail.at(-1);
  if (!last) throw new Error('a walk starts at a root');
  return last;
}

function place({ device, inode }: OpenDirectory) {
  return { dev: device, ino: inode };
}
