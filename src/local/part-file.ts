import { createHash } from 'node:crypto';
import { type BigIntStats, constants } from 'node:fs';
import { type FileHandle, open, unlink } from 'node:fs/promises';
import { ScoutError } from '../errors.ts';
import { type BytePath, toBytes } from './byte-path.ts';
import { errnoOf, showLocal } from './local-error.ts';
import { isSameFile } from './local-facts.ts';
import type { OpenDirectory } from './open-directory.ts';
import { statName } from './walker.ts';

const mostNameBytes = 200;

const resumeFlags = constants.O_RDWR | constants.O_NOFOLLOW | constants.O_NONBLOCK | constants.O_NOCTTY;
const createFlags = resumeFlags | constants.O_CREAT | constants.O_EXCL;

export interface OpenPart {
  readonly handle: FileHandle;
  readonly facts: BigIntStats;
}

/**
 * The name of the part for one target and one version of a source: hidden, never longer than a name may be (255
 * bytes), and the same at the next try.
 */
export function partNameOf(name: BytePath, sourceId: string): BytePath {
  const hash = createHash('sha256').update(sourceId).update('\0').update(name, 'latin1').digest('hex');
  return `.${wholeCharacters(name, mostNameBytes)}.${hash.slice(0, 16)}.scout-part`;
}

/**
 * Open the part of an earlier try, or make one. A part is only gone on with where nobody else can have had a hand in
 * it: a regular file of ours, with no other name, so that writing to it writes to nothing else. Every other, and every
 * one without `resume`, is removed first.
 */
export async function openPart(
  directory: OpenDirectory,
  name: BytePath,
  resume: boolean,
  asked: Uint8Array,
): Promise<OpenPart> {
  const fresh = await createPart(directory, name, asked);
  if (fresh) return fresh;
  const before = await statName(directory, name);
  if (before?.isDirectory()) throw inTheWay(asked, name);
  if (before && resume && isOurs(before)) {
    const part = await check(await open(directory.at(name), resumeFlags), asked);
    if (isSameFile(part.facts, before)) return part;
    await part.handle.close();
  }
  if (before) await unlink(directory.at(name));
  const second = await createPart(directory, name, asked);
  if (!second) throw inTheWay(asked, name);
  return second;
}

/** Undefined where something has that name. */
async function createPart(
  directory: OpenDirectory,
  name: BytePath,
  asked: Uint8Array,
): Promise<OpenPart | undefined> {
  try {
    return await check(await open(directory.at(name), createFlags, 0o600), asked);
  } catch (thrown) {
    if (errnoOf(thrown) === 'EEXIST') return undefined;
    throw thrown;
  }
}

async function check(handle: FileHandle, asked: Uint8Array): Promise<OpenPart> {
  try {
    const facts = await handle.stat({ bigint: true });
    if (!isOurs(facts)) throw inTheWay(asked, '');
    return { handle, facts };
  } catch (thrown) {
    await handle.close();
    throw thrown;
  }
}

function isOurs(facts: BigIntStats): boolean {
  const self = process.geteuid?.();
  return facts.isFile() && facts.nlink === 1n && (self === undefined || facts.uid === BigInt(self));
}

/** The first bytes of a name, without half a character of UTF-8 at the end: not every file system takes that. */
function wholeCharacters(name: BytePath, mostBytes: number): BytePath {
  if (name.length <= mostBytes) return name;
  let end = mostBytes;
  while (end > mostBytes - 4 && (name.charCodeAt(end) & 0xc0) === 0x80) end--;
  return name.slice(0, end);
}

function inTheWay(asked: Uint8Array, name: BytePath): ScoutError {
  return new ScoutError(
    'exists',
    `${showLocal(asked)} on this machine: something stands where its part belongs${name && ` (${showLocal(toBytes(name))})`}`,
    'Remove it, or name another place.',
  );
}
