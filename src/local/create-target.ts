import type { BigIntStats } from 'node:fs';
import { type FileHandle, link, open, rename, unlink } from 'node:fs/promises';
import { ScoutError } from '../errors.ts';
import { type BytePath, joinPath, toBytes } from './byte-path.ts';
import type { Guard } from './guard.ts';
import { changedMeanwhile, errnoOf, localError, showLocal } from './local-error.ts';
import { isSameFile } from './local-facts.ts';
import type { OpenDirectory } from './open-directory.ts';
import { notAFile } from './open-source.ts';
import { openPart, partNameOf } from './part-file.ts';
import type { CommitFacts, LocalTarget, TargetOptions } from './places.ts';
import type { Roots } from './roots.ts';
import { type Reached, statName } from './walker.ts';

/** What the makers of targets share. */
export interface TargetRoom {
  readonly roots: Roots;
  readonly guard: Guard;
  /** Parts that are being written by this process, by device, directory and name. */
  readonly busyParts: Set<string>;
}

/** Open the part for a place that was reached, links at its last name not followed. */
export async function createTarget(
  { directory, name, facts, realPath }: Reached,
  asked: Uint8Array,
  options: TargetOptions,
  room: TargetRoom,
): Promise<LocalTarget> {
  room.guard.check(realPath, 'write', asked, facts);
  if (name === undefined) throw taken(asked);
  checkReplaceable(facts, asked, options.overwrite);
  const partName = partNameOf(name, options.sourceId);
  const key = `${directory.device}:${directory.inode}:${partName}`;
  if (room.busyParts.has(key)) throw partBusy(asked);
  room.busyParts.add(key);
  directory.retain();
  const leave = async () => {
    room.busyParts.delete(key);
    await directory.release();
  };
  try {
    const { handle, facts: part } = await openPart(directory, partName, options.resume, asked);
    if (!room.roots.holds(await directory.whereIs(handle, joinPath(directory.realPath, partName)))) {
      await handle.close();
      throw changedMeanwhile(asked);
    }
    const place = { directory, name, partName, asked, overwrite: options.overwrite, room, leave };
    return new PartTarget(place, handle, part);
  } catch (thrown) {
    await leave();
    throw thrown;
  }
}

interface Place {
  readonly directory: OpenDirectory;
  readonly name: BytePath;
  readonly partName: BytePath;
  readonly asked: Uint8Array;
  readonly overwrite: boolean;
  readonly room: TargetRoom;
  readonly leave: () => Promise<void>;
}

class PartTarget implements LocalTarget {
  readonly part: FileHandle;
  readonly partBytes: number;
  readonly partName: Uint8Array;
  readonly #place: Place;
  readonly #facts: BigIntStats;
  #isOver = false;

  constructor(place: Place, part: FileHandle, facts: BigIntStats) {
    this.#place = place;
    this.part = part;
    this.#facts = facts;
    this.partBytes = Number(facts.size);
    this.partName = toBytes(place.partName);
  }

  async commit({ mode, mtimeMs, sync = true }: CommitFacts): Promise<void> {
    const { directory, asked } = this.#place;
    try {
      await this.part.chmod(mode & 0o777);
      await this.part.utimes(mtimeMs / 1_000, mtimeMs / 1_000);
      if (sync) await this.part.sync();
      await this.#putInPlace();
      if (sync) await directory.sync();
    } catch (thrown) {
      throw localError(thrown, asked);
    }
    await this.#end();
  }

  async keep(): Promise<boolean> {
    const size = await this.part.stat().then(
      (facts) => facts.size,
      () => 0,
    );
    if (size === 0) await this.#removePart();
    else {
      // A commit that failed may have taken away the right to write, which the next try needs.
      await this.part.chmod(0o600).catch(() => {});
      await this.part.sync().catch(() => {});
    }
    await this.#end();
    return size > 0;
  }

  async discard(): Promise<void> {
    await this.#removePart();
    await this.#end();
  }

  async #putInPlace(): Promise<void> {
    const { directory, name, partName, asked, overwrite, room } = this.#place;
    if (!(await directory.isInPlace()) || !(await this.#isStillThere())) throw changedMeanwhile(asked);
    if (!overwrite) return await placeNew(directory, partName, name);
    const there = await statName(directory, name);
    checkReplaceable(there, asked, true);
    room.guard.check(joinPath(directory.realPath, name), 'write', asked, there);
    await rename(directory.at(partName), directory.at(name));
  }

  async #isStillThere(): Promise<boolean> {
    const there = await statName(this.#place.directory, this.#place.partName);
    return there !== undefined && there.nlink === 1n && isSameFile(there, this.#facts);
  }

  async #removePart(): Promise<void> {
    const { directory, partName } = this.#place;
    if (this.#isOver || !(await this.#isStillThere().catch(() => false))) return;
    await unlink(directory.at(partName)).catch(() => {});
  }

  async #end(): Promise<void> {
    if (this.#isOver) return;
    this.#isOver = true;
    await this.part.close().catch(() => {});
    await this.#place.leave();
  }
}

/**
 * Give the part a name that nothing has: link(2) fails with EEXIST where rename(2) would replace. On file systems
 * without hard links the name is taken by an empty file first, which the rename then replaces.
 */
export async function placeNew(directory: OpenDirectory, partName: BytePath, name: BytePath): Promise<void> {
  try {
    await link(directory.at(partName), directory.at(name));
  } catch (thrown) {
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(errnoOf(thrown) ?? '')) throw thrown;
    await (await open(directory.at(name), 'wx', 0o600)).close();
    await rename(directory.at(partName), directory.at(name)).catch(async (failed: unknown) => {
      await unlink(directory.at(name)).catch(() => {});
      throw failed;
    });
    return;
  }
  await unlink(directory.at(partName));
}

/** Throws where something stands that is not to be replaced: a directory and a special file never are. */
export function checkReplaceable(
  facts: BigIntStats | undefined,
  asked: Uint8Array,
  overwrite: boolean,
): void {
  if (!facts) return;
  if (facts.isDirectory()) throw taken(asked);
  if (!facts.isFile() && !facts.isSymbolicLink()) throw notAFile(asked, facts);
  if (overwrite) return;
  throw new ScoutError(
    'exists',
    `${showLocal(asked)} on this machine exists already`,
    'Pass overwrite: true to replace it, or name another place.',
  );
}

export function taken(asked: Uint8Array): ScoutError {
  return new ScoutError(
    'exists',
    `${showLocal(asked)} on this machine is a directory`,
    'Name a file in it, or another place.',
  );
}

function partBusy(asked: Uint8Array): ScoutError {
  return new ScoutError(
    'busy',
    `${showLocal(asked)} on this machine is being written by another call`,
    'Wait for that call to end, then look at what it left.',
  );
}
