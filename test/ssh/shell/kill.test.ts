import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { defaultDenyPaths } from '../../../src/deny-paths.ts';
import { ScoutError } from '../../../src/errors.ts';
import { startWorker } from '../../../src/ssh/shell/start-worker.ts';
import { makeProgram } from '../../fixtures/own-program.ts';
import { allProcesses, commandLine } from '../../fixtures/processes.ts';
import { until } from '../../fixtures/until.ts';
import { Collect } from './collect.ts';
import { type LocalConnection, localConnection, shellsNamedSh } from './local-connection.ts';
import { driveStuck, stuckCommand } from './stuck-driver.ts';

const directory = mkdtempSync(join(tmpdir(), 'scout-kill-'));
chmodSync(directory, 0o755);
afterAll(() => rmSync(directory, { recursive: true, force: true }));
const shells = shellsNamedSh(directory);
const fifo = join(directory, 'fifo');
execFileSync('mkfifo', ['-m', '666', fifo]);
const stuck = stuckCommand(fifo);

const { signal } = new AbortController();
const reason = new ScoutError('command_timeout', 'too late', 'Wait longer.');
const accounts = [
  ['root', {}],
  ['an ordinary user', { user: { uid: 65534, gid: 65534 } }],
] as const;

describe.each(accounts)('as %s', (_, account) => {
  describe.each(Object.entries(shells))('under %s', (_, sh) => {
    test('a call that is aborted while a pipe waits for ever leaves no process', async () => {
      const connection = localConnection({ loginShell: sh, sh, ...account });
      const worker = await startWorker(connection, { signal, nice: true, denied: defaultDenyPaths() });
      const controller = new AbortController();
      const running = worker.run({ command: stuck, cwd: '', sink: new Collect(), signal: controller.signal });
      await until(() => commands(connection).some((line) => line.startsWith('grep')));
      controller.abort(reason);
      await expect(running).rejects.toBe(reason);
      expect(worker.isIdle).toBe(false);
      await until(() => commands(connection).length === 0, 1_000);
      await worker.gone;
    });

    test('a channel that vanishes leaves no process', async () => {
      const connection = localConnection({ loginShell: sh, sh, ...account });
      const worker = await startWorker(connection, { signal, nice: false, denied: defaultDenyPaths() });
      const running = worker.run({ command: stuck, cwd: '', sink: new Collect(), signal });
      const failing = expect(running).rejects.toMatchObject({ code: 'connection_lost' });
      await until(() => commands(connection).some((line) => line.startsWith('grep')));
      connection.vanish();
      await until(() => commands(connection).length === 0, 1_000);
      await failing;
    });
  });
});

test('a kill needs neither the signal nor the end of the channel', async () => {
  const connection = localConnection({ loginShell: '/bin/sh', deaf: true });
  const worker = await startWorker(connection, { signal, nice: true, denied: defaultDenyPaths() });
  const controller = new AbortController();
  const running = worker.run({ command: stuck, cwd: '', sink: new Collect(), signal: controller.signal });
  await until(() => commands(connection).some((line) => line.startsWith('grep')));
  controller.abort(reason);
  await expect(running).rejects.toBe(reason);
  await until(() => commands(connection).length === 0, 1_000);
  await worker.gone;
});

test('output without end is stopped by the sink, and its command killed', async () => {
  const connection = localConnection({ loginShell: '/bin/sh' });
  const worker = await startWorker(connection, { signal, nice: true, denied: defaultDenyPaths() });
  const sink = new Collect(1_000_000);
  expect(await worker.run({ command: 'yes | cat', cwd: '', sink, signal })).toEqual({ stopped: 'limit' });
  const { bytes } = sink;
  expect(bytes).toBeGreaterThan(1_000_000);
  await until(() => commands(connection).length === 0, 1_000);
  await worker.gone;
  expect(sink.bytes).toBe(bytes);
});

test('errors without end do not stall the output, and are stopped as well', async () => {
  const connection = localConnection({ loginShell: '/bin/sh' });
  const worker = await startWorker(connection, { signal, nice: true, denied: defaultDenyPaths() });
  const sink = new Collect();
  const command = 'head -c 5000000 /dev/zero >&2; echo done';
  expect(await worker.run({ command, cwd: '', sink, signal })).toEqual({ exitCode: 0 });
  expect(sink.out).toBe('done\n');
  const endless = worker.run({ command: 'yes >&2', cwd: '', sink: new Collect(1_000), signal });
  expect(await endless).toEqual({ stopped: 'limit' });
  await until(() => commands(connection).length === 0, 1_000);
});

