import { type BigIntStats, constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { ScoutError } from '../errors.ts';
import type { BytePath } from './byte-path.ts';
import type { Guard } from './guard.ts';
import { changedMeanwhile, errnoOf, showLocal } from './local-error.ts';
import { isSameFile, kindOf, localFacts } from './local-facts.ts';
import type { OpenDirectory } from './open-directory.ts';
import type { LocalSource } from './places.ts';
import type { Roots } from './roots.ts';
import { notFound, type Reached } from './walker.ts';

const openFlags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK | constants.O_NOCTTY;

/**
 * Open what was reached, if it is a regular file, and make sure that what was opened is what was looked at and still
 * is below a root. A hard link to a file that also has a name outside is like any other file: to make one, one must
 * have been able to name that file.
 */
export async function openSource(
  { directory, name, facts, realPath }: Reached,
  asked: Uint8Array,
  roots: Roots,
  guard: Guard,
): Promise<LocalSource> {
  guard.check(realPath, 'read', asked, facts);
  if (!facts) throw notFound(asked);
  if (name === undefined || !facts.isFile()) throw notAFile(asked, facts);
  const handle = await openName(directory, name, asked);
  try {
    const opened = await handle.stat({ bigint: true });
    if (!isSameFile(opened, facts)) throw changedMeanwhile(asked);
    const place = await directory.whereIs(handle, realPath);
    if (!roots.holds(place)) throw roots.outside(asked);
    guard.check(place, 'read', asked, opened);
    if (await directory.isMadeUp()) throw notAFile(asked, opened);
    return new OpenSource(handle, opened);
  } catch (thrown) {
    await handle.close();
    throw thrown;
  }
}

class OpenSource implements LocalSource {
  readonly handle: FileHandle;
  readonly facts;
  readonly #opened: BigIntStats;

  constructor(handle: FileHandle, opened: BigIntStats) {
    this.handle = handle;
    this.facts = localFacts(opened);
    this.#opened = opened;
  }

  async isUnchanged(): Promise<boolean> {
    const now = await this.handle.stat({ bigint: true });
    return now.size === this.#opened.size && now.mtimeNs === this.#opened.mtimeNs;
  }

  async close(): Promise<void> {
    await this.handle.close().catch(() => {});
  }
}

/** A link or a device that came to stand there fails, or is closed again without having been waited for. */
async function openName(directory: OpenDirectory, name: BytePath, asked: Uint8Array): Promise<FileHandle> {
  try {
    return await open(directory.at(name), openFlags);
  } catch (thrown) {
    throw errnoOf(thrown) === 'ELOOP' ? changedMeanwhile(asked) : thrown;
  }
}

export function notAFile(asked: Uint8Array, facts: BigIntStats): ScoutError {
  return new ScoutError(
    'unsupported_file',
    `${showLocal(asked)} on this machine is no regular file but a ${kindOf(facts) === 'file' ? 'view of the kernel' : kindOf(facts)}`,
    'Copy regular files; a directory is copied with recursive: true.',
  );
}
