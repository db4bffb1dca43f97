import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { defaultDenyPaths } from '../../../src/deny-paths.ts';
import { ScoutError } from '../../../src/errors.ts';
import { startWorker } from '../../../src/ssh/shell/start-worker.ts';
import { builderMark } from '../../../src/ssh/wall/wall.ts';
import { Collect } from './collect.ts';
import { type LocalOptions, localConnection } from './local-connection.ts';

const directory = mkdtempSync(join(tmpdir(), 'scout-shells-'));
chmodSync(directory, 0o755);
symlinkSync('/bin/busybox', join(directory, 'ash'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const { signal } = new AbortController();

const loginShells = [
  ['dash', '/bin/dash'],
  ['bash', '/bin/bash'],
  ['zsh', '/bin/zsh'],
  ['fish', '/usr/bin/fish'],
  ['tcsh', '/bin/tcsh'],
  ['mksh', '/bin/mksh'],
  ['rbash', '/bin/rbash'],
  ['BusyBox ash', join(directory, 'ash')],
] as const;
const accounts = [
  ['root', {}],
  ['an ordinary user', { user: { uid: 65534, gid: 65534 } }],
] as const;

describe.each(accounts)('as %s', (_, account) => {
  test.each(loginShells)('runs commands where the login shell is %s', async (_, loginShell) => {
    const { worker } = await start({ loginShell, ...account, env: { HOME: directory } });
    const sink = new Collect();
    const words = ["it's", 'a"b', '\\n!\\$x `id`', 'Ábc ÿ\u0081\u0001\u007f\t', '-n', 'two\nlines\n'];
    const command = `printf '%s|' ${words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ')}; echo e >&2; exit 3`;
    expect(await worker.run({ command, cwd: '', sink, signal })).toEqual({ exitCode: 3 });
    expect(sink.out).toBe(`${words.join('|')}|`);
    expect(sink.err).toBe('e\n');
    expect(worker.isIdle).toBe(true);
    worker.close();
    await worker.gone;
    expect(worker.isIdle).toBe(false);
  });
});

test('a restricted shell, which forbids slash and exec, is asked again in plain words', async () => {
  const { worker, connection } = await start({ loginShell: '/bin/rbash' });
  expect(connection.commands).toHaveLength(2);
  expect(connection.commands[1]).not.toMatch(/exec|^[^']*\//);
  worker.close();
  await worker.gone;
});

test('what .bashrc prints before the hello is no output of a command', async () => {
  const { worker } = await start(withBashrc('printf "no line end\\0 deadbeef"; seq 20000; echo oops >&2'));
  const sink = new Collect();
  expect(await worker.run({ command: 'echo yes', cwd: '', sink, signal })).toEqual({ exitCode: 0 });
  expect([sink.out, sink.err]).toEqual(['yes\n', '']);
  worker.close();
  await worker.gone;
});

test('waits for a .bashrc that takes a second', async () => {
  const startedMs = performance.now();
  const { worker } = await start(withBashrc('sleep 1'));
  expect(performance.now() - startedMs).toBeGreaterThan(900); // else .bashrc was not read
  const sink = new Collect();
  await worker.run({ command: 'echo yes', cwd: '', sink, signal });
  expect(sink.out).toBe('yes\n');
  worker.close();
  await worker.gone;
});

test.each([
  ['nologin', '/usr/sbin/nologin'],
  ['a program that ends in silence', '/bin/true'],
  ['a program that only sends back what it gets', repeater()],
])('%s is no shell', async (_, loginShell) => {
  const failure = await start({ loginShell }).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(ScoutError);
  expect(failure).toMatchObject({ code: 'no_shell' });
});

test('a .bashrc that ends the session is no shell', async () => {
  await expect(start(withBashrc('exit 7'))).rejects.toMatchObject({
    code: 'no_shell',
    message: expect.stringContaining('status 7'),
  });
});

test('a .bashrc that says it builds the wall, and ends the session, is no shell', async () => {
  await expect(start(withBashrc(`echo ${builderMark}setpriv; exit 7`))).rejects.toMatchObject({
    code: 'no_shell',
    message: expect.stringContaining('status 7'),
  });
});

test('gives up with the reason of the signal while the login shell is silent', async () => {
  const controller = new AbortController();
  const connection = localConnection(withBashrc('sleep 5'));
  const starting = startWorker(connection, {
    signal: controller.signal,
    nice: false,
    denied: defaultDenyPaths(),
  });
  const reason = new ScoutError('command_timeout', 'too late', 'Wait longer.');
  setTimeout(() => controller.abort(reason), 50);
  await expect(starting).rejects.toBe(reason);
  for (const pid of connection.pids) process.kill(-pid, 'SIGKILL'); // .bashrc itself is the account's own
});

async function start(options: LocalOptions) {
  const connection = localConnection(options);
  return {
    connection,
    worker: await startWorker(connection, { signal, nice: true, denied: defaultDenyPaths() }),
  };
}

/** Debian's bash reads .bashrc when sshd starts it, which it knows by these variables. */
function withBashrc(content: string): LocalOptions {
  const home = mkdtempSync(join(directory, 'home-'));
  writeFileSync(join(home, '.bashrc'), `${content}\n`);
  return { loginShell: '/bin/bash', env: { HOME: home, SSH_CLIENT: '127.0.0.1 1 22' } };
}

/** Sends the lines of the boot script back, and ends. */
function repeater(): string {
  mkdirSync(join(directory, 'bin'));
  const path = join(directory, 'bin', 'repeater');
  writeFileSync(path, '#!/bin/sh\nhead -n 2\n', { mode: 0o755 });
  return path;
}
