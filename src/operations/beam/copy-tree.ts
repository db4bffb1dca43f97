import { type Comparison, levelsOf } from './compare-trees.ts';
import { copyFile } from './copy-file.ts';
import { Gate, inParallel } from './in-parallel.ts';
import type { Pace } from './pace.ts';
import { type Left, leftBy, type Planned, type Tree } from './plan-tree.ts';
import type { Side } from './side.ts';

/** Small files wait for round trips, large ones for bytes, and have buffers. */
const filesAtOnce = 32;
const largeAtOnce = 2;
const largeBytes = 1024 * 1024;
/** To wait for the disk at each of many small files takes longer than to copy them; no other tool does. */
const unsyncedBytes = 256 * 1024;

export interface TreeOptions {
  readonly overwrite: boolean;
  readonly resume: boolean;
  /** Tells the source from every other. */
  readonly sourceId: string;
}

export interface CopiedTree {
  readonly files: number;
  readonly bytes: number;
  readonly directories: number;
  readonly links: number;
  /** Of the same size and time at the target already: left as they are. */
  readonly unchanged: number;
  /** Grown meanwhile, and copied up to the size that they had. */
  readonly grew: readonly string[];
  readonly skipped: readonly Left[];
  readonly failed: readonly Left[];
}

/** Copy what was planned; what fails for one file is named and does not end it. */
export async function copyTree(
  source: Side,
  target: Side,
  tree: Tree,
  comparison: Comparison,
  options: TreeOptions,
  pace: Pace,
): Promise<CopiedTree> {
  const failed: Left[] = [...tree.failed, ...comparison.unread];
  const shut = new Set(comparison.unread.map(({ path }) => path));
  const isOpen = ({ names }: Planned) =>
    shut.size === 0 || !names.some((_, at) => shut.has(names.slice(0, at + 1).join('/')));
  const grew: string[] = [];
  const done = { files: 0, bytes: 0, links: 0, unchanged: 0 };
  const unlessSingle = async (names: readonly string[], work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      failed.push(leftBy(names, error));
    }
  };
  const { overwrite, resume } = options;
  const isDone = (planned: Planned) => resume && comparison.unchanged.has(planned);
  const copyOne = async (planned: Planned) => {
    const { names, facts } = planned;
    if (isDone(planned)) {
      done.unchanged += 1;
      pace.skipped(facts.sizeBytes);
      return;
    }
    const open = await source.openSource(names, { follow: false });
    try {
      const part = await target.createTarget(names, {
        overwrite,
        resume,
        sourceId: `${options.sourceId}/${names.join('/')}`,
        sizeBytes: open.facts.sizeBytes,
        isFresh: comparison.fresh.has(planned),
      });
      const copied = await copyFile(open, part, pace, open.facts.sizeBytes > unsyncedBytes);
      done.files += 1;
      done.bytes += copied.bytes;
      if (copied.grew) grew.push(names.join('/'));
    } finally {
      await open.close();
    }
  };

  for (const level of levelsOf(tree.directories)) {
    await inParallel(level.filter(isOpen), filesAtOnce, async ({ names }) => {
      try {
        await target.makeDirectory(names);
      } catch (error) {
        if (names.length === 0) throw error;
        const left = leftBy(names, error);
        failed.push(left);
        shut.add(left.path);
      }
      pace.alive();
    });
  }
  const directories = tree.directories.filter(isOpen);
  const large = new Gate(largeAtOnce);
  await inParallel(tree.files.filter(isOpen), filesAtOnce, (planned) =>
    unlessSingle(planned.names, () =>
      planned.facts.sizeBytes > largeBytes ? large.pass(() => copyOne(planned)) : copyOne(planned),
    ),
  );
  await inParallel(tree.links.filter(isOpen), filesAtOnce, (planned) =>
    unlessSingle(planned.names, async () => {
      if (isDone(planned)) {
        done.unchanged += 1;
        return;
      }
      await target.makeLink(planned.names, planned.target, { overwrite });
      done.links += 1;
      pace.alive();
    }),
  );
  for (const level of [...levelsOf(directories)].reverse()) {
    await inParallel(level, filesAtOnce, ({ names, facts }) =>
      unlessSingle(names, async () => {
        await target.finishDirectory(names, facts);
        pace.alive();
      }),
    );
  }
  return { ...done, directories: directories.length, grew, skipped: tree.skipped, failed };
}
