import { opendir, readlink } from 'node:fs/promises';
import { ScoutError } from '../errors.ts';
import { type BytePath, fromBytes, joinPath, toBytes } from './byte-path.ts';
import type { Guard } from './guard.ts';
import { changedMeanwhile, errnoOf, showLocal } from './local-error.ts';
import { localFacts } from './local-facts.ts';
import type { OpenDirectory } from './open-directory.ts';
import type { LocalEntry } from './places.ts';
import { statName } from './walker.ts';

const atOnce = 16;

export interface ListOptions {
  readonly asked: Uint8Array;
  readonly maxEntries: number;
  readonly guard: Guard;
  /** Whether following a link in this directory ends inside the roots, and at nothing denied. */
  readonly leadsOut: (name: BytePath) => Promise<boolean>;
  readonly signal: AbortSignal;
}

/** The names in an open directory with their own facts, in byte order; what vanishes meanwhile is left out. */
export async function listDirectory(
  directory: OpenDirectory,
  options: ListOptions,
): Promise<readonly LocalEntry[]> {
  const { asked, signal } = options;
  const names = await readNames(directory, options);
  const entries: LocalEntry[] = [];
  for (let start = 0; start < names.length; start += atOnce) {
    signal.throwIfAborted();
    const batch = names.slice(start, start + atOnce);
    const found = await Promise.all(batch.map((name) => readEntry(directory, name, options)));
    entries.push(...found.filter((entry) => entry !== undefined));
  }
  // Where names are looked up by path, they may have been another directory's.
  if (!(await directory.isInPlace())) throw changedMeanwhile(asked);
  return entries;
}

async function readNames(
  directory: OpenDirectory,
  { asked, maxEntries, signal }: ListOptions,
): Promise<readonly BytePath[]> {
  const names: BytePath[] = [];
  // @types/node does not know that names come as they are asked for.
  const encoding = 'buffer' as BufferEncoding;
  for await (const { name } of await opendir(directory.at(), { encoding, bufferSize: 256 })) {
    signal.throwIfAborted();
    if (names.length >= maxEntries) throw tooMany(asked, maxEntries);
    names.push(fromBytes(name as unknown as Buffer));
  }
  return names.sort((a, b) => (a < b ? -1 : 1));
}

async function readEntry(
  directory: OpenDirectory,
  name: BytePath,
  { guard, leadsOut }: ListOptions,
): Promise<LocalEntry | undefined> {
  const facts = await statName(directory, name);
  if (!facts) return undefined;
  const isDenied = guard.denies(joinPath(directory.realPath, name), 'read', facts);
  const entry = { name: toBytes(name), facts: localFacts(facts), isDenied };
  if (!facts.isSymbolicLink()) return entry;
  const linkTarget = await readTarget(directory, name);
  return linkTarget && { ...entry, linkTarget, leadsOut: await leadsOut(name) };
}

/** Undefined where it is no link any more. */
async function readTarget(directory: OpenDirectory, name: BytePath): Promise<Buffer | undefined> {
  try {
    return await readlink(directory.at(name), 'buffer');
  } catch (thrown) {
    if (errnoOf(thrown) === 'EINVAL' || errnoOf(thrown) === 'ENOENT') return undefined;
    throw thrown;
  }
}

function tooMany(asked: Uint8Array, maxEntries: number): ScoutError {
  return new ScoutError(
    'output_limit',
    `${showLocal(asked)} on this machine holds more than ${maxEntries} names`,
    'Copy its parts one by one, or pack it into one file first.',
  );
}
