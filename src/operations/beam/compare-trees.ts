import { ScoutError } from '../../errors.ts';
import { inParallel } from './in-parallel.ts';
import { type Left, leftBy, type Planned, type Tree } from './plan-tree.ts';
import type { BeamFacts, Side, SideEntry } from './side.ts';

const listsAtOnce = 16;
const mostEntries = 1_000_000;

/** What of a tree is to be done, given what stands at its target. */
export interface Comparison {
  /** In directories that are not there yet. */
  readonly fresh: ReadonlySet<Planned>;
  /** Of the size and time that the source has: copied by an earlier try. */
  readonly unchanged: ReadonlySet<Planned>;
  /** What will be replaced. */
  readonly replaced: readonly Planned[];
  /** Directories of which nobody can say what is in them. */
  readonly unread: readonly Left[];
}

/** Look at the target. Throws ScoutError `exists` where something other than a directory stands for one. */
export async function compareTrees(target: Side, tree: Tree): Promise<Comparison> {
  const listed = new Map<string, ReadonlyMap<string, SideEntry>>();
  const unread: Left[] = [];
  const top = await target.look([]);
  if (top && top.kind !== 'directory') throw notADirectory();
  for (const level of levelsOf(tree.directories)) {
    await inParallel(level, listsAtOnce, async ({ names }) => {
      const there = names.length === 0 ? top : entryAt(listed, names)?.facts;
      if (!there) return;
      if (there.kind !== 'directory') throw notADirectory();
      try {
        const entries = await target.list(names, mostEntries);
        listed.set(keyOf(names), new Map(entries.map((entry) => [entry.name, entry])));
      } catch (error) {
        if (names.length === 0) throw error;
        unread.push(leftBy(names, error));
      }
    });
  }
  return { ...sort(tree, listed), unread };
}

/** Directories by depth, the top first. */
export function levelsOf(directories: readonly Planned[]): readonly (readonly Planned[])[] {
  const levels: Planned[][] = [];
  for (const directory of directories) {
    const { length } = directory.names;
    const level = levels[length] ?? [];
    level.push(directory);
    levels[length] = level;
  }
  return levels;
}

/** Refuses what `overwrite: false` does not allow, before a byte moves. */
export function refuseReplaced({ replaced }: Comparison): void {
  const { length } = replaced;
  if (length === 0) return;
  throw new ScoutError(
    'exists',
    `${length} other files stand at the target under names of those to be copied`,
    'Choose another target, or say overwrite: true if they may be replaced.',
  );
}

function sort(tree: Tree, listed: ReadonlyMap<string, ReadonlyMap<string, SideEntry>>) {
  const fresh = new Set<Planned>();
  const unchanged = new Set<Planned>();
  const replaced: Planned[] = [];
  for (const planned of [...tree.files, ...tree.links]) {
    const there = entryAt(listed, planned.names);
    if (!listed.has(keyOf(planned.names.slice(0, -1)))) fresh.add(planned);
    if (!there?.facts) continue;
    const isSame =
      'target' in planned ? there.linkTarget === planned.target : looksEqual(planned.facts, there.facts);
    if (isSame) unchanged.add(planned);
    else replaced.push(planned);
  }
  return { fresh, unchanged, replaced };
}

function entryAt(
  listed: ReadonlyMap<string, ReadonlyMap<string, SideEntry>>,
  names: readonly string[],
): SideEntry | undefined {
  return listed.get(keyOf(names.slice(0, -1)))?.get(names.at(-1) ?? '');
}

/** As rsync(1) looks: SFTP has whole seconds. */
function looksEqual(a: BeamFacts, b: BeamFacts): boolean {
  const seconds = ({ mtimeMs }: BeamFacts) => Math.floor(mtimeMs / 1_000);
  return b.kind === 'file' && a.sizeBytes === b.sizeBytes && seconds(a) === seconds(b);
}

function keyOf(names: readonly string[]): string {
  return names.join('/');
}

function notADirectory(): ScoutError {
  return new ScoutError(
    'exists',
    'the target, or a place in it for a directory, is no directory',
    'Choose another target, or move it away.',
  );
}
