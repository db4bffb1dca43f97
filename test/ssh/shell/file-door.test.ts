import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { defaultDenyPaths, parseDenyPaths } from '../../../src/deny-paths.ts';
import { ScoutError } from '../../../src/errors.ts';
import type { FileDoor, ReadOutcome, ReadRequest } from '../../../src/ssh/files.ts';
import { createShellDoor, type RunScript } from '../../../src/ssh/shell/file-door.ts';
import { startWorker } from '../../../src/ssh/shell/start-worker.ts';
import { localConnection } from './local-connection.ts';
import { busyBoxTools, runWith, withBsdStat } from './tool-sets.ts';

/** All but the file that has no readable content. */
const denied = parseDenyPaths(['default', '!/proc/*/mem']) ?? defaultDenyPaths();

const { signal } = new AbortController();
const directory = mkdtempSync(join(tmpdir(), 'scout-door-'));
chmodSync(directory, 0o755);
afterAll(() => rmSync(directory, { recursive: true, force: true }));
const home = join(directory, 'home');
const hardNames = [
  'line\nfeed\n',
  "it's",
  '"quoted"',
  '-n',
  '--help',
  ' blanks ',
  '*',
  '$(id)`id`',
  'back\\slash\\n%s',
  'ünï ✓',
  '.hidden',
  '~',
  'tab\tand:colon',
];
const invalidName = Buffer.from([0x66, 0xff, 0xfe, 0x81, 0x0a]);
const linkTarget = 'lead to\nnowhere\n';
const binary = Buffer.from(Array.from({ length: 70_000 }, (_, index) => (index * 7) % 256));
fillHome();

const applets = ['sh', 'find', 'head', 'tail', 'ls', 'date', 'readlink', 'cat', 'mkfifo'];
const systems: readonly (readonly [string, RunScript])[] = [
  ['GNU tools', runWith(['/bin/sh', '/usr/bin:/bin'], home, denied)],
  ['BusyBox only', runWith(busyBoxTools(join(directory, 'busybox'), [...applets, 'stat']), home, denied)],
  ['BusyBox without stat', runWith(busyBoxTools(join(directory, 'statless'), applets), home, denied)],
  ['the stat of the BSDs', runWith(withBsdStat(busyBoxTools(join(directory, 'bsd'), applets)), home, denied)],
];

