import { ScoutError } from '../../errors.ts';
import type { Machine } from '../ask/machine.ts';
import { linesOf, mostRows, toNumber, toScaled } from './untrusted.ts';

export interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly user: string;
  /** `R` running, `S` sleeping, `D` waiting for a disk, `Z` ended and not collected, `T` stopped, `I` idle. */
  readonly state: string;
  /** Of one processor over its whole life; BusyBox does not say. */
  readonly cpuPercent?: number | undefined;
  readonly memoryBytes: number;
  /** For how long it has been running, as ps writes it; BusyBox does not say. */
  readonly elapsed: string;
  readonly command: string;
}

export interface Processes {
  readonly what: 'processes';
  readonly total: number;
  /** How many are in each state. */
  readonly states: readonly (readonly [state: string, count: number])[];
  readonly zombies: readonly Process[];
  /** Only where nobody asked for a name, and not by BusyBox. */
  readonly byCpu?: readonly Process[] | undefined;
  readonly byMemory?: readonly Process[] | undefined;
  /** Those whose command holds the name that was asked for. */
  readonly named?: readonly Process[] | undefined;
  readonly namedTotal?: number | undefined;
  /** False where a piece of the list was not kept. */
  readonly isWhole: boolean;
}

const topRows = 10;
const namedRows = 100;

/** procps, whose columns are wide enough for what they hold; BusyBox has the few that every build of it has. */
const questions = {
  list: 'ps --no-headers -A -o pid,ppid,user:32,state,pcpu,rss,etime,args:200 2>/dev/null',
  busyBox: 'ps -o pid,ppid,user,stat,rss,args',
} as const;

/** One round. Throws ScoutError `not_available` where there is no ps, or no process has that name. */
export async function lookAtProcesses(machine: Machine, name: string | undefined): Promise<Processes> {
  const { list } = questions;
  const { replies, stopped } = await machine.ask({ list });
  if (!replies.list && stopped) throw stopped;
  const second = replies.list?.ok ? undefined : await machine.ask({ busyBox: questions.busyBox });
  const reply = replies.list?.ok ? replies.list : second?.replies.busyBox;
  const all = parseProcesses(reply?.text ?? '', second === undefined);
  if (all.length === 0) {
    throw new ScoutError(
      'not_available',
      `${machine.host} does not list its processes`,
      'Try scout_query with `ps`.',
    );
  }
  const found = { ...summarise(all, name), isWhole: reply?.isWhole === true };
  if (name !== undefined && found.namedTotal === 0) {
    throw new ScoutError(
      'not_available',
      `${machine.host} runs no process with ${JSON.stringify(name)} in its command`,
      'scout_inspect with what services says what should run; with what processes and no name, what does.',
    );
  }
  return found;
}

/** Pure: the rows of either ps, without the one of ps itself. */
export function parseProcesses(text: string, isProcps: boolean): readonly Process[] {
  const form = isProcps
    ? /^\s*(\d+)\s+(\d+)\s+(\S+)\s+([A-Z])\s+([\d.]+)\s+(\d+)\s+([\d:-]+)\s+(.*)/s
    : /^\s*(\d+)\s+(\d+)\s+(\S+)\s+([A-Z])\S*(?:\s[N<])?()\s+(\S+)()\s+(.*)/s;
  return linesOf(text).flatMap((line) => {
    const [, pid, parent, user, state, cpu, memory, elapsed, command] = form.exec(line) ?? [];
    if (pid === undefined || command === undefined || /^ps (?:--no-headers|-o pid,ppid)/.test(command))
      return [];
    return [
      {
        pid: Number(pid),
        parent: Number(parent),
        user: user ?? '',
        state: state ?? '?',
        cpuPercent: toNumber(cpu),
        memoryBytes: memoryOf(memory),
        elapsed: elapsed ?? '',
        command: command.trim(),
      },
    ];
  });
}

/** Kibibytes; BusyBox writes `15m` for what is more than four digits of them. */
function memoryOf(text: string | undefined): number {
  const kibibytes = toNumber(text);
  return kibibytes === undefined ? (toScaled(text) ?? 0) : kibibytes * 1024;
}

/** Pure: the top of a list, or what of it has the name. */
export function summarise(all: readonly Process[], name: string | undefined): Omit<Processes, 'isWhole'> {
  const counts = new Map<string, number>();
  for (const { state } of all) counts.set(state, (counts.get(state) ?? 0) + 1);
  const zombies = all.filter(({ state }) => state === 'Z').slice(0, topRows);
  const common = {
    what: 'processes',
    total: all.length,
    states: [...counts].sort(([, a], [, b]) => b - a).slice(0, mostRows),
    zombies,
  } as const;
  const byMemory = [...all].sort((a, b) => b.memoryBytes - a.memoryBytes);
  if (name !== undefined) {
    const wanted = name.toLowerCase();
    const named = byMemory.filter(({ command }) => command.toLowerCase().includes(wanted));
    return { ...common, zombies: [], named: named.slice(0, namedRows), namedTotal: named.length };
  }
  const isMeasured = all.some(({ cpuPercent }) => cpuPercent !== undefined);
  const byCpu = [...all]
    .filter(({ cpuPercent }) => (cpuPercent ?? 0) > 0)
    .sort((a, b) => (b.cpuPercent ?? 0) - (a.cpuPercent ?? 0));
  return {
    ...common,
    byMemory: byMemory.filter(({ memoryBytes }) => memoryBytes > 0).slice(0, topRows),
    byCpu: isMeasured ? byCpu.slice(0, topRows) : undefined,
  };
}
