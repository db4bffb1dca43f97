import { execFileSync, spawn } from 'node:child_process';
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
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { defaultDenyPaths, parseDenyPaths } from '../../../src/deny-paths.ts';
import { parseExtendedRegex } from '../../../src/extended-regex.ts';
import { patternPieces } from '../../../src/name-pattern.ts';
import type { FindOutcome, FindRequest } from '../../../src/ssh/find.ts';
import type { RunScript } from '../../../src/ssh/shell/file-door.ts';
import { createShellFinder } from '../../../src/ssh/shell/find-door.ts';
import { makeNames } from '../../fixtures/quick-files.ts';
import { booted, busyBoxTools, type ToolSet, withBsdStat } from './tool-sets.ts';

/** Seconds since 1970. */
const moment = Math.floor(Date.now() / 1_000) - 3_600;
const { signal } = new AbortController();
const directory = mkdtempSync(join(tmpdir(), 'scout-find-'));
chmodSync(directory, 0o755);
afterAll(() => rmSync(directory, { recursive: true, force: true }));
const home = join(directory, 'home');
const denied =
  parseDenyPaths(['default', `${home}/denied`, '~/*.secret', `${home}/a/**/key`, `!${home}/open.secret`]) ??
  defaultDenyPaths();
const invalidName = Buffer.from([0x66, 0xff, 0xfe, 0x81, 0x0a]);
const hardNames = [
  ...['line\nfeed\n', "it's", '"quoted"', '-n', '--help', ' blanks ', '*', '$(id)`id`', 'back\\s%s', 'ünï'],
  ...['find: x\nfind: y', '.hidden', 'a:b', '~'],
];
fill();

const applets = ['sh', 'find', 'grep', 'head', 'cut', 'tr', 'wc', 'ls', 'date', 'readlink', 'cat', 'xargs'];
const systems: readonly (readonly [string, ToolSet])[] = [
  ['GNU tools', ['/bin/sh', '/usr/bin:/bin']],
  ['BusyBox only', busyBoxTools(join(directory, 'busybox'), [...applets, 'stat'])],
];
const withoutItsStat: typeof systems = [
  ['BusyBox without stat', busyBoxTools(join(directory, 'statless'), applets)],
  ['the stat of the BSDs', withBsdStat(busyBoxTools(join(directory, 'bsd'), applets))],
];

describe.each([...systems, ...withoutItsStat])('with %s', (_, tools) => {
  const door = createShellFinder(runAs(tools), denied);
  const find = async (part: Partial<FindRequest>) => await door.find(request(part), signal);

  test('finds by name, to a depth, below the target', async () => {
    const name = patternPieces('*.log');
    expect(pathsOf(await find({ name }))).toEqual(['a/b/deep.log', 'a/one.log', 'top.log']);
    expect(pathsOf(await find({ path: '', name, depth: 2 }))).toEqual(['a/one.log', 'top.log']);
    expect(pathsOf(await find({ path: '~', name, depth: 1 }))).toEqual(['top.log']);
    expect(pathsOf(await find({ path: 'a', name: patternPieces('[!d]*.log') }))).toEqual(['one.log']);
  });

  test('gives kind, size and time of what it finds', async () => {
    const { found, ...rest } = await find({ name: patternPieces('top.log') });
    const facts = { kind: 'file', sizeBytes: 18, mode: 0o640, modifiedMs: 1_600_000_000_000 };
    expect(found).toMatchObject([{ facts, lines: [], isBinary: false }]);
    expect(rest).toEqual({ more: false, unreadable: 1, denied: 1, skipped: 0 });
    const inside = await door.find(
      request({ name: patternPieces('o*'), pattern: parseExtendedRegex('e{2}') }),
      signal,
    );
    expect(inside.found).toMatchObject([
      { facts: { kind: 'file', sizeBytes: 29 }, lines: [{ number: 2 }, { number: 3 }] },
    ]);
  });
});

