import { walledKind } from './doors.ts';

/** `full`: files, metadata, processes and network; `files`: writes to files are refused; `none`: neither. */
export type WallLevel = 'none' | 'files' | 'full';

/** What holds a worker, as it was found from inside when it started. */
export interface WallState {
  readonly level: WallLevel;
  /** Why it is not higher; undefined for `full`. Our own words. */
  readonly why?: string;
  /** What would make it higher. */
  readonly raise?: string;
  /** No file is opened for writing, /dev/null neither: the worker's fd 9 stands for it. */
  readonly strict: boolean;
  /** Of a worker for any command line: whether TMPDIR is a place of its own in memory. */
  readonly hasScratch?: boolean;
}

/** Why a wall has its level: a line, and what would raise it. */
const reasons = {
  off: ['SCOUT_KERNEL_WALL=off', 'Leave SCOUT_KERNEL_WALL at auto.'],
  unrestricted: ['SCOUT_QUERY_POLICY=unrestricted runs without one', 'Leave SCOUT_QUERY_POLICY at readonly.'],
  failed: [
    'the shell did not survive the building of it',
    'See what perl, python3 and setpriv do on that host: each should start and end by itself.',
  ],
  bare: [
    'that host has neither perl nor python3 to build it with',
    'Install perl (Debian has it in perl-base) or python3 on that host.',
  ],
  door: [
    'the program that ran needs UNIX sockets or a device',
    'Nothing: other programs have the whole wall.',
  ],
  userns: [
    'built of a user namespace, where the names of other owners are lost, for that host has neither perl nor python3',
    'Install perl (Debian has it in perl-base) or python3 on that host.',
  ],
  machine: [
    'its system calls are known for Linux on 64-bit x86 and ARM only',
    'Nothing yet: only another machine, or a 64-bit system on this one.',
  ],
  kernel: [
    'its kernel or container offers neither Landlock nor seccomp filters',
    'Use a kernel with CONFIG_SECCOMP_FILTER (or Landlock, 5.13 and newer), and a container profile that lets them be used.',
  ],
  noSeccomp: [
    'its kernel or container offers no seccomp filters',
    'Use a kernel with CONFIG_SECCOMP_FILTER, and a container profile that lets them be used.',
  ],
  tree: [
    'the worker has no process group of its own, so signals are not refused',
    'Install setsid (util-linux or BusyBox) on that host.',
  ],
  patterns: [
    'SCOUT_DENY_PATHS has a pattern that no wall can hide: `**` within it, or a file of /proc',
    'Leave such patterns out of SCOUT_DENY_PATHS.',
  ],
  unhidden: [
    'its kernel has no Landlock, or a denied path could not be hidden from every program',
    'Use a kernel with Landlock (5.13 and newer, enabled at boot).',
  ],
  unbounded: [
    'processes, memory and time could not be bounded there',
    'See what keeps perl or python3 on that host from setting limits and starting a process group.',
  ],
  leaky: ['a trial from inside was not refused', 'Report it, with the kernel version of that host.'],
} as const satisfies Readonly<Record<string, readonly [why: string, raise: string]>>;

export type WallReason = keyof typeof reasons;

/** A wall of this level, for this reason. */
export function wallState(level: Exclude<WallLevel, 'full'>, reason: WallReason): WallState {
  const [why, raise] = reasons[reason];
  return { level, why, raise, strict: false };
}

/**
 * What a builder's report means: words, of which F, M, P and N are what it found refused (files, metadata,
 * processes, network). A report is remote text: only known words count, and none of it is shown.
 */
export function readReport(report: string, kind: string): WallState {
  const words = new Set(report.split(' '));
  const has = (...wanted: string[]) => wanted.every((word) => words.has(word));
  const strict = has('strict');
  if (has('walled', 'F', 'M', 'P', 'N')) {
    if (!has('D')) return { ...wallState('files', 'unhidden'), strict };
    if (!has('limits', 'watched')) return { ...wallState('files', 'unbounded'), strict };
    return { level: 'full', strict, hasScratch: has('scratch') };
  }
  if (kind !== walledKind && has('F', 'M', 'P', 'N') && !/sockets|zfs/.test(kind))
    return { level: 'full', strict };
  const level = has('F') ? 'files' : 'none';
  return { ...wallState(level, reasonFor(has, kind)), strict };
}

function reasonFor(has: (...words: string[]) => boolean, kind: string): WallReason {
  if (has('F', 'M', 'N') && has('P')) return kind === '' ? 'leaky' : 'door';
  if (has('userns')) return 'userns';
  if (!has('perl') && !has('python')) return 'bare';
  if (has('unknown')) return 'machine';
  if (!has('seccomp')) return has('F') ? 'noSeccomp' : 'kernel';
  if (has('F', 'M', 'N')) return 'tree';
  return 'leaky';
}