describe.each(systems)('with %s', (system, run) => {
  const door = createShellDoor(run, denied);

  test('reads a file with its facts', async () => {
    utimesSync(join(home, 'plain'), 1_500_000_000, 1_600_000_000); // to read it is to change them
    const outcome = await read(door, { path: `${home}/plain` });
    expect(text(outcome)).toBe('one\ntwo\nthree\nfour\nfive');
    expect(outcome).toMatchObject({
      what: 'file',
      facts: { kind: 'file', sizeBytes: 23, mode: 0o4755, modifiedMs: 1_600_000_000_000 },
      truncated: false,
      reachedEnd: true,
      firstLine: 1,
    });
    const { facts } = outcome;
    const named = system !== 'BusyBox without stat';
    expect([facts.owner, facts.group]).toEqual(named ? ['daemon', '54321'] : ['1', '54321']);
    expect(facts.accessedMs).toBe(named ? 1_500_000_000_000 : facts.modifiedMs);
  });

  test.each<[string, Partial<ReadRequest>, string, Partial<Extract<ReadOutcome, { what: 'file' }>>]>([
    ['from a line', { firstLine: 3 }, 'three\nfour\nfive', { firstLine: 3, reachedEnd: true }],
    ['some lines', { lines: 2 }, 'one\ntwo\n', { firstLine: 1, reachedEnd: false, truncated: false }],
    ['lines in the middle', { firstLine: 2, lines: 3 }, 'two\nthree\nfour\n', { reachedEnd: false }],
    ['lines up to the end', { firstLine: 4, lines: 2 }, 'four\nfive', { reachedEnd: true }],
    ['more lines than there are', { lines: 99 }, 'one\ntwo\nthree\nfour\nfive', { reachedEnd: true }],
    ['no line', { lines: 0 }, '', { reachedEnd: false, truncated: false }],
    ['the last lines', { firstLine: -2 }, 'four\nfive', { reachedEnd: true }],
    ['some of the last lines', { firstLine: -3, lines: 1 }, 'three\n', { reachedEnd: false }],
    ['lines past the end', { firstLine: 9 }, '', { firstLine: 9, reachedEnd: true }],
    ['bytes', { maxBytes: 5 }, 'one\nt', { truncated: true, reachedEnd: false }],
    ['all bytes and no more', { maxBytes: 23 }, 'one\ntwo\nthree\nfour\nfive', { truncated: false }],
    ['bytes of the wanted lines', { firstLine: 2, lines: 2, maxBytes: 6 }, 'two\nth', { truncated: true }],
    ['exactly the wanted lines', { firstLine: 2, lines: 1, maxBytes: 4 }, 'two\n', { truncated: false }],
  ])('reads %s', async (_, part, content, facts) => {
    const outcome = await read(door, { path: 'plain', ...part });
    expect(text(outcome)).toBe(content);
    expect(outcome).toMatchObject(facts);
    if ((part.firstLine ?? 1) < 0) expect(outcome).toHaveProperty('firstLine', undefined);
  });

  test('reads binary content as it is, and an empty file', async () => {
    const outcome = await read(door, { path: '~/binary' });
    expect(outcome.what === 'file' && Buffer.from(outcome.content).equals(binary)).toBe(true);
    expect(await read(door, { path: 'empty' })).toMatchObject({ content: Buffer.alloc(0), reachedEnd: true });
  });

  test('reads files that claim to be empty', async () => {
    const all = await read(door, { path: '/proc/self/status' });
    expect(text(all)).toContain('Pid:');
    expect(all.facts.sizeBytes).toBe(0);
    expect(text(await read(door, { path: '/proc/self/status', firstLine: -1 }))).toMatch(
      /^nonvoluntary.*\n$/,
    );
    expect(text(await read(door, { path: '/proc/self/status', firstLine: 1, lines: 1 }))).toMatch(
      /^Name:.*\n$/,
    );
  });

  test.each([
    ['fifo', { kind: 'fifo', mode: 0o620 }],
    ['socket', { kind: 'socket' }],
    ['to-fifo', { kind: 'fifo' }],
    ['/dev/zero', { kind: 'character device', sizeBytes: 0 }],
  ])('describes %s and does not open it', async (path, facts) => {
    expect(await read(door, { path })).toMatchObject({ what: 'special', facts });
  });

  test.each(hardNames)('reads a file that is named %j', async (name) => {
    const outcome = await read(door, { path: `hard names/${name}` });
    expect(text(outcome)).toBe(`I am ${name}`);
  });

  test('lists names of every kind, raw and in byte order', async () => {
    const outcome = await read(door, { path: 'hard names' });
    if (outcome.what !== 'directory') throw new Error(outcome.what);
    const wanted = [...hardNames.map((name) => Buffer.from(name)), invalidName, Buffer.from('link')];
    expect(outcome.entries.map(({ path }) => Buffer.from(path).toString('latin1'))).toEqual(
      wanted.sort(Buffer.compare).map((name) => name.toString('latin1')),
    );
    expect(outcome).toMatchObject({ facts: { kind: 'directory' }, truncated: false, unreadable: 0 });
    const link = outcome.entries.find(({ path }) => Buffer.from(path).toString() === 'link');
    expect(link?.facts?.kind).toBe('symlink');
    expect(Buffer.from(link?.linkTarget ?? []).toString()).toBe(linkTarget);
    const newline = outcome.entries.find(({ path }) => Buffer.from(path).toString() === 'line\nfeed\n');
    expect(newline?.facts).toMatchObject({ kind: 'file', sizeBytes: 15, mode: 0o644 });
  });

  test('lists a tree to its depth, and follows no link below', async () => {
    expect(await names(door, { path: 'tree', depth: 1 })).toEqual(['a', 'a.txt', 'up']);
    expect(await names(door, { path: 'tree', depth: 2 })).toEqual(['a', 'a.txt', 'a/b', 'up']);
    expect(await names(door, { path: 'tree', depth: 9 })).toEqual([
      'a',
      'a.txt',
      'a/b',
      'a/b/c',
      'a/b/c/file',
      'up',
    ]);
    expect(await names(door, { path: 'to-tree', depth: 1 })).toEqual(['a', 'a.txt', 'up']);
    expect(await names(door, { path: 'void' })).toEqual([]);
  });

  test('gives times of a listing in whole seconds, as those of a file', async () => {
    const outcome = await read(door, { path: 'tree' });
    if (outcome.what !== 'directory') throw new Error(outcome.what);
    expect(outcome.entries[1]?.facts?.modifiedMs).toBe(1_600_000_000_000);
  });

  test('empty, ~ and ~/ are the home directory', async () => {
    const wanted = await names(door, { path: home });
    for (const path of ['', '~', '~/']) expect(await names(door, { path })).toEqual(wanted);
    expect(wanted).toContain('plain');
  });

  test('a listing ends with the bytes it may have', async () => {
    const outcome = await read(door, { path: 'many', maxBytes: 4_000 });
    if (outcome.what !== 'directory') throw new Error(outcome.what);
    expect(outcome.truncated).toBe(true);
    expect(outcome.entries.length).toBeGreaterThan(10);
    expect(outcome.entries.length).toBeLessThan(100);
    for (const { path } of outcome.entries) expect(Buffer.from(path).toString()).toMatch(/^file-\d{3}$/);
    expect(await names(door, { path: 'many' })).toHaveLength(300);
  });

  test('counts the directories that it could not open', async () => {
    const outcome = await read(door, { path: 'guarded', depth: 2 });
    expect(outcome).toMatchObject({ what: 'directory', unreadable: 2 });
    expect(await names(door, { path: 'guarded', depth: 2 })).toEqual([
      'closed',
      'open',
      'open/file',
      'unlisted',
    ]);
    expect(await read(door, { path: 'guarded', depth: 1 })).toMatchObject({ unreadable: 0 });
  });

  test.each([
    ['path_not_found', 'nowhere'],
    ['path_not_found', 'nowhere/at/all'],
    ['path_not_found', 'dangling'],
    ['path_not_found', `/${'x'.repeat(300)}`],
    ['permission_denied', 'secret'],
    ['permission_denied', 'guarded/closed'],
    ['permission_denied', 'guarded/closed/inner'],
    ['permission_denied', 'into-closed'],
    ['permission_denied', 'guarded/unlisted'],
    ['not_a_directory', 'plain/below'],
    ['not_a_directory', 'plain/'],
    ['unsupported_file', '/proc/self/mem'],
    ['path_denied', 'to-kernel'],
  ])('refuses with %s: %s', async (code, path) => {
    const failure = await read(door, { path }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ScoutError);
    expect(failure).toMatchObject({ code, message: expect.stringContaining(path.slice(0, 100)) });
  });
});