describe.each(systems)('with %s', (system, tools) => {
  const door = createShellFinder(runAs(tools), denied);
  const find = async (part: Partial<FindRequest>) => await door.find(request(part), signal);
  const search = async (pattern: string, part: Partial<FindRequest> = {}) =>
    await find({ pattern: parseExtendedRegex(pattern), ...part });

  test('finds by kind, size and age', async () => {
    expect(pathsOf(await find({ type: 'directory', depth: 2, name: patternPieces('?') }))).toEqual([
      'a',
      'a/b',
    ]);
    expect(pathsOf(await find({ type: 'symlink' }))).toContain('loops/self');
    expect(pathsOf(await find({ path: 'sizes', largerThanBytes: 1_000 }))).toEqual(['1001']);
    expect(pathsOf(await find({ path: 'sizes', largerThanBytes: 999 }))).toEqual(['1000', '1001']);
    const sinceMs = moment * 1_000 + 500;
    expect(pathsOf(await find({ path: 'ages', type: 'file', sinceMs }))).toEqual(['after', 'new']);
    expect(pathsOf(await find({ path: 'ages', type: 'file', sinceMs: Date.now() + 7_200_000 }))).toEqual([]);
    expect(pathsOf(await find({ path: 'ages', type: 'file', sinceMs: 0 }))).toHaveLength(4);
  });

  test('keeps names of every kind, raw', async () => {
    const wanted = [...hardNames.map((name) => Buffer.from(name)), invalidName].sort(Buffer.compare);
    const { found } = await find({ path: 'hard names' });
    expect(found.map(({ path }) => Buffer.from(path).toString('latin1'))).toEqual(
      wanted.map((name) => name.toString('latin1')),
    );
    const inside = await search('^I am here$', { path: 'hard names' });
    expect(inside.found.map(({ path }) => Buffer.from(path).toString('latin1'))).toEqual(
      wanted.map((name) => name.toString('latin1')),
    );
    expect(inside.found.every(({ lines }) => lines.length === 1)).toBe(true);
  });

  test('finds lines, with their numbers and what stands around them', async () => {
    expect(linesOf(await search('needle'))).toEqual([
      'a/b/deep.log:1:needle at the top',
      'a/b/deep.log:7:needle at the end',
      'a/one.log:2:needle 12-one: two',
    ]);
    const around = await search('needle at', { contextLines: 1 });
    expect(linesOf(around)).toEqual([
      'a/b/deep.log:1:needle at the top',
      'a/b/deep.log-2-2',
      'a/b/deep.log-6-6',
      'a/b/deep.log:7:needle at the end',
    ]);
    expect(linesOf(await search('needle', { name: patternPieces('o*') }))).toHaveLength(1);
    expect(linesOf(await search('needle', { path: `${home}/a/one.log` }))).toEqual([':2:needle 12-one: two']);
    expect(linesOf(await search('-v|^$|--'))).toEqual([]);
  });

  test('takes every character of the target and of the pattern for itself', async () => {
    const path = "o'dd\n$(id) *\n";
    expect(pathsOf(await find({ path, name: patternPieces("*.'*") }))).toEqual(["x.'y"]);
    const result = await search(`it's "\\$\\(id\\)" \\\\ %s$`, { path });
    expect(linesOf(result)).toEqual([`x.'y:1:it's "$(id)" \\ %s`]);
  });

  test('says that a binary file matches, without its bytes', async () => {
    const { found } = await search('inside binary');
    expect(pathsOf({ found })).toEqual(['binary']);
    expect(found).toMatchObject([{ isBinary: true, lines: [] }]);
  });

  test('takes no more of a long line than it looks at', async () => {
    const { found } = await search('long (line|queue)');
    expect(found[0]?.lines[0]?.text.length).toBe(16 * 1024);
    expect(found[0]?.lines[0]?.matchEnd).toBe(5_000 + 'long line'.length);
  });

  test('stops at the limit, and says that there is more', async () => {
    const some = await find({ path: 'many', limit: 10 });
    expect(some.found).toHaveLength(10);
    expect(some).toMatchObject({ more: true });
    expect(await find({ path: 'many', limit: 40 })).toMatchObject({ more: false });
    const lines = await search('line', { path: 'many', limit: 10 });
    expect(linesOf(lines)).toHaveLength(10);
    expect(lines.more).toBe(true);
    const inOne = await search('.', { path: 'top.log', limit: 3 });
    expect(linesOf(inOne)).toEqual([':1:one', ':2:two', ':3:three']);
    expect(inOne.more).toBe(true);
    expect(await search('.', { path: 'top.log', limit: 4 })).toMatchObject({ more: false });
  });

  test('stops when more comes than may', async () => {
    const outcome = await find({ path: 'many', maxBytes: 1_000 });
    expect(outcome.stopped?.code).toBe('output_limit');
    expect(outcome.found.length).toBeGreaterThan(0);
  });

  test('follows the target, and no link below it', async () => {
    expect(pathsOf(await find({ path: 'loops', depth: 20 }))).toEqual(['out', 'self', 'up']);
    expect(pathsOf(await find({ path: 'loops/out', name: patternPieces('*.log') }))).toEqual([
      'b/deep.log',
      'one.log',
    ]);
    expect(await search('needle', { path: 'loops', depth: 20 })).toMatchObject({ found: [] });
  });

  test('opens no FIFO, socket or device', async () => {
    expect((await search('x', { path: 'specials' })).found).toEqual([]);
    expect((await search('x', { path: 'specials/fifo' })).found).toEqual([]);
    expect((await find({ path: 'specials' })).found.map(({ facts }) => facts.kind)).toEqual([
      'fifo',
      'socket',
    ]);
  });

  test('counts what may not be read', async () => {
    const byName = await find({ path: 'locked', name: patternPieces('f*') });
    expect(pathsOf(byName)).toEqual(['file', 'fine']);
    expect(byName.unreadable).toBe(1);
    const inside = await search('x', { path: 'locked' });
    expect(linesOf(inside)).toEqual(['fine:1:x']);
    expect(inside.unreadable).toBe(2);
  });

  test('looks into nothing that is denied, whose name it shows', async () => {
    const all = await find({ path: home, name: patternPieces('*e[ydt]') });
    expect(pathsOf(all)).toEqual([
      'a/b/c/key',
      'denied',
      'locked',
      'of.secret',
      'open.secret',
      'specials/socket',
      'to-denied',
    ]);
    expect(all.denied).toBe(1);
    const inside = await search('classified');
    expect(linesOf(inside)).toEqual(['open.secret:1:classified']);
    expect(inside.denied).toBe(3);
    expect(await search('classified', { name: patternPieces('nope') })).toMatchObject({ denied: 1 });
    for (const path of ['denied', 'denied/key', 'of.secret', 'to-denied', 'to-denied/key'])
      await expect(find({ path }), path).rejects.toMatchObject({ code: 'path_denied' });
  });

  test.each([
    ['nope', 'path_not_found'],
    ['top.log/x', 'not_a_directory'],
    ['locked/directory', 'permission_denied'],
    ['locked/directory/x', 'permission_denied'],
  ])('answers for %s: %s', async (path, code) => {
    await expect(find({ path })).rejects.toMatchObject({ code });
  });

  test('searches no content in windows into the kernel', async () => {
    for (const path of ['/proc', '/proc/self', '/sys/kernel', '/dev', 'to-proc'])
      await expect(search('x', { path }), path).rejects.toMatchObject({ code: 'path_denied' });
    expect(pathsOf(await find({ path: '/proc', name: patternPieces('version'), depth: 1 }))).toEqual([
      'version',
    ]);
  });

  test('walks from the root into none of them, even across file systems', async () => {
    const name = patternPieces('null');
    expect(pathsOf(await find({ path: '/', name, depth: 2, crossDevices: true }))).toEqual([]);
    expect(pathsOf(await find({ path: '/dev', name, depth: 1 }))).toEqual(['null']);
    expect(pathsOf(await find({ path: '/', depth: 1, name: patternPieces('dev') }))).toEqual(['dev']);
  });

  test('says where a machine has no find', async () => {
    const bare = busyBoxTools(join(directory, `bare-${system.replaceAll(' ', '-')}`), ['sh', 'readlink']);
    const finding = createShellFinder(runAs(bare), denied).find(request({}), signal);
    await expect(finding).rejects.toMatchObject({ code: 'not_available' });
  });
});

