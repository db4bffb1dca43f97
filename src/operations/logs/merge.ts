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
 * time keeps its place behind the line before it; where a whole log has none, its lines come first, and are so many
 * as are its host's share, or as the others leave room for.
 */
export function mergeLogs(
  logs: readonly { readonly host: string; readonly value: HostLog }[],
  limit: number,
): MergedLog {
  const lines = logs.flatMap(({ host, value }, turn) => {
    const places = placesOf(value.lines);
    const { length } = places;
    return value.lines.map(({ text }, at) => ({
      host,
      text,
      place: places[at] ?? 0,
      turn,
      at,
      left: length - at,
    }));
  });
  lines.sort((a, b) => (a.place === b.place ? a.turn - b.turn || a.at - b.at : a.place < b.place ? -1 : 1));
  const dated = lines.filter(({ place }) => place > Number.NEGATIVE_INFINITY);
  const undated = lines.slice(0, lines.length - dated.length);
  const undatedHosts = new Set(undated.map(({ host }) => host));
  const share = Math.floor(Math.max(limit / logs.length, (limit - dated.length) / undatedHosts.size));
  const first = undated.filter(({ left }) => left <= share);
  const rest = dated.slice(Math.max(0, dated.length + first.length - limit));
  return {
    hosts: logs.map(({ host }) => host),
    lines: [...first, ...rest].map(({ host, text }) => ({ host, text })),
    notes: [
      ...new Set(
        logs.flatMap(({ host, value: { aheadMs, lines: own, notes } }) =>
          [
            ...notes,
            ...(aheadMs === undefined
              ? []
              : [`its clock is ${formatDuration(Math.abs(aheadMs))} ${aheadMs > 0 ? 'ahead' : 'behind'}`]),
            ...(undatedHosts.has(host)
              ? [`no times recognised, its newest ${Math.min(share, own.length)} come first`]
              : []),
          ].map((note) => `${host}: ${note}`),
        ),
      ),
    ],
    from: [...new Set(logs.map(({ value }) => value.from))],
  };
}
