import { afterAll, beforeAll, expect, test } from 'vitest';
import { commandLine, killNow } from '../../fixtures/processes.ts';
import { type Sshd, startSshd } from '../../fixtures/sshd.ts';
import { until } from '../../fixtures/until.ts';
import { makeFifo, untilRead } from './fifo.ts';
import { query, queryText, scoutWith, times } from './query.ts';

let sshd: Sshd;
beforeAll(async () => {
  sshd = await startSshd();
});
afterAll(() => sshd.stop());

test('after the session process of sshd is killed, the next call succeeds by itself', async () => {
  const scout = scoutWith(sshd.writeConfig('web1'));
  expect(await queryText(scout, 'web1', 'echo before')).toBe('before\n');
  await sshd.killSessions();
  expect(await queryText(scout, 'web1', 'echo after')).toBe('after\n');
  expect(times(scout, 'dialed')).toBe(2);
});

test('calls in flight when the connection is lost are repeated on one new connection', async () => {
  const scout = scoutWith(sshd.writeConfig('web1'));
  const fifos = ['one', 'two', 'three'].map((name) => makeFifo(sshd.directory, `repeated-${name}`));
  const calls = fifos.map(({ path }) => queryText(scout, 'web1', `cat ${path}`));
  await untilRead(sshd, ...fifos);
  const old = sshd.processes();
  await sshd.killSessions();
  await until(() => old.every((pid) => commandLine(pid) === '')); // or a dying `cat` takes the answer
  await Promise.all(fifos.map(({ write }, n) => write(`answer ${n}`)));
  expect(await Promise.all(calls)).toEqual(['answer 0\n', 'answer 1\n', 'answer 2\n']);
  expect(times(scout, 'dialed')).toBe(2);
});

test('a call is repeated once only', async () => {
  const scout = scoutWith(sshd.writeConfig('web1'));
  const fifo = makeFifo(sshd.directory, 'twice');
  const call = query(scout, 'web1', `cat ${fifo.path}`);
  await untilRead(sshd, fifo);
  await sshd.killSessions();
  await until(() => times(scout, 'dialed') === 2);
  await untilRead(sshd, fifo);
  await sshd.killSessions();
  expect((await call).error).toMatchObject({
    code: 'connection_lost',
    message: expect.stringContaining('web1'),
  });
  expect(times(scout, 'dialed')).toBe(2);
});

test('a command that may change something is not repeated', async () => {
  const scout = scoutWith(sshd.writeConfig('web1'), { SCOUT_QUERY_POLICY: 'unrestricted' });
  const fifo = makeFifo(sshd.directory, 'unrepeatable');
  const call = query(scout, 'web1', `cat ${fifo.path}`);
  await untilRead(sshd, fifo);
  await sshd.killSessions();
  expect((await call).error?.code).toBe('connection_lost');
  expect(times(scout, 'dialed')).toBe(1);
});

test('the loss of a remote shell alone costs no connection', async () => {
  const scout = scoutWith(sshd.writeConfig('web1'));
  const fifo = makeFifo(sshd.directory, 'shell');
  const call = queryText(scout, 'web1', `cat ${fifo.path}`);
  await untilRead(sshd, fifo);
  const killed = sshd.processes();
  for (const pid of killed) killNow(pid);
  await until(() => !sshd.processes().some((pid) => killed.includes(pid)));
  await fifo.write('another shell');
  expect(await call).toBe('another shell\n');
  expect(times(scout, 'dialed')).toBe(1);
});