test('GNU find sends what it has found before it has walked to the end', async () => {
  const top = join(directory, 'walk');
  mkdirSync(top);
  makeNames(
    top,
    Array.from({ length: 4_000 }, (_, file) => (file % 500 === 0 ? `wanted-${file}` : `${file}`)),
  );
  let pieces = 0;
  const run: RunScript = async (script, sink, signal) => {
    const stdout = (chunk: Buffer) => {
      pieces += 1;
      return sink.stdout(chunk);
    };
    return await runAs(['/bin/sh', '/usr/bin:/bin'])(script, { ...sink, stdout }, signal);
  };
  const door = createShellFinder(run, denied);
  const walk = async () => {
    pieces = 0;
    const { found } = await door.find(request({ path: top, name: patternPieces('wanted-*') }), signal);
    expect(found).toHaveLength(8);
    return pieces;
  };
  // the path of the top is one piece; a busy machine may read the others at once
  let most = 0;
  for (let attempt = 0; attempt < 20 && most < 3; attempt += 1) most = Math.max(most, await walk());
  expect(most).toBeGreaterThan(2);
});

function fill(): void {
  for (const name of [
    'a/b/c',
    'sizes',
    'ages',
    'hard names',
    'many',
    'loops',
    'specials',
    'denied',
    'locked/directory',
  ])
    mkdirSync(join(home, name), { recursive: true });
  mkdirSync(join(home, "o'dd\n$(id) *\n"));
  write("o'dd\n$(id) *\n/x.'y", `it's "$(id)" \\ %s\n`);
  write('top.log', 'one\ntwo\nthree\nfour');
  chmodSync(join(home, 'top.log'), 0o640);
  chownSync(join(home, 'top.log'), 65534, 65534);
  utimesSync(join(home, 'top.log'), 1_600_000_000, 1_600_000_000);
  write('a/one.log', 'one\nneedle 12-one: two\nthree\n');
  write('a/b/deep.log', 'needle at the top\n2\n3\n4\n5\n6\nneedle at the end');
  for (const size of [999, 1000, 1001]) write(`sizes/${size}`, 'x'.repeat(size));
  for (const [name, age] of [
    ['new', -3_000],
    ['after', 0],
    ['before', 1],
    ['old', 90_000],
  ] as const) {
    write(`ages/${name}`, '');
    utimesSync(join(home, 'ages', name), moment - age, moment - age);
  }
  for (const name of [...hardNames.map((text) => Buffer.from(text)), invalidName])
    writeFileSync(Buffer.concat([Buffer.from(join(home, 'hard names/')), name]), 'I am here\n');
  write(
    'binary',
    Buffer.concat([Buffer.from('text, inside binary\n'), Buffer.alloc(3), Buffer.from('inside binary')]),
  );
  write('long', `${'x'.repeat(5_000)}long line${'y'.repeat(50_000)}\n`);
  for (let index = 0; index < 40; index += 1) write(`many/${index}`, 'line\n');
  symlinkSync('.', join(home, 'loops/self'));
  symlinkSync('..', join(home, 'loops/up'));
  symlinkSync('../a', join(home, 'loops/out'));
  symlinkSync('/proc', join(home, 'to-proc'));
  symlinkSync('denied', join(home, 'to-denied'));
  execFileSync('mkfifo', [join(home, 'specials/fifo')]);
  const server = createServer().listen(join(home, 'specials/socket'));
  afterAll(() => server.close());
  for (const name of ['denied/key', 'of.secret', 'open.secret', 'a/b/c/key']) write(name, 'classified\n');
  for (const name of ['locked/file', 'locked/fine', 'locked/directory/x']) write(name, 'x\n');
  for (const name of ['locked/file', 'locked/directory']) chmodSync(join(home, name), 0);
}

