import type { Machine, Round } from '../ask/machine.ts';
import type { Reply } from '../ask/questions.ts';
import { type FileSystem, fileSystemQuestions, isFull, parseFileSystems } from './file-systems.ts';
import { countUsers, type Memory, parseClock, parseMemory, parseRelease } from './machine-facts.ts';
import { type ListeningPort, parsePorts, portsQuestion } from './ports.ts';
import { parseUnits, type Unit } from './units.ts';
import { linesOf, toNumber, wordsOf } from './untrusted.ts';

/** File systems are shown when they are fuller than this, in blocks or inodes. */
const fullPercent = 80;

/** One round; what may wait for a dead server (df) comes last, but for the second look at the clock. */
const questions = {
  clock: "date '+%s %N'",
  release: 'cat /etc/os-release 2>/dev/null || cat /usr/lib/os-release',
  kernel: 'uname -s -r -m',
  uptime: 'cat /proc/uptime',
  load: 'cat /proc/loadavg',
  processors: 'nproc',
  memory: 'cat /proc/meminfo',
  rebootNeeded: 'test -e /run/reboot-required',
  container: 'test -e /.dockerenv || test -e /run/.containerenv',
  users: 'who',
  failed: 'systemctl list-units --state=failed --plain --no-legend',
  ports: portsQuestion,
  mounts: fileSystemQuestions.mounts,
  inodes: fileSystemQuestions.inodes,
  blocks: fileSystemQuestions.blocks,
  clockAgain: "date '+%s %N'",
} as const;

type Question = keyof typeof questions;

/** Whatever is undefined could not be found out; `unknown` says what and why. */
export interface Overview {
  readonly what: 'overview';
  readonly system?: string | undefined;
  readonly kernel?: string | undefined;
  readonly isContainer: boolean;
  readonly rebootNeeded: boolean;
  readonly uptimeS?: number | undefined;
  /** When it booted, seconds since 1970 by its own clock. */
  readonly bootedS?: number | undefined;
  /** How far its clock is ahead of ours, give or take `withinMs`. */
  readonly clock?: { readonly aheadMs: number; readonly withinMs: number } | undefined;
  readonly loads: readonly number[];
  readonly processors?: number | undefined;
  readonly memory?: Memory | undefined;
  readonly full?: readonly FileSystem[] | undefined;
  readonly failedUnits?: readonly Unit[] | undefined;
  readonly ports?: readonly ListeningPort[] | undefined;
  /** Sessions by user. */
  readonly users?: readonly (readonly [user: string, sessions: number])[] | undefined;
  readonly unknown: readonly string[];
}

/** The first look at a machine. What stops it (`Round.stopped`) is thrown only where nothing at all was heard. */
export async function lookOver(
  machine: Machine,
): Promise<{ facts: Overview; stopped?: Round<Question>['stopped'] }> {
  const round = await machine.ask(questions);
  if (round.stopped && !round.replies.clock) throw round.stopped;
  const facts = readOverview(round);
  return round.stopped ? { facts, stopped: round.stopped } : { facts };
}

/** Pure: the facts that the answers of one round hold. */
export function readOverview(
  round: Pick<Round<Question>, 'replies' | 'startedMs' | 'endedMs' | 'complaints'>,
): Overview {
  const { replies } = round;
  const text = (name: Question) => (replies[name]?.isWhole ? replies[name].text : undefined);
  const printed = (name: Question) => (replies[name]?.ok ? text(name) : undefined);
  const uptimeS = toNumber(wordsOf(printed('uptime') ?? '')[0]);
  const nowMs = parseClock(printed('clock'))?.ms;
  const blocks = replies.blocks;
  const ports = text('ports');
  const failed = printed('failed');
  const isContainer = replies.container?.ok === true;
  return {
    what: 'overview',
    system: parseRelease(printed('release') ?? ''),
    kernel: linesOf(printed('kernel') ?? '')[0],
    isContainer,
    rebootNeeded: replies.rebootNeeded?.ok === true,
    uptimeS,
    bootedS: uptimeS === undefined || nowMs === undefined ? undefined : Math.round(nowMs / 1_000 - uptimeS),
    clock: clockOf(round),
    loads: wordsOf(printed('load') ?? '')
      .slice(0, 3)
      .flatMap((word) => toNumber(word) ?? []),
    processors: toNumber(printed('processors')?.trim()),
    memory: parseMemory(printed('memory') ?? ''),
    full: blocks?.isWhole // df ends with 1 where one of many file systems could not be asked
      ? parseFileSystems(blocks.text, text('inodes') ?? '', text('mounts') ?? '').filter((one) =>
          isFull(one, fullPercent),
        )
      : undefined,
    failedUnits: failed === undefined ? undefined : parseUnits(failed),
    ports: replies.ports?.ok || ports ? parsePorts(ports ?? '') : undefined,
    users: printed('users') === undefined ? undefined : countUsers(printed('users') ?? ''),
    unknown: whatIsUnknown(replies, round.complaints),
  };
}

/** The middle of what both looks at its clock allow: the first one came after the start, the last before the end. */
function clockOf({
  replies,
  startedMs,
  endedMs,
}: Pick<Round<Question>, 'replies' | 'startedMs' | 'endedMs'>): Overview['clock'] {
  const first = parseClock(replies.clock?.text);
  const last = parseClock(replies.clockAgain?.text) ?? first;
  if (!first || !last) return undefined;
  const atMost = first.ms + first.grainMs - startedMs;
  const atLeast = last.ms - endedMs;
  return { aheadMs: Math.round((atMost + atLeast) / 2), withinMs: Math.ceil(Math.abs(atMost - atLeast) / 2) };
}

const parts: readonly (readonly [Question, string])[] = [
  ['release', 'the system'],
  ['uptime', 'uptime'],
  ['load', 'load'],
  ['memory', 'memory'],
  ['blocks', 'disks'],
  ['inodes', 'inodes'],
  ['failed', 'failed units'],
  ['ports', 'listening ports'],
  ['users', 'users'],
];

function whatIsUnknown(replies: Round<Question>['replies'], complaints: string): readonly string[] {
  return parts.flatMap(([name, what]) => {
    const reply: Reply | undefined = replies[name];
    if (reply?.isWhole && (reply.ok || (reply.text !== '' && name !== 'failed'))) return [];
    if (reply && !reply.isWhole) return [`${what} (too much output)`];
    if (name === 'failed' && reply) return [`${what} (${noSystemd(complaints)})`];
    return [what];
  });
}

function noSystemd(complaints: string): string {
  return /systemctl: .*not found|not found: systemctl|not been booted with systemd/.test(complaints)
    ? 'no systemd'
    : 'systemd does not answer';
}
