import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { defaultDenyPaths } from '../../../src/deny-paths.ts';
import { pathDenied } from '../../../src/path-denied.ts';
import { guardCommand } from '../../../src/ssh/shell/guard-command.ts';
import type { ShellWorker } from '../../../src/ssh/shell/shell-worker.ts';
import { startWorker } from '../../../src/ssh/shell/start-worker.ts';
import type { Wall } from '../../../src/ssh/wall/wall.ts';
import { until } from '../../fixtures/until.ts';
import { Collect } from './collect.ts';
import { localConnection, shellsNamedSh } from './local-connection.ts';

const directory = mkdtempSync(join(tmpdir(), 'scout-worker-'));
chmodSync(directory, 0o755);
afterAll(() => rmSync(directory, { recursive: true, force: true }));
const shells = shellsNamedSh(directory);
mkdirSync(join(directory, 'home', "a 'b'\nc"), { recursive: true });
mkdirSync(join(directory, 'home', '-'));
mkdirSync(join(directory, 'closed', 'inner'), { recursive: true });
chmodSync(join(directory, 'closed'), 0o700);
symlinkSync('closed/inner', join(directory, 'into-closed'));
symlinkSync('nowhere', join(directory, 'dangling'));
writeFileSync(join(directory, 'file'), 'x');

const { signal } = new AbortController();

