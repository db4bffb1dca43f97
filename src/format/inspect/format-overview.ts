import type { FileSystem } from '../../operations/inspect/file-systems.ts';
import type { Overview } from '../../operations/inspect/overview.ts';
import type { ListeningPort } from '../../operations/inspect/ports.ts';
import { formatBytes, formatDuration } from '../../units.ts';
import {
  count,
  factsOf,
  formatAge,
  formatSeconds,
  type Line,
  mostShown,
  type Say,
  type Shown,
  table,
} from './shown.ts';

/** The numbers are the heading; what has names stands in one block. */
export function formatOverview(facts: Overview, say: Say): Shown {
  return {
    heading: heading(facts),
    facts: numbersOf(facts),
    texts: {},
    tables: { overview: table(['', ''], linesOf(facts, say)) },
  };
}

function heading(facts: Overview): string {
  const { uptimeS, loads, processors, memory, full, failedUnits, clock } = facts;
  return [
    ...(uptimeS === undefined ? [] : [`up ${formatAge(uptimeS)}`]),
    ...(loads.length === 0 ? [] : [`load ${loads.map((load) => load.toFixed(2)).join(' ')}`]),
    ...(processors === undefined ? [] : [count(processors, 'processor')]),
    ...(memory
      ? [
          `memory ${usedPercent(memory.totalBytes, memory.availableBytes)} % of ${formatBytes(memory.totalBytes)} used`,
        ]
      : []),
    ...(memory && memory.swapTotalBytes > 0
      ? [
          `swap ${usedPercent(memory.swapTotalBytes, memory.swapFreeBytes)} % of ${formatBytes(memory.swapTotalBytes)} used`,
        ]
      : []),
    ...(full ? [full.length === 0 ? 'no disk over 80 %' : `${count(full.length, 'disk')} over 80 %`] : []),
    ...(failedUnits
      ? [failedUnits.length === 0 ? 'no failed unit' : count(failedUnits.length, 'failed unit')]
      : []),
    ...(clock ? [clockText(clock)] : []),
    ...(facts.rebootNeeded ? ['a reboot is asked for'] : []),
    ...(facts.isContainer ? ['a container: uptime, load and memory are those of the machine below'] : []),
  ].join(', ');
}

function clockText({ aheadMs, withinMs }: NonNullable<Overview['clock']>): string {
  const within = `± ${formatDuration(withinMs)}`;
  if (Math.abs(aheadMs) <= withinMs) return `clock right (${within})`;
  return `clock ${formatAge(Math.abs(aheadMs) / 1_000)} ${aheadMs > 0 ? 'ahead' : 'behind'} (${within})`;
}

function numbersOf(facts: Overview): Shown['facts'] {
  const { memory, loads, clock } = facts;
  return factsOf({
    what: 'overview',
    uptime_s: facts.uptimeS,
    booted: formatSeconds(facts.bootedS),
    load_1: loads[0],
    load_5: loads[1],
    load_15: loads[2],
    processors: facts.processors,
    memory_total_bytes: memory?.totalBytes,
    memory_used_percent: memory && usedPercent(memory.totalBytes, memory.availableBytes),
    swap_total_bytes: memory?.swapTotalBytes,
    swap_used_percent: memory && usedPercent(memory.swapTotalBytes, memory.swapFreeBytes),
    disks_over_80: facts.full?.length,
    failed_units: facts.failedUnits?.length,
    listening: facts.ports?.length,
    clock_ahead_ms: clock?.aheadMs,
    clock_within_ms: clock?.withinMs,
    container: facts.isContainer || undefined,
    reboot_needed: facts.rebootNeeded || undefined,
  });
}

function linesOf(facts: Overview, say: Say): readonly Line[] {
  const system = [facts.system, facts.kernel].filter((part) => part !== undefined).join(', ');
  return [
    ...(system === '' ? [] : [line('os', say(system))]),
    ...(facts.bootedS === undefined ? [] : [line('booted', formatSeconds(facts.bootedS))]),
    ...(facts.full ?? []).slice(0, mostShown).map((one) => ({
      cells: ['disk', `${say(one.mount)} ${fullText(one)}`],
      facts: {
        fact: 'disk',
        value: say(one.mount),
        used_percent: one.usedPercent,
        inodes_used_percent: one.inodesUsedPercent,
        size_bytes: one.sizeBytes,
      },
    })),
    ...(facts.failedUnits ?? []).slice(0, mostShown).map((one) => ({
      cells: ['failed', `${say(one.unit)} (${say(one.description)})`],
      facts: { fact: 'failed', value: say(one.unit) },
    })),
    ...(['tcp', 'udp'] as const).flatMap((protocol) => {
      const own = (facts.ports ?? []).filter((port) => port.protocol === protocol);
      return own.length === 0
        ? []
        : [
            line(
              protocol,
              own
                .slice(0, mostPorts)
                .map((port) => portText(port, say))
                .join(', '),
            ),
          ];
    }),
    ...(facts.users && facts.users.length > 0
      ? [
          line(
            'users',
            facts.users
              .map(([user, sessions]) => `${say(user)}${sessions > 1 ? ` ×${sessions}` : ''}`)
              .join(', '),
          ),
        ]
      : []),
    ...(facts.unknown.length === 0 ? [] : [line('unknown', facts.unknown.join(', '))]),
  ];
}

/** A machine that listens on more has a list of its own: what network. */
const mostPorts = 60;

function line(fact: string, value: string): Line {
  return { cells: [fact, value], facts: { fact, value } };
}

function fullText({ usedPercent: used, inodesUsedPercent: inodes, sizeBytes }: FileSystem): string {
  const ofInodes = inodes !== undefined && inodes > 80 ? `, ${inodes} % of its inodes` : '';
  return `${used ?? '?'} % of ${formatBytes(sizeBytes ?? 0)}${ofInodes}`;
}

/** `22 sshd`, `127.0.0.1:5432 postgres`, `[::1]:631`. */
function portText({ address, port, process }: ListeningPort, say: Say): string {
  const shown = say(address);
  const where = address === '*' ? '' : `${shown.includes(':') ? `[${shown}]` : shown}:`;
  return `${where}${port}${process === undefined ? '' : ` ${say(process)}`}`;
}

function usedPercent(total: number, free: number): number {
  return total <= 0 ? 0 : Math.round(((total - free) / total) * 100);
}
