import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { Job } from '../../../src/ssh/shell/shell-worker.ts';
import { type Sshd, startSshd } from '../../fixtures/sshd.ts';
import { until } from '../../fixtures/until.ts';
import { poolOf } from './pool.ts';
import { query, queryText, scoutWith } from './query.ts';

let sshd: Sshd;
beforeAll(async () => {
  sshd = await startSshd();
});
afterAll(() => sshd.stop());

test('two hundred calls after one another grow neither listeners, nor timers, nor remote processes', async () => {
  const warnings = watchWarnings();
  const scout = scoutWith(sshd.writeConfig('web1'));
  const resources = () => process.getActiveResourcesInfo().length;
  const round = async (n: number) => {
    expect(await queryText(scout, 'web1', `echo ${n}`)).toBe(`${n}\n`);
    const read = await scout.call('scout_read', { targets: ['web1:/etc/hostname'] });
    expect(read.isError).toBe(false);
  };
  for (let n = 0; n < 10; n += 1) await round(n);
  const before = resources();
  for (let n = 0; n < 90; n += 1) await round(n);
  expect(resources()).toBeLessThanOrEqual(before + 2); // a time-out that is just being cleared
  await until(() => sshd.processes().length === 4); // the shells of the one worker
  expect(sshd.connectionCount()).toBe(1);

  for (let n = 0; n < 5; n += 1) await query(scout, 'web1', 'cat /nonexistent');
  await Promise.all(Array.from({ length: 40 }, (_, n) => queryText(scout, 'web1', `echo ${n}`)));
  await new Promise(setImmediate); // warnings are emitted in a later turn
  expect(warnings).toEqual([]);
});

test('forty calls at once on one connection make no warning', async () => {
  const warnings = watchWarnings();
  const { pool, call } = poolOf(sshd.writeConfig('web1'));
  const sink: Job['sink'] = { stdout: () => 'more', stderr: () => 'more' };
  const calls = Array.from({ length: 40 }, async () => {
    const { signal } = new AbortController();
    const job = { command: 'echo', cwd: '', sink, signal };
    return await pool.use('web1', { ...call, signal }, (session) => session.run(job));
  });
  expect(await Promise.all(calls)).toEqual(Array(40).fill({ exitCode: 0 }));
  await pool.end(0);
  await new Promise(setImmediate);
  expect(warnings).toEqual([]);
});

/** Warnings of this process from now to the end of the test. */
function watchWarnings(): string[] {
  const warnings: string[] = [];
  const warn = ({ name, message }: Error) => warnings.push(`${name}: ${message}`);
  process.on('warning', warn);
  onTestFinished(() => {
    process.off('warning', warn);
  });
  return warnings;
}
