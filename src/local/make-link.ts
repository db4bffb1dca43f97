import { rename, symlink, unlink } from 'node:fs/promises';
import { ScoutError } from '../errors.ts';
import { randomHex } from '../random-hex.ts';
import { type BytePath, fromBytes, namesOf } from './byte-path.ts';
import { checkReplaceable, type TargetRoom, taken } from './create-target.ts';
import { changedMeanwhile, showLocal } from './local-error.ts';
import type { Roots } from './roots.ts';
import type { Reached } from './walker.ts';

/** Make a link at a place that was reached, links at its last name not followed; another link goes in one rename. */
export async function makeLink(
  { directory, name, facts, realPath }: Reached,
  asked: Uint8Array,
  target: Uint8Array,
  overwrite: boolean,
  { roots, guard }: TargetRoom,
): Promise<void> {
  guard.check(realPath, 'write', asked, facts);
  if (name === undefined) throw taken(asked);
  checkReplaceable(facts, asked, overwrite);
  if (!staysInside(fromBytes(target), directory.realPath, roots)) throw leadsOut(asked);
  if (!(await directory.isInPlace())) throw changedMeanwhile(asked);
  const text = Buffer.from(target);
  if (!facts) return await symlink(text, directory.at(name));
  const temporary = `.${randomHex(16)}.scout-link`;
  await symlink(text, directory.at(temporary));
  try {
    await rename(directory.at(temporary), directory.at(name));
  } catch (thrown) {
    await unlink(directory.at(temporary)).catch(() => {});
    throw thrown;
  }
}

/**
 * Whether a link in a real directory stays inside by its text. `..` is known to lead up only at its beginning, where
 * the directories are real; behind a name, which may be a link, it leads anywhere.
 */
function staysInside(target: BytePath, directory: BytePath, roots: Roots): boolean {
  if (target === '' || target.includes('\0')) return false;
  if (target.startsWith('/')) return roots.find(target) !== undefined;
  const names = namesOf(target);
  const firstName = names.findIndex((name) => name !== '..');
  const up = firstName < 0 ? names.length : firstName;
  const from = namesOf(directory);
  if (up > from.length || names.slice(up).includes('..')) return false;
  return roots.holds(`/${[...from.slice(0, from.length - up), ...names.slice(up)].join('/')}`);
}

function leadsOut(asked: Uint8Array): ScoutError {
  return new ScoutError(
    'beam_outside_roots',
    `${showLocal(asked)} on this machine would be a link that leads out of the directories that scout_beam may touch`,
    'Copy what the link leads to instead, or leave the link out.',
  );
}
