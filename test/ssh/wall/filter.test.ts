import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { filterParts } from '../../../src/ssh/wall/filter.ts';
import {
  auditArch,
  buildingCalls,
  judgedCalls,
  type Machine,
  machines,
  newestCall,
  numberOn,
  refusedCalls,
} from '../../../src/ssh/wall/system-calls.ts';

/**
 * Only one of the two machines is here to try the filter on; what it says of a call is worked out for both, as the
 * kernel would, and the numbers are those of the kernel's headers.
 */
const [EPERM, EACCES, ENOTTY, ENOSYS] = [1, 13, 25, 38];
const doors = { sockets: false, zfs: false, processes: false };

/** seccomp(2): what classic BPF returns for a call; an errno, or 'allow'. */
function verdict(program: string, machine: Machine, call: number, ...args: number[]): number | 'allow' {
  const code = Buffer.from(program, 'hex');
  const data = Buffer.alloc(64);
  data.writeUInt32LE(call, 0);
  data.writeUInt32LE(auditArch[machine], 4);
  args.forEach((value, at) => {
    data.writeBigInt64LE(BigInt(value), 16 + 8 * at);
  });
  let accumulator = 0;
  for (let at = 0; at < code.length / 8; at += 1) {
    const [op, ifTrue, ifFalse] = [code.readUInt16LE(at * 8), code[at * 8 + 2] ?? 0, code[at * 8 + 3] ?? 0];
    const operand = code.readUInt32LE(at * 8 + 4);
    const jump = (isTrue: boolean) => {
      at += isTrue ? ifTrue : ifFalse;
    };
    if (op === 0x20) accumulator = data.readUInt32LE(operand);
    else if (op === 0x54) accumulator = (accumulator & operand) >>> 0;
    else if (op === 0x15) jump(accumulator === operand);
    else if (op === 0x35) jump(accumulator >= operand);
    else if (op === 0x45) jump((accumulator & operand) !== 0);
    else if (op === 0x06) return operand === 0x7fff0000 ? 'allow' : operand - 0x50000;
    else throw new Error(`no such instruction: ${op}`);
  }
  throw new Error('it has no end');
}

type Shape = 'landlock' | 'no landlock';

function filterOf(machine: Machine, shape: Shape, opened: Partial<typeof doors> = {}): string {
  const { start, sizes, lists, signals, strict, end } = filterParts({ ...doors, ...opened })[machine];
  return shape === 'landlock' ? start + sizes + lists + end : start + lists + signals + strict + end;
}

