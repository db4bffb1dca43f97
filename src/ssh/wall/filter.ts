import {
  auditArch,
  judgedCalls,
  type Machine,
  machines,
  newestCall,
  numberOn,
  refusedCalls,
} from './system-calls.ts';

/** One instruction of classic BPF (linux/filter.h): code, jump if true, jump if false, operand. */
type Instruction = readonly [code: number, ifTrue: number, ifFalse: number, operand: number];

/** What a worker of a wall may do beyond reading files; see `doors.ts`. */
export interface FilterDoors {
  /** UNIX sockets may be made and connected. */
  readonly sockets: boolean;
  /** The ioctls of /dev/zfs. */
  readonly zfs: boolean;
  /** Netlink sockets are bound, by which `ip` and `ss` ask; without Landlock no other worker binds a socket. */
  readonly processes: boolean;
}

/**
 * Parts of a filter in hexadecimal; they are put one after another in this order, `sizes` or `strict` or neither. Each part falls
 * through to the next for what it does not refuse.
 */
export interface FilterParts {
  readonly start: string;
  /**
   * Truncating, in place of Landlock: where it does not know it (below ABI 3), and where it is left out of its rights,
   * for then it looks at no file that is only read. First, for nothing is done as often as opening a file.
   */
  readonly sizes: string;
  readonly lists: string;
  /** Where Landlock does not know signals (below ABI 6); not where the worker kills by number. */
  readonly signals: string;
  /** In place of Landlock: no file is opened for writing at all, not even /dev/null. */
  readonly strict: string;
  readonly end: string;
}

const [EPERM, EACCES, ENOTTY, ENOSYS] = [1, 13, 25, 38];
/** Offsets in struct seccomp_data (seccomp(2)); arguments are 64 bits, the low half first on both machines. */
const [numberAt, archAt] = [0, 4];
const lowOf = (argument: number) => 16 + 8 * argument;
const highOf = (argument: number) => 20 + 8 * argument;

const load = (offset: number): Instruction => [0x20, 0, 0, offset];
const and = (mask: number): Instruction => [0x54, 0, 0, mask];
const allow: Instruction = [0x06, 0, 0, 0x7fff0000];
const fail = (errno: number): Instruction => [0x06, 0, 0, 0x00050000 + errno];
const ifEqual = (value: number, ifTrue: number, ifFalse: number): Instruction => [
  0x15,
  ifTrue,
  ifFalse,
  value,
];
const ifAtLeast = (value: number, ifTrue: number, ifFalse: number): Instruction => [
  0x35,
  ifTrue,
  ifFalse,
  value,
];
const ifBits = (mask: number, ifTrue: number, ifFalse: number): Instruction => [0x45, ifTrue, ifFalse, mask];

/** The parts of the filter for each machine. */
export function filterParts(doors: FilterDoors): Readonly<Record<Machine, FilterParts>> {
  const entries = machines.map((machine) => [machine, partsFor(machine, doors)]);
  return Object.fromEntries(entries) as Record<Machine, FilterParts>; // one entry a machine
}

function partsFor(machine: Machine, doors: FilterDoors): FilterParts {
  const judged = (name: keyof typeof judgedCalls) => numberOn(machine, judgedCalls[name]);
  const on = (name: keyof typeof judgedCalls, body: readonly Instruction[]) => onCall(judged(name), body);
  const listed = (...groups: (keyof typeof refusedCalls)[]) => refuse(machine, groups);
  return {
    start: hex([
      load(archAt),
      ifEqual(auditArch[machine], 1, 0),
      fail(EPERM),
      load(numberAt),
      // x32 calls have bit 30; what is newer than the lists is not there
      ifAtLeast(newestCall + 1, 0, 1),
      fail(ENOSYS),
    ]),
    sizes: hex([
      ...on('openat', [...truncatingOpen(2), allow]),
      ...on('open', [...truncatingOpen(1), allow]),
      ...listed('sizes'),
    ]),
    lists: hex([
      ...listed('metadata', 'mounts', 'processes'),
      ...listed('machine', 'ipc'),
      ...on('openat2', [fail(ENOSYS)]),
      ...on('socket', socketBody(doors)),
      ...on('ioctl', ioctlBody(doors)),
      ...on('fcntl', oneOf(lowOf(1), changingFcntls, fail(EPERM), undefined)),
      ...on('prlimit64', prlimitBody),
      // READ_ALL and the sizes of syslog(2); READ takes the messages from who waits for them
      ...on('syslog', oneOf(lowOf(0), [3, 9, 10], allow, fail(EPERM))),
      // of all the flags of clone(2) only those of new namespaces; clone3 is told to be unknown
      ...on('clone', [load(lowOf(0)), ifBits(newNamespaces, 0, 1), fail(EPERM)]),
      ...onCall(435, [fail(ENOSYS)]),
    ]),
    signals: hex([...listed('signals'), ...on('kill', [load(lowOf(0)), ifEqual(0, 1, 0), fail(EPERM)])]),
    strict: hex([
      ...listed('names', 'sizes'),
      ...on('open', writingOpen(1)),
      ...on('openat', writingOpen(2)),
      // a socket that a name is given to becomes a file
      ...(doors.processes || doors.sockets ? [] : on('bind', [fail(EPERM)])),
    ]),
    end: hex([allow]),
  };
}

