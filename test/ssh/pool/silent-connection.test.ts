import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startProxy, type TestProxy } from '../../fixtures/proxy.ts';
import { type Sshd, startSshd } from '../../fixtures/sshd.ts';
import { until } from '../../fixtures/until.ts';
import { query, queryText, scoutWith } from './query.ts';

let sshd: Sshd;
let proxy: TestProxy;
let config: string;
beforeAll(async () => {
  sshd = await startSshd();
});
afterAll(() => sshd.stop());
beforeEach(async () => {
  proxy = await startProxy({ targetPort: sshd.port });
  const port = String(proxy.port);
  config = sshd.writeConfig(
    sshd.configFor('web1', {
      Port: port,
      HostKeyAlias: `[127.0.0.1]:${sshd.port}`,
      ServerAliveInterval: '1',
      ServerAliveCountMax: '1',
    }),
  );
  return () => proxy.stop();
});

test('when the network goes silent every call ends by its deadline, and later ones dial anew', async () => {
  const scout = scoutWith(config, { SCOUT_SSH_CONNECT_TIMEOUT: '2s' });
  expect(await queryText(scout, 'web1', 'echo before')).toBe('before\n');
  proxy.silence();
  const startedMs = performance.now();
  const calls = Array.from({ length: 12 }, () => query(scout, 'web1', 'echo', { timeout_s: 0.5 }));
  const codes = (await Promise.all(calls)).map(({ error }) => error?.code);
  expect(performance.now() - startedMs).toBeLessThan(1_500);
  expect(new Set(codes)).toEqual(new Set(['command_timeout']));
  expect(proxy.connectionCount()).toBe(1);

  // one that is not in a hurry learns that the connection is dead, and tries a new one
  expect((await query(scout, 'web1', 'echo')).error?.code).toBe('connect_timeout');
  expect(performance.now() - startedMs).toBeLessThan(8_000);
  expect(proxy.connectionCount()).toBe(2);
});

test('a dead connection that nobody uses is discarded too', async () => {
  const scout = scoutWith(config);
  await queryText(scout, 'web1', 'echo');
  proxy.silence();
  await until(() => scout.log.some((line) => line.includes('"why":"lost"')), 6_000);
});

test('a connection on which nothing is said is kept while the other side answers', async () => {
  const scout = scoutWith(config, { SCOUT_QUERY_POLICY: 'unrestricted' });
  expect(await queryText(scout, 'web1', 'sleep 2.5; echo done')).toBe('done\n');
  expect(proxy.connectionCount()).toBe(1);
});

test('a dial through a proxy that is silent ends in connect_timeout', async () => {
  proxy.silence();
  const scout = scoutWith(config, { SCOUT_SSH_CONNECT_TIMEOUT: '300ms' });
  const startedMs = performance.now();
  const { error } = await query(scout, 'web1', 'echo');
  expect(error).toMatchObject({ code: 'connect_timeout', message: expect.stringContaining('web1') });
  expect(performance.now() - startedMs).toBeLessThan(1_500);
});
