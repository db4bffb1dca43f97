import { structuredPatch } from 'diff';
import type { RemoteText } from '../remote-text.ts';

/** A unified diff without its two header lines, and how many lines it takes away and adds. */
export interface LineDiff {
  readonly hunks: RemoteText;
  readonly removed: number;
  readonly added: number;
}

/** Undefined where the texts differ in more lines than is worth the time. */
export type Differ = (before: RemoteText, after: RemoteText, context: number) => LineDiff | undefined;

/** Myers' algorithm takes the square of the lines that differ: so many are found within 100 ms or so. */
const mostEdits = 1_000;
const mostMs = 250;

/**
 * A maker of diffs that has `budgetMs` for all of them together: nothing else of this process runs meanwhile. Past
 * it there are none.
 */
export function createDiffer(budgetMs: number, maxEditLength = mostEdits): Differ {
  let leftMs = budgetMs;
  return (before, after, context) => {
    if (leftMs <= 0) return undefined;
    const startedMs = performance.now();
    const patch = structuredPatch('', '', before, after, '', '', {
      context,
      maxEditLength,
      timeout: Math.min(leftMs, mostMs),
    });
    leftMs -= performance.now() - startedMs;
    if (!patch) return undefined;
    const lines = patch.hunks.flatMap((hunk) => [rangesOf(hunk), ...hunk.lines]);
    const count = (sign: string) =>
      patch.hunks.reduce((sum, hunk) => sum + hunk.lines.filter((line) => line.startsWith(sign)).length, 0);
    // lines of cleaned text behind signs of ours
    const hunks = lines.map((line) => `${line}\n`).join('') as RemoteText;
    return { hunks, removed: count('-'), added: count('+') };
  };
}

/** How many lines of each text are not in the other, wherever they stand. */
export function countUnshared(
  before: RemoteText,
  after: RemoteText,
): { readonly removed: number; readonly added: number } {
  const counts = new Map<string, number>();
  for (const line of linesOf(before)) counts.set(line, (counts.get(line) ?? 0) + 1);
  let added = 0;
  for (const line of linesOf(after)) {
    const left = counts.get(line) ?? 0;
    if (left > 0) counts.set(line, left - 1);
    else added += 1;
  }
  return { removed: [...counts.values()].reduce((sum, left) => sum + left, 0), added };
}

function linesOf(text: string): readonly string[] {
  const lines = text.split('\n');
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

/** A range of no lines begins at the line before it, and a count of 1 is left out (POSIX diff -U). */
function rangesOf(hunk: ReturnType<typeof structuredPatch>['hunks'][number]): string {
  const range = (start: number, lines: number) => {
    if (lines === 1) return String(start);
    return `${lines === 0 ? start - 1 : start},${lines}`;
  };
  return `@@ -${range(hunk.oldStart, hunk.oldLines)} +${range(hunk.newStart, hunk.newLines)} @@`;
}
