import type { Context } from '../context.ts';
import type { Entry, Report, Row } from '../define.ts';
import type { FindData } from '../operations/find-files.ts';
import type { Group } from '../operations/group.ts';
import { compose, type RemoteText, toRemoteText } from '../remote-text.ts';
import type { FindOutcome, FoundPath } from '../ssh/find.ts';
import { countOutcomes, summarize } from './count-outcomes.ts';
import { failedEntry } from './failed-entry.ts';
import { formatTime } from './file-facts.ts';
import { foundLines, linesWithin } from './found-lines.ts';
import { oneLine, showPath } from './names.ts';

type Clean = Context['clean'];

/** Paths and lines that were found, equal ones once under all their hosts. */
export function formatFound(
  { findings, hasPattern }: FindData,
  { clean, config }: Pick<Context, 'clean' | 'config'>,
): Report {
  const entries = findings.flatMap((finding) => [
    ...finding.groups.map((group) =>
      foundEntry(finding.path, group, hasPattern, clean, config.maxFileSizeBytes),
    ),
    ...finding.failures.map((failure) => failedEntry(failure, finding.path)),
  ]);
  const [only, ...others] = findings;
  if (!only || others.length > 0 || countOutcomes(entries).total < 2) return { list: 'results', entries };
  const summary = summarize(entries, only.groups.length, { noun: 'hosts', done: 'searched' });
  return { list: 'results', entries, summary };
}

function foundEntry(
  path: string,
  { hosts, values }: Group<FindOutcome>,
  hasPattern: boolean,
  clean: Clean,
  maxFileBytes: number,
): Entry {
  const [{ found: all, more, unreadable, denied, skipped, stopped }] = values;
  const found = all.map((one) => ({ ...one, lines: linesWithin(one.lines, maxFileBytes) }));
  const cut = found.filter(({ lines }, index) => lines.length < (all[index]?.lines.length ?? 0)).length;
  const matches = found.reduce(
    (sum, { lines, isBinary }) => sum + (isBinary ? 1 : lines.filter(({ isMatch }) => isMatch).length),
    0,
  );
  const what = hasPattern
    ? `${counted(matches, 'line')} in ${counted(found.length, 'file')}`
    : `${found.length} found`;
  const notes = [
    found.length === 0 ? 'nothing found' : what,
    ...(more ? ['more exist: narrow by name, depth, since or a deeper directory, or raise limit'] : []),
    ...(cut > 0 ? [`${counted(cut, 'file')} not shown whole (SCOUT_MAX_FILE_SIZE)`] : []),
    ...(unreadable > 0 ? [`${unreadable} may not be read`] : []),
    ...(denied > 0 ? [`${denied} not looked into (SCOUT_DENY_PATHS)`] : []),
    ...(skipped > 0 ? [`${counted(skipped, 'file')} too large to be searched without a shell`] : []),
  ];
  const times = found.map((_, index) => values.map((value) => value.found[index]?.facts.modifiedMs ?? 0));
  return {
    hosts,
    heading: [showPath(path), ...notes].join(', '),
    facts: {
      path,
      total: found.length,
      ...(hasPattern && { matches }),
      more: more || cut > 0,
      ...(cut > 0 && { cut }),
      ...(unreadable > 0 && { unreadable }),
      ...(denied > 0 && { denied }),
      ...(skipped > 0 && { skipped }),
    },
    texts: {},
    tables: { found: { rows: rowsOf(path, found, times, hasPattern, clean) } },
    ...(stopped && { error: stopped }),
  };
}

function rowsOf(
  top: string,
  found: readonly FoundPath[],
  times: readonly (readonly number[])[],
  hasPattern: boolean,
  clean: Clean,
): readonly Row[] {
  const width = found.reduce((most, { facts }) => Math.max(most, String(facts.sizeBytes).length), 1);
  return found.flatMap((one, index) => {
    const path = one.path.length === 0 ? showPath(top) : oneLine(clean(one.path));
    const row = pathRow(one, path, times[index] ?? [], hasPattern ? 0 : width);
    return hasPattern ? [row, ...foundLines(one, path, clean)] : [row];
  });
}

/** Times of the same path on all hosts of a group, ms; the newest is shown, and the oldest where they differ. */
function pathRow(
  { facts, isBinary }: FoundPath,
  path: RemoteText,
  times: readonly number[],
  width: number,
): Row {
  const [first, last] = [formatTime(Math.min(...times)), formatTime(Math.max(...times))];
  const time = first === last ? last : `${first}..${last}`;
  const mark = toRemoteText(facts.kind === 'directory' ? '/' : facts.kind === 'symlink' ? '@' : '');
  const columns = toRemoteText(`${String(facts.sizeBytes).padStart(width)} ${time}`);
  const end = toRemoteText(isBinary ? ': binary file matches' : '');
  return {
    line: width > 0 ? compose`${columns} ${path}${mark}` : compose`${path} (${columns})${end}`,
    facts: {
      path,
      kind: facts.kind,
      size: facts.sizeBytes,
      modified: last,
      ...(first !== last && { modified_first: first }),
      ...(isBinary && { binary: true }),
    },
  };
}

function counted(count: number, what: string): string {
  return count === 1 ? `1 ${what}` : `${count} ${what}s`;
}
