import type { Context } from '../../context.ts';
import type { Entry, Fact, RowsBody } from '../../define.ts';
import { noRedaction, type RemoteText, toRemoteText } from '../../remote-text.ts';
import { formatBytes, formatDuration } from '../../units.ts';
import { alignColumns, oneLine } from '../names.ts';

/** What is said of one machine, or of several that say the same. */
export type Shown = Pick<Entry, 'heading' | 'facts' | 'texts' | 'tables'>;

/** How many of a kind have a line; what is beyond is counted. */
export const mostShown = 500;

/** A text of a machine, cleaned, on one line. */
export type Say = (raw: string | undefined) => RemoteText;

export function sayWith(clean: Context['clean']): Say {
  return (raw = '') => oneLine(clean(Buffer.from(raw)));
}

/** One row: what stands in its line, and the same in the structured form. Texts in both were cleaned. */
export interface Line {
  readonly cells: readonly string[];
  readonly facts: Readonly<Record<string, Fact | undefined>>;
}

/** Aligned columns under their names; a column in which nobody has anything is left out. */
export function table(names: readonly string[], lines: readonly Line[]): RowsBody {
  const kept = names.map((_, column) => lines.some(({ cells }) => (cells[column] ?? '') !== ''));
  const used = (cells: readonly string[]) => cells.filter((_, column) => kept[column] ?? false);
  const hasNames = names.some((name) => name !== '');
  const shown = [...(hasNames ? [used(names)] : []), ...lines.map(({ cells }) => used(cells))];
  const aligned = alignColumns(shown.map((cells) => cells.map((cell) => cell || (hasNames ? '-' : ''))));
  const rows = hasNames ? aligned.slice(1) : aligned;
  return {
    ...(hasNames && lines.length > 0 && { header: aligned[0] ?? '' }),
    // every cell is cleaned, or a word of ours
    rows: lines.map(({ facts }, at) => ({
      line: toRemoteText(rows[at] ?? '', noRedaction),
      facts: factsOf(facts),
    })),
  };
}

/** Without what is not known. */
export function factsOf(facts: Readonly<Record<string, Fact | undefined>>): Record<string, Fact> {
  return Object.fromEntries(
    Object.entries(facts).flatMap(([key, value]) =>
      value === undefined || value === '' ? [] : [[key, value]],
    ),
  );
}

/** Seconds as people say them: `4.2 h`, `12.1 d`. */
export function formatAge(seconds: number): string {
  return seconds < 48 * 3_600 ? formatDuration(seconds * 1_000) : `${Math.round(seconds / 8_640) / 10} d`;
}

/** `3 pools`, `1 pool`, `2 processes`. */
export function count(number: number, what: string, many = 's'): string {
  return `${number} ${what}${number === 1 ? '' : many}`;
}

/** A time in seconds since 1970 as ISO 8601, in UTC; nothing for one that no calendar has. */
export function formatSeconds(seconds: number | undefined): string {
  const time = new Date((seconds ?? Number.NaN) * 1_000);
  return Number.isNaN(time.getTime()) ? '' : time.toISOString().replace('.000Z', 'Z');
}

/** Nothing for a size that is not known. */
export function formatSize(bytes: number | undefined): string {
  return bytes === undefined ? '' : formatBytes(bytes);
}