describe.each(machines)('on %s', (machine) => {
  const of = (name: keyof typeof judgedCalls) => numberOn(machine, judgedCalls[name]) ?? -1;
  const whole = filterOf(machine, 'landlock');
  const strict = filterOf(machine, 'no landlock');

  test('the numbers are those of the headers of the kernel', () => {
    const named = [...Object.values(refusedCalls), judgedCalls, buildingCalls].flatMap((list) =>
      Object.entries<readonly [x86: number | undefined, arm: number | undefined]>(list),
    );
    const header = headerNumbers(
      machine,
      named.map(([name]) => name),
    );
    const wrong = named.filter(([name, numbers]) => {
      const there = header.get(name);
      // headers older than a call do not know it; calls of these days have one number everywhere
      const isNewer = there === undefined && (numbers[1] ?? 0) > 446;
      return !isNewer && numberOn(machine, numbers) !== there;
    });
    expect(wrong).toEqual([]);
    expect(header.size).toBeGreaterThan(100);
  });

  test('every call of the lists is refused, and what a reader needs is let through', () => {
    for (const [program, groups] of [
      [whole, ['metadata', 'mounts', 'processes', 'machine', 'ipc', 'sizes']],
      [strict, ['metadata', 'mounts', 'processes', 'machine', 'ipc', 'sizes', 'signals', 'names']],
    ] as const) {
      for (const group of groups)
        for (const [name, numbers] of Object.entries(refusedCalls[group])) {
          const number = numberOn(machine, numbers);
          if (number !== undefined) expect(verdict(program, machine, number), name).toBe(EPERM);
        }
      for (const number of headerNumbers(machine, harmless).values())
        expect(verdict(program, machine, number), String(number)).toBe('allow');
    }
  });

  test('no call of another architecture, of x32 or newer than the lists', () => {
    const other = machines.find((name) => name !== machine) as Machine; // there are two
    expect(verdict(whole, other, of('openat'))).toBe(EPERM);
    for (const number of [newestCall + 1, 0x40000000 + 1, 0xffffffff])
      expect(verdict(whole, machine, number)).toBe(ENOSYS);
  });

  test('files are opened for reading only', () => {
    const [reading, writing, both, creating, truncating, nameless] = [
      0o2000000, 1, 2, 0o100, 0o1000, 0o20000000,
    ];
    const open = (program: string, flags: number) => verdict(program, machine, of('openat'), -100, 0, flags);
    expect(open(strict, reading)).toBe('allow');
    for (const flags of [writing, both, creating, truncating, nameless])
      expect(open(strict, reading | flags), flags.toString(8)).toBe(EACCES);
    // the rest is Landlock's
    expect(open(whole, truncating)).toBe(EACCES);
    for (const program of [whole, strict]) expect(verdict(program, machine, of('openat2'))).toBe(ENOSYS);
  });

  test('sockets are those that ask the kernel, and UNIX ones where there is a door', () => {
    const socket = (program: string, family: number, protocol = 0) =>
      verdict(program, machine, of('socket'), family, 3, protocol);
    for (const family of [1, 2, 10, 17, 40]) expect(socket(whole, family), String(family)).toBe(EPERM);
    expect(socket(filterOf(machine, 'landlock', { sockets: true }), 1)).toBe('allow');
    expect(socket(filterOf(machine, 'landlock', { sockets: true }), 2)).toBe(EPERM);
    expect(socket(whole, 16, 0)).toBe('allow');
    expect(socket(whole, 16, 9)).toBe(EPERM);
  });

  test('arguments decide of ioctl, fcntl, clone, prlimit, syslog and kill', () => {
    const on = (name: keyof typeof judgedCalls, ...args: number[]) =>
      verdict(strict, machine, of(name), ...args);
    expect(on('ioctl', 0, 0x5413)).toBe('allow'); // TIOCGWINSZ
    for (const request of [0x5412, 0x40086602, 0x5414, 0x5a00]) expect(on('ioctl', 0, request)).toBe(ENOTTY);
    expect(verdict(filterOf(machine, 'no landlock', { zfs: true }), machine, of('ioctl'), 0, 0x5a12)).toBe(
      'allow',
    );
    expect(on('fcntl', 0, 3)).toBe('allow'); // F_GETFL
    for (const command of [8, 10, 15, 1024, 1026, 1036, 1038])
      expect(on('fcntl', 0, command), String(command)).toBe(EPERM);
    expect(on('clone', 0x1200011)).toBe('allow');
    for (const flag of [0x20000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000])
      expect(on('clone', flag | 17), flag.toString(16)).toBe(EPERM);
    expect(verdict(strict, machine, 435)).toBe(ENOSYS); // clone3
    expect(on('prlimit64', 0, 4, 0, 1)).toBe('allow');
    expect(on('prlimit64', 1, 4, 1, 0)).toBe(EPERM);
    for (const type of [3, 9, 10]) expect(on('syslog', type)).toBe('allow');
    for (const type of [0, 1, 2, 4, 5, 6, 7, 8]) expect(on('syslog', type), String(type)).toBe(EPERM);
    expect(on('kill', 0, 9)).toBe('allow'); // the worker's own group
    for (const pid of [1, -1, 4711]) expect(on('kill', pid, 9)).toBe(EPERM);
    expect(on('bind')).toBe(EPERM);
  });
});

const harmless = [
  ...[
    'read',
    'write',
    'close',
    'fstat',
    'lseek',
    'mmap',
    'munmap',
    'brk',
    'getdents64',
    'readlinkat',
    'statx',
  ],
  ...['execve', 'wait4', 'exit_group', 'pipe2', 'dup3', 'getpid', 'getuid', 'uname', 'statfs', 'faccessat'],
  ...['newfstatat', 'clock_gettime', 'nanosleep', 'getrandom', 'sysinfo', 'rt_sigaction', 'getcwd', 'chdir'],
];

/** Names and numbers that the preprocessor finds in the headers of a machine; arm64 has the generic ones. */
function headerNumbers(machine: Machine, names: readonly string[]): ReadonlyMap<string, number> {
  const wanted = ['RENAMEAT', 'NEW_STAT', 'SET_GET_RLIMIT', 'TIME32_SYSCALLS', 'SYS_CLONE3'];
  const source = [
    ...wanted.map((name) => `#define __ARCH_WANT_${name}`),
    machine === 'aarch64' ? '#include <asm-generic/unistd.h>' : '#include <asm/unistd_64.h>',
    ...names.map((name) => `@${name} __NR_${name}`),
  ].join('\n');
  const text = execFileSync('gcc', ['-E', '-P', '-'], { input: source, encoding: 'utf8' });
  const found = [...text.matchAll(/^\s*@\s*(\w+) (\d+)$/gm)];
  return new Map(found.map(([, name = '', number]) => [name, Number(number)]));
}
