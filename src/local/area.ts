import { mkdir } from 'node:fs/promises';
import { raceAbort } from '../call.ts';
import { ScoutError } from '../errors.ts';
import { toRemoteLine } from '../remote-text.ts';
import { type BytePath, fromBytes, fromText, joinPath, namesOf, toBytes } from './byte-path.ts';
import { createTarget, type TargetRoom, taken } from './create-target.ts';
import { listDirectory } from './list-directory.ts';
import { changedMeanwhile, errnoOf, localError } from './local-error.ts';
import { localFacts } from './local-facts.ts';
import { makeLink } from './make-link.ts';
import { openSource } from './open-source.ts';
import type {
  LocalArea,
  LocalEntry,
  LocalFacts,
  LocalPath,
  LocalSource,
  LocalTarget,
  TargetOptions,
} from './places.ts';
import { notADirectory, notFound, type Reached, type Walker } from './walker.ts';

/** PATH_MAX and NAME_MAX of Linux; no system that this runs on takes more. */
const mostPathBytes = 4_096;
const mostNameBytes = 255;

/** The doors to the local files of one call: each walks to the place anew, and what comes too late is given back. */
export class Area implements LocalArea {
  readonly #walker: Walker;
  readonly #room: TargetRoom;
  readonly #homeDir: string;

  constructor(walker: Walker, room: TargetRoom, homeDir: string) {
    this.#walker = walker;
    this.#room = room;
    this.#homeDir = homeDir;
  }

