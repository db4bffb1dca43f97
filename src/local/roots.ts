import { realpath } from 'node:fs/promises';
import { ScoutError } from '../errors.ts';
import { toRemoteLine } from '../remote-text.ts';
import { type BytePath, fromBytes, fromText, isBelow, namesOf, toBytes, toText } from './byte-path.ts';
import { showLocal } from './local-error.ts';
import { OpenDirectory } from './open-directory.ts';

/** A directory that the user opened to scout_beam, for the time of one call. */
export interface Root {
  /** As it was given: absolute and clean, links not followed. */
  readonly given: BytePath;
  readonly directory: OpenDirectory;
}

/** A place below a root, by the names that lead there. */
export interface BelowRoot {
  readonly root: Root;
  readonly names: readonly BytePath[];
}

/** The roots of one call, open. What they may hold besides directories that exist is skipped. */
export class Roots {
  readonly all: readonly Root[];

  private constructor(all: readonly Root[]) {
    this.all = all;
  }

  /** Throws ScoutError `beam_outside_roots` where not one of them is an absolute path of a directory. */
  static async open(given: readonly BytePath[], byDescriptor: boolean): Promise<Roots> {
    const opened = await Promise.all(given.map((path) => openRoot(path, byDescriptor)));
    const all = opened.filter((root) => root !== undefined);
    if (all.length === 0) throw noRoots(given);
    return new Roots(all);
  }

  /** Where a path lies by its text, as the roots were given or as they really are; the closest root counts. */
  find(path: BytePath): BelowRoot | undefined {
    const names = namesOf(path);
    if (names.includes('..')) return undefined;
    const clean = `/${names.join('/')}`;
    let found: { root: Root; length: number } | undefined;
    for (const root of this.all) {
      for (const start of [root.given, root.directory.realPath]) {
        if (isBelow(clean, start) && start.length > (found?.length ?? 0))
          found = { root, length: start.length };
      }
    }
    return found && { root: found.root, names: namesOf(clean.slice(found.length)) };
  }

  /** Whether a real path is a root's or below one. */
  holds(realPath: BytePath | undefined): realPath is BytePath {
    return realPath !== undefined && this.all.some(({ directory }) => isBelow(realPath, directory.realPath));
  }

  /** The same for what exists and what does not: nothing outside was looked at. */
  outside(asked: Uint8Array): ScoutError {
    const shown = this.all.slice(0, 5).map(({ given }) => toRemoteLine(toBytes(given), 100));
    const roots = shown.join(', ') + (this.all.length > shown.length ? ', …' : '');
    return new ScoutError(
      'beam_outside_roots',
      `${showLocal(asked)} is not below a directory that scout_beam may touch, or leads out of it`,
      `Use a path below ${roots}, with no link that leads out; only the user can add directories (SCOUT_BEAM_ROOTS).`,
    );
  }

  async close(): Promise<void> {
    await Promise.all(this.all.map(({ directory }) => directory.release()));
  }
}

/** `~/` and `~` of SCOUT_BEAM_ROOTS; `..` and relative paths are no root. */
export function rootFromText(text: string, homeDir: string): BytePath | undefined {
  const isHome = text === '~' || text.startsWith('~/');
  return cleanRoot(fromText(isHome ? `${homeDir}/${text.slice(1)}` : text));
}

/** A file URI of this machine (RFC 8089), percent-decoded to bytes; undefined for every other. */
export function rootFromUri(uri: string): BytePath | undefined {
  if (!URL.canParse(uri)) return undefined;
  const { protocol, host, pathname } = new URL(uri);
  if (protocol !== 'file:' || (host !== '' && host !== 'localhost') || /%(2f|00)/i.test(pathname))
    return undefined;
  const decoded = pathname.replace(/%([0-9a-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(parseInt(hex, 16)),
  );
  return cleanRoot(decoded);
}

function cleanRoot(path: BytePath): BytePath | undefined {
  const names = namesOf(path);
  return path.startsWith('/') && !names.includes('..') && !path.includes('\0')
    ? `/${names.join('/')}`
    : undefined;
}

async function openRoot(given: BytePath, byDescriptor: boolean): Promise<Root | undefined> {
  try {
    const real = fromBytes(await realpath(toBytes(given), 'buffer'));
    return { given, directory: await OpenDirectory.openRoot(real, byDescriptor) };
  } catch {
    return undefined;
  }
}

function noRoots(given: readonly BytePath[]): ScoutError {
  const why =
    given.length === 0
      ? 'no local directory is given to it'
      : `${toRemoteLine(toText(given[0] ?? ''), 100)} is none`;
  return new ScoutError(
    'beam_outside_roots',
    `scout_beam may touch no file of this machine: ${why}`,
    'The user has to start scout-mcp with SCOUT_BEAM_ROOTS=/absolute/directory[,…], or use a client that offers MCP roots.',
  );
}
