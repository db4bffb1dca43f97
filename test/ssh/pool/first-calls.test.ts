import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Sshd, startSshd } from '../../fixtures/sshd.ts';
import { queryText, scoutWith, times } from './query.ts';

let sshd: Sshd;
beforeAll(async () => {
  sshd = await startSshd();
});
afterAll(() => sshd.stop());

test('twenty concurrent first calls make one TCP connection', async () => {
  const before = sshd.connectionCount();
  const scout = scoutWith(sshd.writeConfig('web1'));
  const calls = Array.from({ length: 20 }, (_, n) => queryText(scout, 'web1', `echo ${n}`));
  expect(await Promise.all(calls)).toEqual(Array.from({ length: 20 }, (_, n) => `${n}\n`));
  expect(sshd.connectionCount() - before).toBe(1);
});

test('aliases whose effective settings are equal share one connection, others do not', async () => {
  const before = sshd.connectionCount();
  const config = sshd.writeConfig('web1', 'web2', sshd.configFor('web3', { Compression: 'yes' }));
  const scout = scoutWith(config);
  const hosts = ['web1', 'web2', 'web3'];
  const answers = await Promise.all(hosts.map((host) => queryText(scout, host, `echo ${host}`)));
  expect(answers).toEqual(['web1\n', 'web2\n', 'web3\n']);
  expect(sshd.connectionCount() - before).toBe(2);
});

test('a dial goes on when one of those who wait for it gives up, and is given up with the last', async () => {
  const before = sshd.connectionCount();
  const scout = scoutWith(sshd.writeConfig('web1'));
  const controller = new AbortController();
  const args = { hosts: 'web1', command: 'echo' };
  const leaving = scout.call('scout_query', args, { signal: controller.signal });
  const staying = queryText(scout, 'web1', 'echo stayed');
  controller.abort();
  await expect(leaving).rejects.toMatchObject({ code: 'cancelled' });
  expect(await staying).toBe('stayed\n');
  expect(sshd.connectionCount() - before).toBe(1);

  const other = scoutWith(sshd.writeConfig('web1'));
  const alone = new AbortController();
  const given = other.call('scout_query', args, { signal: alone.signal });
  setImmediate(() => alone.abort());
  await expect(given).rejects.toMatchObject({ code: 'cancelled' });
  // who comes now must not be given the dial that was abandoned
  expect(await queryText(other, 'web1', 'echo later')).toBe('later\n');
  expect(times(other, 'dialed')).toBe(1);
});