  resolve(text: string): LocalPath {
    const path = this.#absolute(text);
    const names = namesOf(path);
    if (text === '' || text.includes('\0') || names.includes('..') || names.some(isTooLong))
      throw noPath(text);
    if (path.length > mostPathBytes) throw noPath(text);
    const clean = toBytes(`/${names.join('/')}`);
    if (!this.#room.roots.find(fromBytes(clean))) throw this.#room.roots.outside(toBytes(fromText(text)));
    return { bytes: clean };
  }

  child(directory: LocalPath, name: Uint8Array): LocalPath {
    const own = fromBytes(name);
    if (own === '' || own === '.' || own === '..' || /[/\0]/.test(own) || isTooLong(own)) throw noPath(name);
    const path = joinPath(fromBytes(directory.bytes), own);
    if (path.length > mostPathBytes) throw noPath(path);
    return { bytes: toBytes(path) };
  }

  async look(path: LocalPath, signal: AbortSignal): Promise<LocalFacts | undefined> {
    return await this.#at(path, true, signal, async ({ facts, realPath }) => {
      this.#room.guard.check(realPath, 'read', path.bytes, facts);
      return facts && localFacts(facts);
    }).catch((thrown: unknown) => {
      if (thrown instanceof ScoutError && thrown.code === 'path_not_found') return undefined;
      throw thrown;
    });
  }

  async openSource(
    path: LocalPath,
    { follow }: { readonly follow: boolean },
    signal: AbortSignal,
  ): Promise<LocalSource> {
    const { roots, guard } = this.#room;
    return await this.#at(
      path,
      follow,
      signal,
      (reached) => openSource(reached, path.bytes, roots, guard),
      (late) => void late.close(),
    );
  }

  async list(directory: LocalPath, maxEntries: number, signal: AbortSignal): Promise<readonly LocalEntry[]> {
    const asked = directory.bytes;
    const { guard } = this.#room;
    return await this.#at(directory, true, signal, async (reached) => {
      guard.check(reached.realPath, 'read', asked, reached.facts);
      if (!reached.facts) throw notFound(asked);
      if (!reached.facts.isDirectory()) throw notADirectory(asked);
      return await this.#walker.enter(reached, asked, async (opened) => {
        const leadsOut = (name: BytePath) => this.#leadsOut(joinPath(opened.realPath, name));
        return await listDirectory(opened, { asked, maxEntries, guard, leadsOut, signal });
      });
    });
  }

  async createTarget(path: LocalPath, options: TargetOptions, signal: AbortSignal): Promise<LocalTarget> {
    return await this.#at(
      path,
      false,
      signal,
      (reached) => createTarget(reached, path.bytes, options, this.#room),
      (late) => void late.keep(),
    );
  }

  async makeDirectory(path: LocalPath, signal: AbortSignal): Promise<'made' | 'found'> {
    return await this.#at(path, false, signal, async (reached) => {
      const { directory, name, facts, realPath } = reached;
      this.#room.guard.check(realPath, 'write', path.bytes, facts);
      if (name === undefined || facts?.isDirectory()) return 'found';
      if (!facts) {
        if (!(await directory.isInPlace())) throw changedMeanwhile(path.bytes);
        const isMade = await mkdir(directory.at(name), 0o700).then(
          () => true,
          (thrown: unknown) => {
            if (errnoOf(thrown) === 'EEXIST') return false;
            throw thrown;
          },
        );
        if (isMade) return 'made';
      }
      if ((await this.look(path, signal))?.kind === 'directory') return 'found';
      throw taken(path.bytes);
    });
  }

  async finishDirectory(
    path: LocalPath,
    { mode, mtimeMs }: { readonly mode: number; readonly mtimeMs: number },
    signal: AbortSignal,
  ): Promise<void> {
    await this.#at(path, true, signal, async (reached) => {
      this.#room.guard.check(reached.realPath, 'write', path.bytes, reached.facts);
      if (!reached.facts?.isDirectory()) throw notADirectory(path.bytes);
      await this.#walker.enter(reached, path.bytes, async (opened) => {
        await opened.handle.chmod(mode & 0o777);
        await opened.handle.utimes(mtimeMs / 1_000, mtimeMs / 1_000);
        await opened.sync();
      });
    });
  }

  async makeLink(
    path: LocalPath,
    target: Uint8Array,
    { overwrite }: { readonly overwrite: boolean },
    signal: AbortSignal,
  ): Promise<void> {
    await this.#at(path, false, signal, (reached) =>
      makeLink(reached, path.bytes, target, overwrite, this.#room),
    );
  }

  async close(): Promise<void> {
    await this.#walker.close();
    await this.#room.roots.close();
  }

  #absolute(text: string): BytePath {
    if (text === '~' || text.startsWith('~/')) return fromText(`${this.#homeDir}/${text.slice(1)}`);
    if (text.startsWith('/')) return fromText(text);
    const [root, ...others] = this.#room.roots.all;
    if (root && others.length === 0) return joinPath(root.given, fromText(text));
    throw new ScoutError(
      'invalid_argument',
      `${toRemoteLine(text)} is a relative path, and scout_beam has several directories that it could start from`,
      'Write an absolute path.',
    );
  }

  async #at<T>(
    path: LocalPath,
    follow: boolean,
    signal: AbortSignal,
    use: (reached: Reached) => Promise<T>,
    dispose?: (late: T) => void,
  ): Promise<T> {
    const work = this.#walker.reach(fromBytes(path.bytes), path.bytes, follow, use);
    try {
      return await raceAbort(work, signal, dispose);
    } catch (thrown) {
      throw localError(thrown, path.bytes);
    }
  }

  /** A link that leads to nothing, inside, does not lead out. */
  async #leadsOut(path: BytePath): Promise<boolean> {
    const asked = toBytes(path);
    try {
      return await this.#walker.reach(path, asked, true, async ({ realPath, facts }) =>
        this.#room.guard.denies(realPath, 'read', facts),
      );
    } catch (thrown) {
      return !(thrown instanceof ScoutError && thrown.code === 'path_not_found');
    }
  }
}

function isTooLong(name: BytePath): boolean {
  return name.length > mostNameBytes;
}

function noPath(asked: string | Uint8Array): ScoutError {
  return new ScoutError(
    'invalid_argument',
    `${toRemoteLine(asked)} is no path that scout_beam takes: it is empty or too long, or has \`..\` or a zero byte in it`,
    'Write an absolute path without `..`, below one of its directories.',
  );
}
