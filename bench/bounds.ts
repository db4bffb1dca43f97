import { median } from './measure.ts';
import type { Line } from './table.ts';

/** What a change must not make worse: scout's part of what another takes for the same work, or a figure of its own. */
interface Bound {
  readonly work: string;
  /** Undefined: the figure itself is bounded. `peers`: the best of them. */
  readonly than?: string;
  readonly most: number;
}

const peers = ['ssh-mcp', 'mcp-ssh-manager', 'ssh-mcp-server-secured'] as const;

const bounds: readonly Bound[] = [
  { work: 'start: spawn to `tools/list` answered', than: 'peers', most: 0.5 },
  { work: '`stat`, 0 ms', than: 'raw ssh2', most: 0.85 },
  { work: '`true`, 0 ms', than: 'raw ssh2', most: 0.75 },
  { work: '`true`, 0 ms', than: 'peers', most: 1 / 30 },
  { work: '`stat`, 0 ms', than: 'peers', most: 1 / 30 },
  { work: '`stat`, 100 ms', most: 120 },
  { work: 'read 1 KiB, 0 ms', than: 'raw ssh2', most: 0.55 },
  { work: 'read 1 KiB, 100 ms', most: 120 },
  { work: '10 MiB of output, 100 ms', than: 'ssh -S', most: 0.5 },
  { work: '20 hosts from cold: wall time', than: 'ssh', most: 0.5 },
  { work: '20 hosts from cold: CPU', than: 'ssh', most: 0.25 },
  { work: 'memory, 100 connections', most: 110 },
];

/** A line for each bound whose work was measured: what it is, what it may be at most, and whether it holds. */
export function judge(lines: readonly Line[]): readonly string[] {
  return bounds.flatMap(({ work, than, most }) => {
    const line = lines.find((one) => one.work === work);
    const own = medianOf(line, 'scout');
    if (!line || own === undefined) return [];
    const others = than === 'peers' ? peers : than === undefined ? [] : [than];
    const values = others.flatMap((name) => medianOf(line, name) ?? []);
    if (than !== undefined && values.length === 0) return [];
    const figure = than === undefined ? own : own / Math.min(...values);
    const what =
      than === undefined
        ? `${work} (${line.unit})`
        : `${work}, of ${than === 'peers' ? 'the best peer' : than}`;
    return [
      `${figure <= most ? 'holds ' : 'BROKEN'} ${what}: ${figure.toPrecision(3)}, at most ${most.toPrecision(3)}`,
    ];
  });
}

function medianOf(line: Line | undefined, name: string): number | undefined {
  const taken = line?.taken.get(name);
  return taken && !(taken instanceof Error) ? median(taken) : undefined;
}
