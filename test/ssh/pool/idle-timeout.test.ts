import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Sshd, startSshd } from '../../fixtures/sshd.ts';
import { until } from '../../fixtures/until.ts';
import { queryText, scoutWith } from './query.ts';

const idleMs = 400;
const settings = { SCOUT_IDLE_TIMEOUT: `${idleMs}ms`, SCOUT_QUERY_POLICY: 'unrestricted' };

let sshd: Sshd;
beforeAll(async () => {
  sshd = await startSshd();
});
afterAll(() => sshd.stop());

test('a connection in use for longer than the idle time-out is not closed', async () => {
  const before = sshd.connectionCount();
  const scout = scoutWith(sshd.writeConfig('web1'), settings);
  expect(await queryText(scout, 'web1', 'sleep 1; echo awake')).toBe('awake\n');
  expect(await queryText(scout, 'web1', 'echo again')).toBe('again\n');
  expect(sshd.connectionCount() - before).toBe(1);
});

test('an idle connection is closed within 1.5 times the time-out, counted from the end of its last use', async () => {
  const scout = scoutWith(sshd.writeConfig('web1'), settings);
  await queryText(scout, 'web1', 'echo');
  await queryText(scout, 'web1', 'sleep 0.6');
  const unusedSince = performance.now();
  expect(sshd.sessions().length).toBeGreaterThan(0);
  await until(() => scout.log.some((line) => line.includes('"why":"idle"')), 5 * idleMs);
  const afterMs = performance.now() - unusedSince;
  expect(afterMs).toBeGreaterThan(0.9 * idleMs);
  expect(afterMs).toBeLessThan(1.5 * idleMs);
  await until(() => sshd.sessions().length === 0);
});

test('a jump is closed after the last connection through it', async () => {
  const config = sshd.writeConfig('bastion', sshd.configFor('inner', { ProxyJump: 'bastion' }));
  const scout = scoutWith(config, settings);
  await queryText(scout, 'inner', 'echo');
  await until(() => sshd.sessions().length === 0);
  const closed = scout.log.filter((line) => line.includes('"why":"idle"'));
  expect(closed.map((line) => /"host":"(\w+)"/.exec(line)?.[1])).toEqual(['inner', 'bastion']);
});
