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

/**
 * The newest `limit` lines of all hosts, in the order of their times, by the clock of each host. A line without a
 * time keeps its place behind the line before it; where a whole log has none, its lines come first.
 */
export function mergeLogs(
  logs: readonly { readonly host: string; readonly value: HostLog }[],
  limit: number,
): MergedLog {
  const lines = logs.flatMap(({ host, value }, turn) => {
    const places = placesOf(value.lines);
    return value.lines.map(({ text }, at) => ({ host, text, place: places[at] ?? 0, turn, at }));
  });
  lines.sort((a, b) => (a.place === b.place ? a.turn - b.turn || a.at - b.at : a.place < b.place ? -1 : 1));
  return {
    hosts: logs.map(({ host }) => host),
    lines: lines.slice(-limit).map(({ host, text }) => ({ host, text })),
    notes: [...new Set(logs.flatMap(notesOf))],
    from: [...new Set(logs.map(({ value }) => value.from))],
  };
}

function notesOf({ host, value }: { readonly host: string; readonly value: HostLog }): readonly string[] {
  const { aheadMs, lines, notes } = value;
  return [
    ...notes.map((note) => `${host}: ${note}`),
    ...(aheadMs === undefined
      ? []
      : [`${host}: its clock is ${formatDuration(Math.abs(aheadMs))} ${aheadMs > 0 ? 'ahead' : 'behind'}`]),
    ...(lines.length > 0 && lines.every(({ atMs }) => atMs === undefined)
      ? [`${host}: no times recognised, its lines come first`]
      : []),
  ];
}