test('a signal that was aborted before costs the worker nothing', async () => {
  const connection = localConnection({ loginShell: '/bin/sh' });
  const worker = await startWorker(connection, { signal, nice: true, denied: defaultDenyPaths() });
  const job = { command: 'echo', cwd: '', sink: new Collect() };
  await expect(worker.run({ ...job, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  expect(worker.isIdle).toBe(true);
  expect(await worker.run({ ...job, signal })).toEqual({ exitCode: 0 });
  worker.close();
  await worker.gone;
});

test('closing a worker that runs a command ends both', async () => {
  const connection = localConnection({ loginShell: '/bin/sh' });
  const worker = await startWorker(connection, { signal, nice: true, denied: defaultDenyPaths() });
  const running = worker.run({ command: stuck, cwd: '', sink: new Collect(), signal });
  const failing = expect(running).rejects.toMatchObject({ code: 'connection_lost' });
  await until(() => commands(connection).some((line) => line.startsWith('grep')));
  worker.close();
  await until(() => commands(connection).length === 0, 1_000);
  await failing;
});

describe.each(Object.entries(shells))('a worker under %s', (_, sh) => {
  test.each(['first shell', 'shell that runs'])('ends as a whole when its %s is killed', async (which) => {
    const connection = localConnection({ loginShell: sh, sh });
    const worker = await startWorker(connection, { signal, nice: false, denied: defaultDenyPaths() });
    const running = worker.run({ command: stuck, cwd: '', sink: new Collect(), signal, isPlain: true });
    const failing = expect(running).rejects.toMatchObject({ code: 'connection_lost' });
    await until(() => commands(connection).filter((line) => /^(cat|grep) /.test(line)).length === 2);
    const [first = 0] = connection.pids;
    const runs = allProcesses().find(({ pid, group }) => group === first && isGrep(pid))?.parent ?? 0;
    expect(runs).not.toBe(first);
    process.kill(which === 'first shell' ? first : runs, 'SIGKILL');
    await failing;
    await until(() => commands(connection).length === 0, 1_000);
  });
});

describe('where the server starts programs in its own process group', () => {
  const hideSetsid = [
    'unshare',
    '-m',
    'sh',
    '-c',
    'mount --bind /dev/null /usr/bin/setsid && exec "$@"',
    'sh',
  ];
  // stands for the server, and its `sleep` for another of its programs
  const server = ['sh', '-c', 'sleep 1000 & exec 3<&0; "$@" <&3 & exec 2>/dev/null; wait', 'sh'];

  test.each([
    ['an abort', 'setsid', server],
    ['an abort', 'no setsid', [...hideSetsid, ...server]],
    ['the end of the channel', 'setsid', server],
    ['the end of the channel', 'no setsid', [...hideSetsid, ...server]],
  ])('%s kills the command and spares the others of that group, with %s', async (how, _, wrapper) => {
    const connection = localConnection({ loginShell: '/bin/dash', wrapper });
    try {
      const worker = await startWorker(connection, { signal, nice: true, denied: defaultDenyPaths() });
      const controller = new AbortController();
      const command = `(${stuck}); (${stuck})`;
      const running = worker.run({ command, cwd: '', sink: new Collect(), signal: controller.signal });
      const failing = expect(running).rejects.toBeInstanceOf(ScoutError);
      await until(() => stuckProcesses().length === 2);
      if (how === 'an abort') controller.abort(reason);
      else connection.vanish();
      await until(() => stuckProcesses().length === 0, 1_000);
      await until(() => names(connection).join() === 'sh,sleep', 1_000, names(connection).join());
      killGroup(connection);
      await failing;
    } finally {
      killGroup(connection);
    }
  });
});

test('a process that is killed outright leaves no remote command', async () => {
  const program = await makeProgram(
    `import { ${driveStuck.name} } from '/test/ssh/shell/stuck-driver.ts'; await ${driveStuck.name}(process.argv[2] ?? '');`,
  );
  const driver = spawn(process.execPath, [program, fifo], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(driver.stdout, 'data');
  await until(() => stuckProcesses().length === 2);
  driver.kill('SIGKILL');
  await until(() => stuckProcesses().length === 0, 1_000);
});

/** Command lines of everything in the process groups of the connection. */
function commands(connection: LocalConnection): string[] {
  return allProcesses()
    .filter((process) => connection.pids.includes(process.group))
    .map((process) => commandLine(process.pid));
}

function isGrep(pid: number): boolean {
  return commandLine(pid).startsWith('grep ');
}

/** The processes of `stuck`, whatever their group. */
function stuckProcesses(): string[] {
  const lines = allProcesses().map((process) => commandLine(process.pid));
  return lines.filter((line) => line === `cat ${fifo}` || line === `grep ${fifo}`);
}

/** The names of everything in the process groups of the connection. */
function names(connection: LocalConnection): string[] {
  return allProcesses()
    .filter((process) => connection.pids.includes(process.group))
    .map((process) => process.name)
    .sort();
}

function killGroup(connection: LocalConnection): void {
  for (const pid of connection.pids) {
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // gone already
    }
  }
}