test('reads through a worker, in its environment', async () => {
  const connection = localConnection({ loginShell: '/bin/bash', env: { HOME: home } });
  const worker = await startWorker(connection, { signal, nice: true, denied });
  const door = createShellDoor(
    (command, sink, signal) => worker.run({ command, cwd: '', sink, signal }),
    denied,
  );
  expect(text(await read(door, { path: 'plain', firstLine: 5 }))).toBe('five');
  expect(await names(door, { path: 'tree', depth: 2 })).toEqual(['a', 'a.txt', 'a/b', 'up']);
  await expect(read(door, { path: 'nowhere' })).rejects.toMatchObject({ code: 'path_not_found' });
  worker.close();
  await worker.gone;
});

test('says so where no find can list', async () => {
  const door = createShellDoor(
    runWith(busyBoxTools(join(directory, 'findless'), ['sh', 'stat', 'head']), home, denied),
    denied,
  );
  await expect(read(door, { path: 'tree' })).rejects.toMatchObject({ code: 'not_available' });
  expect(text(await read(door, { path: 'plain', lines: 1 }))).toBe('one\n');
});

function read(door: FileDoor, part: Partial<ReadRequest>): Promise<ReadOutcome> {
  const all = { path: '', firstLine: 1, lines: undefined, maxBytes: 1_000_000, depth: 1 };
  return door.read({ ...all, ...part }, signal);
}

async function names(door: FileDoor, part: Partial<ReadRequest>): Promise<string[]> {
  const outcome = await read(door, part);
  if (outcome.what !== 'directory') throw new Error(outcome.what);
  return outcome.entries.map(({ path }) => Buffer.from(path).toString());
}

function text(outcome: ReadOutcome): string {
  if (outcome.what !== 'file') throw new Error(outcome.what);
  return Buffer.from(outcome.content).toString();
}

function fillHome(): void {
  for (const path of ['hard names', 'tree/a/b/c', 'void', 'many', 'guarded/open', 'guarded/closed/inner']) {
    mkdirSync(join(home, path), { recursive: true });
  }
  const write = (path: string | Buffer, content: string | Buffer) =>
    writeFileSync(Buffer.concat([Buffer.from(`${home}/`), Buffer.from(path)]), content);
  write('plain', 'one\ntwo\nthree\nfour\nfive');
  chownSync(join(home, 'plain'), 1, 54321);
  chmodSync(join(home, 'plain'), 0o4755);
  write('binary', binary);
  write('empty', '');
  write('secret', 'x');
  chmodSync(join(home, 'secret'), 0o600);
  for (const name of hardNames) write(`hard names/${name}`, `I am ${name}`);
  write(Buffer.concat([Buffer.from('hard names/'), invalidName]), 'x');
  symlinkSync(linkTarget, join(home, 'hard names', 'link'));
  write('tree/a.txt', 'x');
  utimesSync(join(home, 'tree', 'a.txt'), 1_600_000_000.75, 1_600_000_000.75);
  write('tree/a/b/c/file', 'x');
  symlinkSync('..', join(home, 'tree', 'up'));
  symlinkSync('tree', join(home, 'to-tree'));
  symlinkSync('fifo', join(home, 'to-fifo'));
  symlinkSync('nowhere', join(home, 'dangling'));
  symlinkSync('/proc/kmsg', join(home, 'to-kernel'));
  symlinkSync('guarded/closed/inner', join(home, 'into-closed'));
  for (let index = 100; index < 400; index += 1) write(`many/file-${index}`, '');
  write('guarded/open/file', 'x');
  chmodSync(join(home, 'guarded', 'closed'), 0o700);
  mkdirSync(join(home, 'guarded', 'unlisted'));
  chmodSync(join(home, 'guarded', 'unlisted'), 0o711);
  execFileSync('mkfifo', ['-m', '620', join(home, 'fifo')]);
  // a socket outlives the process that is killed outright
  const listen =
    'require("net").createServer().listen(process.argv[1],()=>process.kill(process.pid,"SIGKILL"))';
  spawnSync(process.execPath, ['-e', listen, join(home, 'socket')]);
}
