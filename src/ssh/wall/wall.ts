// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are expansions of the remote shell
import { kernelTraps } from '../../path-traps.ts';
import { quote } from '../../quote.ts';
import { partSeparator, perlBuilder, perlReader } from './build-by-perl.ts';
import { pythonBuilder } from './build-by-python.ts';
import { toolLines } from './build-by-tools.ts';
import { doorsIn, walledKind } from './doors.ts';
import { filterParts } from './filter.ts';
import { lowPriority } from './low-priority.ts';
import { readReport, type WallReason, type WallState, wallState } from './report.ts';
import { buildingCalls, machines, numberOn } from './system-calls.ts';

/** The parts that a builder may use. */
export const wallParts = ['caps', 'landlock', 'mounts', 'seccomp'] as const;
export type WallPart = (typeof wallParts)[number];

export interface WallOptions {
  /** The kind of worker: what `doorsFor` gives. */
  readonly kind?: string;
  /** Patterns of what is hidden where the wall has mounts: those of `wallMasks`. */
  readonly masks?: readonly string[];
  /** The parts to build with; all unless said. */
  readonly parts?: readonly WallPart[];
}

/** Who builds it, the best first. */
export const builders = ['perl', 'python3', 'setpriv'] as const;
export type Builder = (typeof builders)[number];

/**
 * A kernel wall around a worker: lines that its shell runs before its hello, behind which everything that it
 * starts will be. Nothing is written on the remote machine.
 */
export interface Wall {
  /** The kind of worker: which doors it has. */
  readonly kind: string;
  /**
   * Shell lines without line feeds, by the builders that are left, and behind them `then`, which is run inside. Before
   * a builder takes over, `builderMark` and its name are printed. `loop` is the script that reads and runs the lines
   * that follow. `nice` lowers the priorities.
   */
  lines(loop: string, then: readonly string[], nice: boolean, left?: readonly Builder[]): readonly string[];
  /** What the report in the shell variable `w` says. */
  read(report: string): WallState;
}

/** Printed before a builder takes over, so that it is known which one did not come back. */
export const builderMark = 'scout-wall-by:';
/** Of the lines behind the wall; Linux takes 128 KiB for one variable of the environment. */
const mostHandedBytes = 64 * 1024;
/** Wider than a tag, which the reader of frames holds back. */
const padding = ' '.repeat(40);

/** The strongest wall that a host offers: see docs/wall.md. */
export function createWall({ kind = '', masks = [], parts = wallParts }: WallOptions = {}): Wall {
  const doors = doorsIn(kind);
  const filters = filterParts({
    sockets: doors.has('sockets'),
    zfs: doors.has('zfs'),
    processes: doors.has('processes'),
  });
  const calls = machines.map((machine) => {
    const numbers = Object.values(buildingCalls).map((pair) => numberOn(machine, pair));
    return [machine, ...numbers].join(' ');
  });
  const filterTexts = machines.map((machine) => {
    const { start, sizes, lists, signals, strict, end } = filters[machine];
    return [machine, start, sizes, lists, signals, strict, end].join(' ');
  });
  const partsAndDoors = [...parts.filter((part) => part !== 'mounts' || !doors.has('table')), ...doors];
  const words = (loop: string, nice: boolean) => [
    loop,
    [...partsAndDoors, ...(nice ? ['nice'] : [])].join(','),
    calls.join(';'),
    filterTexts.join(';'),
    ...masks,
    ...(doors.has(walledKind) ? consumed : []),
  ];
  const python = quote(pythonBuilder(doors.has(walledKind))).replaceAll('\n', `'"$n"'`);
  // the shell that a builder becomes reads on where the one before it stopped: at the next builder's line
  const withoutPerl = (loop: string, nice: boolean, left: readonly Builder[]) => [
    ...(nice ? [lowPriority] : []),
    `set -- "$1" "$2" "$3" ${words(loop, nice).map(quote).join(' ')}`,
    ...left
      .filter((builder) => builder !== 'perl')
      .map((builder) => {
        const take =
          builder === 'setpriv' ? toolLines(loop).join('; ') : `exec "$p" -IBS -c ${python} "$@" 9>/dev/null`;
        return `if [ "$w" = none ] && ${found[builder]}; then ${mark(builder)}; ${take}; fi`;
      }),
  ];
  // a comment for a shell; where there is Perl, it reads this line and those of the other builders
  const perl = (loop: string, nice: boolean) =>
    `#${[perlBuilder(doors.has(walledKind)), ...words(loop, nice)].join(partSeparator)}`;
  const made = new Map<string, { readonly lines: readonly string[]; readonly bytes: number }>();
  const builderLines = (loop: string, nice: boolean, left: readonly Builder[]) => {
    const others = withoutPerl(loop, nice, left);
    const lines = left.includes('perl') ? [perl(loop, nice), ...others] : others;
    return { lines, bytes: bytesOf(lines) };
  };
  return {
    kind,
    lines: (loop, then, nice, left = builders) => {
      const key = `${left} ${nice} ${loop}`;
      const own = made.get(key) ?? builderLines(loop, nice, left);
      made.set(key, own);
      // `n` is the line feed of the Python program
      const start = 'n=${IFS#??}; w=none; x=/bin/sh; set -- "$1" "$(uname -sm 2>/dev/null)" "$x"';
      if (!left.includes('perl')) return [start, ...own.lines, ...then];
      const thenBytes = bytesOf(then);
      const reader = perlReader(own.bytes, thenBytes > mostHandedBytes ? 0 : thenBytes);
      const take = `exec "$p" -e ${quote(reader)} "$@" 9>/dev/null`;
      return [start, `if ${found.perl}; then ${mark('perl')}; ${take}; fi`, ...own.lines, ...then];
    },
    read: (report) => readReport(report, kind),
  };
}

/** Builds nothing and says why. */
export function noWall(reason: WallReason): Wall {
  return {
    kind: '',
    lines: (_, then, nice) => [...(nice ? [lowPriority] : []), 'w=', ...then],
    read: () => wallState('none', reason),
  };
}

/** What reading takes away from others, or what shows memory; hidden where any command line runs. */
const consumed = kernelTraps.map(({ path }) => path).filter((path) => !path.includes('*'));

/** Sets `p` to the program. Red Hat's systems may have a Python for their own tools only. */
const found: Readonly<Record<Builder, string>> = {
  perl: 'p=$(command -v perl)',
  python3: 'p=$(command -v python3 || command -v /usr/libexec/platform-python)',
  setpriv: 'p=$(command -v setpriv)',
};

function bytesOf(lines: readonly string[]): number {
  return lines.reduce((bytes, line) => bytes + Buffer.byteLength(line) + 1, 0);
}

function mark(builder: Builder): string {
  return `printf "%s\\n" "${builderMark}${builder} ${padding}"`;
}