describe.each(Object.entries(shells))('a worker whose /bin/sh is %s', (_, sh) => {
  let worker: ShellWorker;
  const run = async (command: string, cwd = '', isPlain = false) => {
    const sink = new Collect();
    return { end: await worker.run({ command, cwd, sink, signal, isPlain }), sink };
  };

  const start = async (home: string) => {
    const env = {
      HOME: join(directory, home),
      TZ: 'Asia/Tokyo',
      SECRET: 'x',
      BASH_ENV: '/nonexistent',
      ENV: '/nonexistent',
      'BASH_FUNC_ls%%': '() { echo fooled; }',
    };
    const connection = localConnection({ loginShell: sh, sh, env, user: { uid: 65534, gid: 65534 } });
    worker = await startWorker(connection, { signal, nice: true, denied: defaultDenyPaths() });
  };
  const end = async () => {
    worker.close();
    await worker.gone;
  };
  beforeEach(() => start('home'));
  afterEach(end);

  test('gives binary output back as it is', async () => {
    const bytes = randomBytes(300_000);
    writeFileSync(join(directory, 'binary'), bytes);
    const { end, sink } = await run(`cat ${join(directory, 'binary')}`);
    expect(end).toEqual({ exitCode: 0 });
    expect(sink.outBytes.equals(bytes)).toBe(true);
  });

  test('runs a script of 128 KiB', async () => {
    const text = `${"it's a line of text\n".repeat(6_553)}`;
    const { sink } = await run(`printf %s '${text.replaceAll("'", "'\\''")}' | sha256sum`);
    expect(text.length).toBeGreaterThan(124_000);
    expect(sink.out).toBe(`${createHash('sha256').update(text).digest('hex')}  -\n`);
  });

  test.each([
    ['exit 5', 5],
    ['exec false', 1],
    ['false; (exit 200)', 200],
    ["kill -9 $(exec sh -c 'echo $PPID')", 137],
    ['set -e; false; true', 1],
    ['no-such-program-here', 127],
    ['exec >&- 2>&-; true', 0],
  ])('a command that does `%s` still answers', async (command, exitCode) => {
    expect((await run(command)).end).toEqual({ exitCode });
    expect((await run('echo fine')).sink.out).toBe('fine\n');
  });

  test('a plain command is started by the shell that reads it, and leaves nothing in it', async () => {
    const plain = async (command: string, cwd = '') => {
      const sink = new Collect();
      const end = await worker.run({ command, cwd, sink, signal, isPlain: true });
      return { end, out: sink.out, err: sink.err };
    };
    const parent = "sh -c 'echo $PPID'";
    const [shell, again] = [await plain(parent), await plain(parent, '/usr')];
    expect(again).toEqual(shell);
    expect((await run(parent)).sink.out).not.toBe(shell.out);
    expect(await plain('pwd', '/usr')).toMatchObject({ end: { exitCode: 0 }, out: '/usr\n' });
    expect(await plain('cat; false | cat && ! true')).toEqual({ end: { exitCode: 1 }, out: '', err: '' });
    const cwdOf = `/proc/${Number(shell.out)}/cwd`;
    await until(() => readlinkSync(cwdOf) === '/'); // it keeps no file system from being unmounted
  });

  test('a plain command finds a program that was moved meanwhile', async () => {
    const name = `scout-test-${process.pid}`;
    const [from, to] = [`/usr/local/bin/${name}`, `/usr/local/sbin/${name}`];
    const job = { command: name, cwd: '', signal, isPlain: true };
    try {
      for (const place of [from, to]) {
        rmSync(from, { force: true });
        writeFileSync(place, '#!/bin/sh\necho $0\n', { mode: 0o755 });
        const sink = new Collect();
        expect(await worker.run({ ...job, sink })).toEqual({ exitCode: 0 });
        expect(sink.out).toBe(`${place}\n`);
      }
    } finally {
      for (const place of [from, to]) rmSync(place, { force: true });
    }
  });

  test('a file is looked at anew by the guard of each command', async () => {
    const [door, key] = [join(directory, `door-${sh.split('/').at(-2)}`), join(directory, '.ssh')];
    mkdirSync(key, { recursive: true });
    mkdirSync(join(directory, 'open'), { recursive: true });
    for (const place of [key, join(directory, 'open')]) writeFileSync(join(place, 'id_rsa'), 'of a file\n');
    const look = async () => {
      const guarded = guardCommand(`cat ${door}/id_rsa`, [`${door}/id_rsa`]);
      const sink = new Collect();
      const end = await worker.run({ command: guarded.command, cwd: '', sink, signal, isPlain: true });
      return [
        sink.out,
        guarded.refusal('exitCode' in end ? end.exitCode : undefined, Buffer.from(sink.err))?.message,
      ];
    };
    symlinkSync('open', door);
    const open = await look();
    rmSync(door);
    symlinkSync('.ssh', door);
    expect([open, await look()]).toEqual([
      ['of a file\n', undefined],
      ['', pathDenied(`${door}/id_rsa`).message],
    ]);
  });

  test('a command that is no shell text at all still answers', async () => {
    const { end } = await run('echo "unclosed; (');
    expect(end).not.toEqual({ exitCode: 0 });
    expect((await run('echo fine')).sink.out).toBe('fine\n');
  });

  test('commands have a fixed environment, and nothing of the account', async () => {
    const { sink } = await run('env');
    const names = sink.out
      .split('\n')
      .filter((line) => line.includes('='))
      .map((line) => line.slice(0, line.indexOf('=')))
      .filter((name) => !['_', 'PWD', 'OLDPWD', 'SHLVL'].includes(name));
    expect(names.sort()).toEqual([
      'HOME',
      'LC_ALL',
      'LOGNAME',
      'PAGER',
      'PATH',
      'SHELL',
      'TERM',
      'TMPDIR',
      'TZ',
      'USER',
    ]);
    expect((await run('echo $TZ $TMPDIR $LC_ALL $USER; ulimit -c; ls -d /')).sink.out).toBe(
      'Asia/Tokyo /dev/null C tester\n0\n/\n',
    );
  });

  test('a command cannot see the tag that ends its frame', async () => {
    const { sink } = await run('echo "$*"; echo "$1$2$3"; echo "$l"; set');
    expect(sink.out).not.toMatch(/[0-9a-f]{24}/);
  });

  test('a command reads nothing from the line of orders', async () => {
    expect((await run('cat; wc -c')).sink.out.trim()).toBe('0');
    expect((await run('echo next')).sink.out).toBe('next\n');
  });

  test('commands run with low priority', async () => {
    expect((await run('nice')).sink.out).toBe('10\n');
  });

  test('starts in the home directory and in a directory of any name', async () => {
    const home = join(directory, 'home');
    expect((await run('pwd')).sink.out).toBe(`${home}\n`);
    expect((await run('pwd', '~')).sink.out).toBe(`${home}\n`);
    for (const cwd of ["a 'b'\nc", "~/a 'b'\nc", `${home}/a 'b'\nc`]) {
      expect((await run('pwd', cwd)).sink.out).toBe(`${home}/a 'b'\nc\n`);
    }
    expect((await run('pwd', '-')).sink.out).toBe(`${home}/-\n`);
  });

  test.each([
    ['is missing', 'gone', 'path_not_found'],
    ['may not be entered', 'closed', 'permission_denied'],
    ['is a file', 'file', 'not_a_directory'],
  ])('runs in / where the home %s, unless a place in it was asked for', async (_, home, code) => {
    await end();
    await start(home);
    for (const isPlain of [false, true]) {
      expect((await run('pwd', '', isPlain)).sink).toMatchObject({ out: '/\n', err: '' });
      expect((await run('pwd', '/usr', isPlain)).sink.out).toBe('/usr\n');
      for (const cwd of ['~', '~/inner', 'inner', '.'])
        await expect(run('pwd', cwd, isPlain)).rejects.toMatchObject({ code });
    }
  });

  test('looks for the home anew with each command: it may be mounted meanwhile', async () => {
    await end();
    const late = `late-${sh.split('/').at(-2)}`;
    await start(late);
    expect((await run('pwd')).sink.out).toBe('/\n');
    mkdirSync(join(directory, late));
    expect((await run('pwd')).sink.out).toBe(`${join(directory, late)}\n`);
    rmSync(join(directory, late), { recursive: true });
    expect((await run('pwd')).sink.out).toBe('/\n');
  });

  test.each([
    ['path_not_found', 'nowhere'],
    ['path_not_found', join(directory, 'dangling')],
    ['path_not_found', '/no/such/directory'],
    ['permission_denied', join(directory, 'closed')],
    ['permission_denied', join(directory, 'closed', 'inner')],
    ['permission_denied', join(directory, 'into-closed')],
    ['not_a_directory', join(directory, 'file')],
    ['not_a_directory', join(directory, 'file', 'below')],
  ])('says %s of a directory that cannot be entered', async (code, cwd) => {
    await expect(run('echo never', cwd)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(cwd),
    });
    expect((await run('exit 1')).end).toEqual({ exitCode: 1 });
  });

  test('bytes between frames make it unusable', async () => {
    await run('(sleep 0.05; echo late) & :');
    await worker.gone;
    expect(worker.isIdle).toBe(false);
    await expect(run('echo x')).rejects.toMatchObject({ code: 'connection_lost' });
  });

  test('a command that kills the worker is a lost connection', async () => {
    const end = await run('sleep 0.05; kill -9 0').catch((error: unknown) => error);
    expect(end).toMatchObject({ code: 'connection_lost' });
    await worker.gone;
    expect(worker.isIdle).toBe(false);
  });
});

