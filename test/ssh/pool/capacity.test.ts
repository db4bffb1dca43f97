import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Sshd, startSshd } from '../../fixtures/sshd.ts';
import { until } from '../../fixtures/until.ts';
import { makeFifo } from './fifo.ts';
import { query, queryText, scoutWith } from './query.ts';

let sshd: Sshd;
beforeAll(async () => {
  sshd = await startSshd();
});
afterAll(() => sshd.stop());

/** Aliases that share no connection, for each has another setting. */
function hosts(count: number): { names: string[]; config: string } {
  const names = Array.from({ length: count }, (_, n) => `host${n}`);
  const blocks = names.map((name, n) => sshd.configFor(name, { ServerAliveInterval: String(100 + n) }));
  return { names, config: sshd.writeConfig(...blocks) };
}

test('past the limit the least recently used idle connection is closed', async () => {
  const { names, config } = hosts(3);
  const scout = scoutWith(config, { SCOUT_MAX_POOL_SIZE: '2' });
  const [a = '', b = '', c = ''] = names;
  for (const name of [a, b, a, c]) expect(await queryText(scout, name, `echo ${name}`)).toBe(`${name}\n`);
  const evicted = scout.log.filter((line) => line.includes('"why":"evicted"'));
  expect(evicted).toEqual([expect.stringContaining(`"host":"${b}"`)]);
  await until(() => sshd.sessions().length === 2);
});

test('where none is idle callers queue and get their turn, first come first served', async () => {
  const { names, config } = hosts(3);
  const scout = scoutWith(config, { SCOUT_MAX_POOL_SIZE: '1' });
  const [a = '', b = '', c = ''] = names;
  const fifo = makeFifo(sshd.directory, 'queue');
  const order: string[] = [];
  const busy = queryText(scout, a, `cat ${fifo.path}`).then(() => order.push(a));
  await until(() => scout.log.some((line) => line.includes('dialed')));
  const waiting: Promise<void>[] = [];
  for (const name of [b, c]) {
    waiting.push(
      queryText(scout, name, `echo ${name}`).then((text) => {
        expect(text).toBe(`${name}\n`);
        order.push(name);
      }),
    );
    await until(() => scout.log.some((line) => line.includes('queued') && line.includes(name)));
  }
  const impatient = query(scout, c, 'echo', { timeout_s: 0.2 });
  expect((await impatient).error?.code).toBe('command_timeout');
  expect(order).toEqual([]);
  await fifo.write('free');
  await Promise.all([busy, ...waiting]);
  expect(order).toEqual([a, b, c]);
});

test('a host that is asked without a pause leaves its place to one who waits', async () => {
  const { names, config } = hosts(2);
  const scout = scoutWith(config, { SCOUT_MAX_POOL_SIZE: '1', SCOUT_QUERY_POLICY: 'unrestricted' });
  const [busy = '', other = ''] = names;
  let stop = false;
  const loop = async (first: string) => {
    for (await queryText(scout, busy, first); !stop; ) await queryText(scout, busy, 'sleep 0.1');
  };
  const loops = [loop('sleep 0.05'), loop('sleep 0.1'), loop('sleep 0.15')];
  await until(() => scout.log.some((line) => line.includes('dialed')));
  expect(await queryText(scout, other, 'echo turn')).toBe('turn\n');
  stop = true;
  await Promise.all(loops);
});