/** One comparison a call and one refusal for all; a jump reaches 255 instructions. */
function refuse(machine: Machine, groups: readonly (keyof typeof refusedCalls)[]): readonly Instruction[] {
  const numbers = groups
    .flatMap((group) => Object.values(refusedCalls[group]))
    .map((pair) => numberOn(machine, pair))
    .filter((number) => number !== undefined);
  const last = numbers.length - 1;
  return [...numbers.map((number, at) => ifEqual(number, last - at, at === last ? 1 : 0)), fail(EPERM)];
}

/** `body` for one call: it ends by a return, or the call's number is loaded again for what follows. */
function onCall(number: number | undefined, body: readonly Instruction[]): readonly Instruction[] {
  if (number === undefined) return [];
  return [ifEqual(number, 0, body.length + 1), ...body, load(numberAt)];
}

/** Return `match` where the word at `offset` is one of `values`, else `otherwise`, or fall through. */
function oneOf(
  offset: number,
  values: readonly number[],
  match: Instruction,
  otherwise: Instruction | undefined,
): readonly Instruction[] {
  const last = values.length - 1;
  const checks = values.map((value, at) => ifEqual(value, last - at, at === last ? 1 : 0));
  return [load(offset), ...checks, match, ...(otherwise ? [otherwise] : [])];
}

const [afUnix, afNetlink] = [1, 16];
/** ROUTE, SOCK_DIAG, NETFILTER, GENERIC: what `ip` and `ss` ask by. */
const netlinkProtocols = [0, 4, 12, 16];

function socketBody({ sockets }: FilterDoors): readonly Instruction[] {
  return [
    load(lowOf(0)),
    ...(sockets ? [ifEqual(afUnix, 0, 1), allow] : []),
    ifEqual(afNetlink, 1, 0),
    fail(EPERM),
    ...oneOf(lowOf(2), netlinkProtocols, allow, fail(EPERM)),
  ];
}

/** Requests that only ask: terminals, sockets, interfaces, flags and extents of files, sizes of disks, namespaces. */
const askingIoctls = [
  ...[0x5401, 0x5413, 0x541b, 0x540f, 0x5429, 0x802c542a, 0x5421, 0x5450, 0x5451, 0x5411],
  ...[0x8910, 0x8912, 0x8913, 0x8915, 0x8917, 0x8919, 0x891b, 0x891d, 0x8921, 0x8927, 0x8933, 0x8942, 0x8946],
  ...[0x8970, 0x8906, 0x8907, 0x8b01, 0x8b1b],
  ...[0x80086601, 0x80087601, 0x801c581f, 0xc020660b, 0x2, 0x81009431],
  ...[0x125e, 0x1260, 0x80081272, 0x1268, 0x80081270, 0x1278, 0x1279, 0x127a, 0x127b, 0x127c, 0x301],
  ...[0xb701, 0xb702, 0xb703, 0xb704],
];

function ioctlBody({ zfs }: FilterDoors): readonly Instruction[] {
  const zfsRange = [load(lowOf(1)), ifAtLeast(0x5a00, 0, 2), ifAtLeast(0x5b00, 1, 0), allow];
  return [...(zfs ? zfsRange : []), ...oneOf(lowOf(1), askingIoctls, allow, fail(ENOTTY))];
}

/** F_SETOWN, F_SETSIG, F_SETOWN_EX (signals by way of files), F_SETLEASE, F_NOTIFY, F_SET_RW_HINT, F_SET_FILE_RW_HINT. */
const changingFcntls = [8, 10, 15, 1024, 1026, 1036, 1038];

/** New limits for oneself only: the third argument is 0, or the first. */
const prlimitBody = [
  ...[load(lowOf(2)), ifEqual(0, 0, 2), load(highOf(2)), ifEqual(0, 3, 0)],
  ...[load(lowOf(0)), ifEqual(0, 1, 0)],
  fail(EPERM),
];

/** CLONE_NEW{TIME is clone3's; CGROUP, UTS, IPC, USER, PID, NET, NS}. */
const newNamespaces = 0x7e020000;

/** O_RDONLY with O_TRUNC: Landlock below ABI 3 takes it for reading. */
function truncatingOpen(flags: number): readonly Instruction[] {
  return [load(lowOf(flags)), and(0o1003), ifEqual(0o1000, 0, 1), fail(EACCES)];
}

/** O_WRONLY, O_RDWR, O_CREAT, O_TRUNC, __O_TMPFILE: the same bits on both machines. */
function writingOpen(flags: number): readonly Instruction[] {
  return [load(lowOf(flags)), ifBits(0o20001103, 0, 1), fail(EACCES)];
}

/** struct sock_filter, little-endian as both machines are. */
function hex(program: readonly Instruction[]): string {
  const bytes = Buffer.alloc(program.length * 8);
  for (const [at, [code, ifTrue, ifFalse, operand]] of program.entries()) {
    bytes.writeUInt16LE(code, at * 8);
    bytes.writeUInt8(ifTrue, at * 8 + 2);
    bytes.writeUInt8(ifFalse, at * 8 + 3);
    bytes.writeUInt32LE(operand >>> 0, at * 8 + 4);
  }
  return bytes.toString('hex');
}
