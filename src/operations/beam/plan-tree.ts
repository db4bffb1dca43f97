import { asScoutError, type ErrorCode, ScoutError } from '../../errors.ts';
import { inParallel } from './in-parallel.ts';
import type { BeamFacts, Side, SideEntry } from './side.ts';

/** What one copy takes: the list of it is in memory. */
const mostEntries = 100_000;
const listsAtOnce = 16;
/** PATH_MAX of Linux; a machine may say that each directory holds one more, and every place has all names above it. */
const mostPathUnits = 4_096;

/** Something that was not copied, and why. */
export interface Left {
  readonly path: string;
  readonly why: string;
}

export interface Planned {
  readonly names: readonly string[];
  readonly facts: BeamFacts;
}

export interface Tree {
  /** Parents first; the top is the first. */
  readonly directories: readonly Planned[];
  readonly files: readonly Planned[];
  readonly links: readonly (Planned & { readonly target: string })[];
  readonly skipped: readonly Left[];
  readonly failed: readonly Left[];
  readonly bytes: number;
}

/** Failures of one file or directory: the others can be copied all the same. */
const single: ReadonlySet<ErrorCode> = new Set([
  'beam_outside_roots',
  'exists',
  'invalid_argument',
  'not_a_directory',
  'path_denied',
  'path_not_found',
  'permission_denied',
  'unsupported_file',
  'verify_failed',
]);

/** Why one file was left out; throws what ends the whole copy. */
export function leftBy(names: readonly string[], thrown: unknown): Left {
  const error = asScoutError(thrown);
  if (!single.has(error.code)) throw error;
  return { path: names.join('/'), why: `${error.code}: ${error.message}` };
}

/** All that is below a directory, as it will be copied. Rejects with `output_limit` where it is too much. */
export async function planTree(source: Side, top: BeamFacts): Promise<Tree> {
  const directories: Planned[] = [{ names: [], facts: top }];
  const files: Planned[] = [];
  const links: (Planned & { target: string })[] = [];
  const skipped: Left[] = [];
  const failed: Left[] = [];
  let count = 0;
  const take = (directory: readonly string[], entry: SideEntry) => {
    const names = [...directory, entry.name];
    const { facts } = entry;
    const path = names.join('/');
    const why = path.length > mostPathUnits ? 'its path is too long' : whyNot(entry, directory.length);
    if (why !== undefined || !facts) skipped.push({ path, why: why ?? 'of an unknown kind' });
    else if (facts.kind === 'directory') directories.push({ names, facts });
    else if (facts.kind === 'symlink') links.push({ names, facts, target: entry.linkTarget ?? '' });
    else files.push({ names, facts });
  };
  for (let begin = 0; begin < directories.length; ) {
    const level = directories.slice(begin);
    begin = directories.length;
    await inParallel(level, listsAtOnce, async ({ names }) => {
      try {
        const entries = await source.list(names, mostEntries);
        count += entries.length;
        if (count > mostEntries) throw tooMany();
        for (const entry of entries) take(names, entry);
      } catch (error) {
        if (names.length === 0) throw error;
        failed.push(leftBy(names, error));
      }
    });
  }
  const bytes = files.reduce((sum, { facts }) => sum + facts.sizeBytes, 0);
  return { directories, files, links, skipped, failed, bytes };
}

function whyNot({ facts, isDenied, isUnnameable, linkTarget }: SideEntry, depth: number): string | undefined {
  if (isUnnameable) return 'its name is not UTF-8';
  if (isDenied) return 'SCOUT_DENY_PATHS denies it';
  // whoever read it put that sign for bytes that are no UTF-8: the link would lead elsewhere
  if (linkTarget?.includes('\ufffd')) return 'what it leads to is not UTF-8';
  if (facts?.kind === 'symlink')
    return staysInside(linkTarget ?? '', depth) ? undefined : 'it leads out of what is copied';
  if (facts && facts.kind !== 'file' && facts.kind !== 'directory') return `it is a ${facts.kind}`;
  return undefined;
}

/**
 * Whether a link in a directory `depth` levels below the top stays below the top wherever that is: it climbs first
 * and no higher than the top. `..` behind a name may climb from wherever that name leads.
 */
export function staysInside(target: string, depth: number): boolean {
  if (target === '' || target.startsWith('/')) return false;
  const names = target.split('/').filter((name) => name !== '' && name !== '.');
  const climbs = names.findIndex((name) => name !== '..');
  const up = climbs < 0 ? names.length : climbs;
  return up <= depth && !names.slice(up).includes('..');
}

function tooMany(): ScoutError {
  return new ScoutError(
    'output_limit',
    `there are more than ${mostEntries} files below it`,
    'Copy its directories one by one.',
  );
}