function write(name: string, content: string | Buffer): void {
  writeFileSync(join(home, name), content);
}

function request(part: Partial<FindRequest>): FindRequest {
  return {
    path: home,
    name: undefined,
    pattern: undefined,
    type: undefined,
    depth: 5,
    sinceMs: undefined,
    largerThanBytes: undefined,
    contextLines: 0,
    limit: 100,
    crossDevices: false,
    maxBytes: 1024 ** 2,
    ...part,
  };
}

function pathsOf({ found }: Pick<FindOutcome, 'found'>): string[] {
  return found.map(({ path }) => Buffer.from(path).toString());
}

/** As grep prints them. */
function linesOf({ found }: FindOutcome): string[] {
  return found.flatMap(({ path, lines }) =>
    lines.map(({ number, isMatch, text }) => {
      const sign = isMatch ? ':' : '-';
      return `${Buffer.from(path)}${sign}${number}${sign}${Buffer.from(text)}`;
    }),
  );
}

/** As an ordinary user, killed with all that it started when the sink has enough. */
function runAs([sh, path]: ToolSet): RunScript {
  return (script, sink) =>
    new Promise((resolve, reject) => {
      const child = spawn(sh, ['-c', booted(denied, script)], {
        env: { PATH: path, HOME: home, LC_ALL: 'C' },
        cwd: '/',
        uid: 65534,
        gid: 65534,
        detached: true,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const take = (name: 'stdout' | 'stderr') => (chunk: Buffer) => {
        if (sink[name](chunk) === 'more') return;
        child.stdout.removeAllListeners('data');
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
        resolve({ stopped: 'limit' });
      };
      child.stdout.on('data', take('stdout'));
      child.stderr.on('data', take('stderr'));
      child.on('error', reject);
      child.on('close', (code) => resolve({ exitCode: code ?? 255 }));
    });
}
