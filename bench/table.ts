import { median, type Taken } from './measure.ts';

/** A finished line of the table. */
export interface Line {
  readonly work: string;
  readonly unit: string;
  readonly runs: number;
  readonly taken: ReadonlyMap<string, Taken>;
}

/**
 * A Markdown table: medians, and how many times scout's each is. A dash: it does not do that work; `failed`: it could
 * not, for the reason below the table.
 */
export function formatTable(lines: readonly Line[], names: readonly string[]): string {
  const head = ['work', 'runs', ...names];
  const notes: string[] = [];
  const rows = lines.map(({ work, unit, runs, taken }) => {
    const own = taken.get('scout');
    const base = own && !(own instanceof Error) ? median(own) : undefined;
    const cells = names.map((name) => {
      const of = taken.get(name);
      if (!of) return '–';
      if (!(of instanceof Error)) return cell(median(of), unit, name === 'scout' ? undefined : base);
      notes.push(`${work}, ${name}: ${of.message.replaceAll('\n', ' ').slice(0, 200)}`);
      return 'failed';
    });
    return [work, String(runs), ...cells];
  });
  const all = [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`);
  return [...all, ...(notes.length > 0 ? ['', ...notes] : [])].join('\n');
}

/** One line as text, for people who wait for the table. */
export function summary({ work, unit, taken }: Line): string {
  const each = [...taken].map(([name, of]) =>
    of instanceof Error ? `${name} failed` : `${name} ${cell(median(of), unit, undefined)}`,
  );
  return `${work}: ${each.join(', ')}`;
}

function cell(value: number, unit: string, base: number | undefined): string {
  const ratio = base ? ` (${(value / base).toPrecision(2)} ×)` : '';
  const shown = value < 1_000 ? value.toPrecision(3) : Number(value.toPrecision(3)).toLocaleString('en-US');
  return `${shown} ${unit}${ratio}`;
}
