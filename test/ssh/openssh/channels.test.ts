import { randomBytes } from 'node:crypto';
import { existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { defaultDenyPaths } from '../../../src/deny-paths.ts';
import { ScoutError } from '../../../src/errors.ts';
import { createSftpDoor } from '../../../src/ssh/sftp/door.ts';
import { startWorker } from '../../../src/ssh/shell/start-worker.ts';
import { commandLine, descendants, killNow } from '../../fixtures/processes.ts';
import { startSshd } from '../../fixtures/sshd.ts';
import { until } from '../../fixtures/until.ts';
import { Collect } from '../shell/collect.ts';
import { collect, dial, run } from './dial.ts';

const sshd = await startSshd();
afterAll(() => sshd.stop());
const config = sshd.writeConfig('web1');
const soon = () => AbortSignal.timeout(10_000);

test('a command gives its output, its errors and its status apart', async () => {
  const connection = await dial(config);
  expect(connection).toMatchObject({ engine: 'openssh', isOpen: true });
  expect(connection.roundTripMs).toBeGreaterThan(0);
  const { exit, out, err } = await run(connection, 'cat; echo wrong >&2; exit 7', 'in');
  expect({ exit, out: `${out}`, err: `${err}` }).toEqual({ exit: { code: 7 }, out: 'in', err: 'wrong\n' });
  expect((await run(connection, 'exit 255')).exit).toEqual({ code: 255 });
  expect((await run(connection, 'kill -KILL $$')).exit).toEqual({ signal: 'UNKNOWN' });
});

test('bytes pass unchanged both ways', async () => {
  const connection = await dial(config);
  const bytes = randomBytes(3_000_000);
  const { out, err } = await run(connection, 'cat', bytes);
  expect(out.equals(bytes)).toBe(true);
  expect(err.length).toBe(0);
});

test('beyond MaxSessions a channel is refused as busy, and no second connection is made', async () => {
  const connection = await dial(config);
  const before = sshd.connectionCount();
  const opened = await Promise.allSettled(
    Array.from({ length: 20 }, () => connection.exec('cat; echo done')),
  );
  const channels = opened.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
  const refused = opened.flatMap((one) => (one.status === 'rejected' ? one.reason : []));
  expect(channels).toHaveLength(10);
  expect(refused.map(({ code }) => code)).toEqual(Array.from({ length: 10 }, () => 'busy'));
  for (const { cause } of refused) expect(cause.message).not.toMatch(/resolve|Connecting to/);
  for (const channel of channels) channel.stdin.end();
  const exits = await Promise.all(channels.map(async (channel) => (await collect(channel)).exit));
  expect(exits).toEqual(exits.map(() => ({ code: 0 })));
  expect((await run(connection, 'echo again')).out.toString()).toBe('again\n');
  expect(sshd.connectionCount()).toBe(before);
});

test('files are read by SFTP, and its end is heard', async () => {
  const connection = await dial(config);
  const file = join(sshd.directory, 'sftp.txt');
  writeFileSync(file, 'one\ntwo\n'.repeat(20_000));
  const sftp = await connection.sftp();
  const door = createSftpDoor(async () => sftp, defaultDenyPaths());
  const request = { path: file, firstLine: 2, lines: 2, maxBytes: 10_000, depth: 1 };
  const read = await door.read(request, soon());
  expect(read.what === 'file' && Buffer.from(read.content).toString()).toBe('two\none\n');
  const bytes = await new Promise((resolve) => sftp.readFile(file, (_, data) => resolve(data?.length)));
  expect(bytes).toBe(160_000);
  const closed = new Promise<void>((resolve) => sftp.once('close', resolve));
  sftp.end();
  await closed;
});

test('a host without the subsystem offers no SFTP', async () => {
  const bare = await startSshd({ sftp: false });
  try {
    const connection = await dial(bare.writeConfig('web1'));
    await expect(connection.sftp()).rejects.toMatchObject({ code: 'no_sftp' });
    expect((await run(connection, 'echo still')).out.toString()).toBe('still\n');
  } finally {
    await bare.stop();
  }
});

test('a stream to another port goes through the host', async () => {
  const connection = await dial(config);
  const stream = await connection.forward('127.0.0.1', sshd.port);
  const banner = await new Promise((resolve) => stream.once('data', resolve));
  expect(String(banner)).toMatch(/^SSH-2\.0-/);
  stream.destroy();
  await expect(connection.forward('127.0.0.1', 1)).rejects.toMatchObject({ code: 'unreachable' });
});

test('the shell worker runs over it, and a kill leaves no process', async () => {
  const connection = await dial(config);
  const worker = await startWorker(connection, { signal: soon(), nice: false, denied: defaultDenyPaths() });
  const sink = new Collect();
  expect(
    await worker.run({ command: 'echo out; echo err >&2; false', cwd: '/', sink, signal: soon() }),
  ).toEqual({ exitCode: 1 });
  expect([sink.out, sink.err]).toEqual(['out\n', 'err\n']);
  const controller = new AbortController();
  const reason = new ScoutError('command_timeout', 'too late', 'Wait longer.');
  const stuck = worker.run({
    command: 'sleep 300 | cat',
    cwd: '/',
    sink: new Collect(),
    signal: controller.signal,
  });
  await until(() => sshd.processes().some((pid) => commandLine(pid) === 'sleep 300'));
  controller.abort(reason);
  await expect(stuck).rejects.toBe(reason);
  await until(() => sshd.processes().length === 0);
});

test('an ended connection leaves no process and no file here, and takes no channel', async () => {
  await until(() => masters().length === 0);
  const connection = await dial(config);
  const channel = await connection.exec('sleep 300');
  const directory = controlDirectory();
  expect(statSync(directory).mode & 0o777).toBe(0o700);
  connection.end();
  await connection.gone;
  await channel.closed;
  expect(connection.isOpen).toBe(false);
  expect(existsSync(directory)).toBe(false);
  await until(() => masters().length === 0);
  await until(() => sshd.sessions().length === 0);
  await expect(connection.exec('true')).rejects.toMatchObject({ code: 'connection_lost' });
});

test('a connection that is lost is gone, with all its channels', async () => {
  const connection = await dial(config);
  const channel = await connection.exec('sleep 300');
  await sshd.killSessions();
  await connection.gone;
  expect(await channel.closed).toEqual({});
  await expect(connection.sftp()).rejects.toMatchObject({ code: 'connection_lost' });
});

test('a connection that is lost is not open from the moment that a channel hears it', async () => {
  const connection = await dial(config);
  const sftp = await connection.sftp();
  const isOpenThen = new Promise((resolve) => sftp.once('end', () => resolve(connection.isOpen)));
  await sshd.killSessions();
  expect(await isOpenThen).toBe(false);
  await connection.gone;
});

test('a master that dies is gone', async () => {
  const connection = await dial(config);
  await until(() => masters().length === 1);
  const master = masters()[0];
  expect(master).toBeDefined();
  if (master) killNow(master.pid);
  await connection.gone;
  expect(connection.isOpen).toBe(false);
});

function masters() {
  return descendants(process.pid).filter(
    ({ pid }) => / -M -S /.test(commandLine(pid)) && !commandLine(pid).startsWith('/bin/sh'),
  );
}

/** Where the one master of this process has its socket. */
function controlDirectory(): string {
  const line = commandLine(masters()[0]?.pid ?? 0);
  return / -F (\S+)\/config /.exec(line)?.[1] ?? '';
}
