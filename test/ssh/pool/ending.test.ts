import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Job } from '../../../src/ssh/shell/shell-worker.ts';
import { startProxy } from '../../fixtures/proxy.ts';
import { type Sshd, startSshd } from '../../fixtures/sshd.ts';
import { until } from '../../fixtures/until.ts';
import { makeFifo, untilRead } from './fifo.ts';
import { poolOf } from './pool.ts';

let sshd: Sshd;
beforeAll(async () => {
  sshd = await startSshd();
});
afterAll(() => sshd.stop());

const sink: Job['sink'] = { stdout: () => 'more', stderr: () => 'more' };
const { signal } = new AbortController();

test('a call in flight gets the grace, and nothing new is let in', async () => {
  const { pool, call } = poolOf(sshd.writeConfig('web1'));
  const fifo = makeFifo(sshd.directory, 'grace');
  const inFlight = pool.use('web1', call, (session) =>
    session.run({ command: `cat ${fifo.path}`, cwd: '', sink, signal }),
  );
  await untilRead(sshd, fifo);
  let ended = false;
  const ending = pool.end(5_000).then(() => {
    ended = true;
  });
  await expect(pool.use('web1', call, async () => 'new')).rejects.toMatchObject({ code: 'cancelled' });
  expect(ended).toBe(false);
  await fifo.write('done');
  expect(await inFlight).toEqual({ exitCode: 0 });
  await ending;
  await until(() => sshd.sessions().length === 0);
});

test('what is not done within the grace is closed, and its remote command with it', async () => {
  const { pool, call } = poolOf(sshd.writeConfig('web1'));
  const fifo = makeFifo(sshd.directory, 'too-long');
  const inFlight = pool.use('web1', call, (session) =>
    session.run({ command: `cat ${fifo.path} | grep x`, cwd: '', sink, signal }),
  );
  const failing = expect(inFlight).rejects.toMatchObject({ code: expect.stringMatching(/lost|cancelled/) });
  await untilRead(sshd, fifo);
  const startedMs = performance.now();
  await pool.end(100);
  expect(performance.now() - startedMs).toBeLessThan(1_000);
  await failing;
  await until(() => sshd.processes().length === 0, 1_000);
});

test('a dial that is under way and callers who wait for a place are given up', async () => {
  const block = (name: string, n: number) => sshd.configFor(name, { ServerAliveInterval: String(n) });
  const config = sshd.writeConfig(block('web1', 50), block('web2', 51));
  const { pool, call } = poolOf(config, { SCOUT_MAX_POOL_SIZE: '1' });
  const work = async () => 'never';
  const calls = [pool.use('web1', call, work), pool.use('web2', call, work)];
  const failing = Promise.all(calls.map((each) => expect(each).rejects.toMatchObject({ code: 'cancelled' })));
  await until(() => pool.stats().waiting === 1);
  await pool.end(0);
  await failing;
  await until(() => sshd.sessions().length === 0);
});

test('idle connections and jumps do not use up the grace', async () => {
  const config = sshd.writeConfig('bastion', sshd.configFor('inner', { ProxyJump: 'bastion' }));
  const { pool, call } = poolOf(config);
  await pool.use('inner', call, async () => 'used');
  expect(pool.stats()).toMatchObject({ open: 1, idle: 1, jumps: 1 });
  const startedMs = performance.now();
  await pool.end(10_000);
  expect(performance.now() - startedMs).toBeLessThan(2_000);
});

test('a connection that has gone silent is closed all the same', async () => {
  const proxy = await startProxy({ targetPort: sshd.port });
  const alias = { Port: String(proxy.port), HostKeyAlias: `[127.0.0.1]:${sshd.port}` };
  const { pool, call } = poolOf(sshd.writeConfig(sshd.configFor('web1', alias)));
  await pool.use('web1', call, async () => 'used');
  proxy.silence();
  const startedMs = performance.now();
  await pool.end(0);
  expect(performance.now() - startedMs).toBeLessThan(1_500);
  await proxy.stop();
});