describe('a wall around the worker', () => {
  test.each<[string, Wall['lines']]>([
    ['that stays in its shell', (_, then) => ['w=landlock:7', ...then]],
    ['that starts a new shell', (loop, then) => [`exec /bin/sh -c 'w=landlock:7; ${loop}' sh "$1"`, ...then]],
  ])('%s reports what it holds', async (_, lines) => {
    const read = (report: string) =>
      ({ level: report === 'landlock:7' ? 'full' : 'none', strict: false }) as const;
    const wall = { kind: '', lines, read };
    const worker = await startWorker(localConnection({ loginShell: '/bin/sh' }), {
      signal,
      nice: false,
      denied: defaultDenyPaths(),
      wall,
    });
    expect(worker.wall.level).toBe('full');
    const sink = new Collect();
    expect(await worker.run({ command: 'echo inside', cwd: '/', sink, signal })).toEqual({ exitCode: 0 });
    expect(sink.out).toBe('inside\n');
    worker.close();
    await worker.gone;
  });

  test('is none where none was asked for', async () => {
    const worker = await startWorker(localConnection({ loginShell: '/bin/sh' }), {
      signal,
      nice: false,
      denied: defaultDenyPaths(),
    });
    expect(worker.wall).toMatchObject({ level: 'none' });
    worker.close();
    await worker.gone;
  });
});
