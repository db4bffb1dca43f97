import { formatDuration } from '../../units.ts';
import { type HostLog, placesOf } from './log-line.ts';

/** The logs of several hosts as one, in the order of time. */
export interface MergedLog {
  readonly hosts: readonly string[];
  /** Oldest first. */
  readonly lines: readonly { readonly host: string; readonly text: string }[];
  readonly notes: readonly string[];
  /** What was read, each once. */
  readonly from: readonly string[];
}

interface OfHost {
  readonly host: string;
  readonly value: HostLog;
}

/**
 * The newest `limit` lines of all hosts, in the order of their times, by the clock of each host. A line without a
 * time keeps its place behind the line before it; where a whole log has none, its lines come first, and are so many
 * as are its host's share, or as the others leave room for.
 */
export function mergeLogs(logs: readonly OfHost[], limit: number): MergedLog {
  const lines = logs.flatMap(({ host, value }, turn) => {
    const places = placesOf(value.lines);
    return value.lines.map(({ text }, at) => ({ host, text, place: places[at] ?? 0, turn, at }));
  });
  lines.sort((a, b) => (a.place === b.place ? a.turn - b.turn || a.at - b.at : a.place < b.place ? -1 : 1));
  const undated = logs.filter(isUndated);
  const datedCount = lines.filter(({ place }) => place > Number.NEGATIVE_INFINITY).length;
  const share = Math.floor(Math.max(limit / logs.length, (limit - datedCount) / undated.length));
  const first = undated.flatMap(({ host, value }) =>
    newest(value.lines, share).map(({ text }) => ({ host, text })),
  );
  const dated = newest(lines, Math.min(datedCount, limit - first.length));
  return {
    hosts: logs.map(({ host }) => host),
    lines: [...first, ...dated.map(({ host, text }) => ({ host, text }))],
    notes: [...new Set(logs.flatMap((log) => notesOf(log, share)))],
    from: [...new Set(logs.map(({ value }) => value.from))],
  };
}

function newest<T>(lines: readonly T[], count: number): readonly T[] {
  return lines.slice(Math.max(0, lines.length - count));
}

function isUndated({ value }: OfHost): boolean {
  return value.lines.length > 0 && value.lines.every(({ atMs }) => atMs === undefined);
}

function notesOf(log: OfHost, share: number): readonly string[] {
  const { host, value } = log;
  const { aheadMs, lines, notes } = value;
  return [
    ...notes.map((note) => `${host}: ${note}`),
    ...(aheadMs === undefined
      ? []
      : [`${host}: its clock is ${formatDuration(Math.abs(aheadMs))} ${aheadMs > 0 ? 'ahead' : 'behind'}`]),
    ...(isUndated(log)
      ? [`${host}: no times recognised, its newest ${Math.min(share, lines.length)} come first`]
      : []),
  ];
}
