import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TestScout } from '../../fixtures/scout.ts';
import { type Sshd, startSshd } from '../../fixtures/sshd.ts';
import { makeFifo } from './fifo.ts';
import { query, queryText, scoutWith } from './query.ts';

/** Fifty calls at once, each with its own question. Gives the answers in the order of the questions. */
async function fifty(scout: TestScout): Promise<string[]> {
  return await Promise.all(
    Array.from({ length: 50 }, (_, n) => queryText(scout, 'web1', `echo answer ${n}`)),
  );
}
const expected = Array.from({ length: 50 }, (_, n) => `answer ${n}\n`);

describe.each([
  ['MaxSessions 10', 10, {}],
  ['MaxSessions 2', 2, {}],
  ['MaxSessions 1', 1, {}],
  ['SCOUT_MAX_CHANNELS_PER_HOST=1', 10, { SCOUT_MAX_CHANNELS_PER_HOST: '1' }],
])('with %s', (_, maxSessions, settings) => {
  let sshd: Sshd;
  beforeAll(async () => {
    sshd = await startSshd({ config: [`MaxSessions ${maxSessions}`] });
  });
  afterAll(() => sshd.stop());

  test('fifty concurrent calls succeed over one connection, each with its own answer', async () => {
    const before = sshd.connectionCount();
    const scout = scoutWith(sshd.writeConfig('web1'), settings);
    expect(await fifty(scout)).toEqual(expected);
    expect(await fifty(scout)).toEqual(expected);
    expect(sshd.connectionCount() - before).toBe(1);
  });

  test('reads and queries at once and in turns both work', async () => {
    const before = sshd.connectionCount();
    const scout = scoutWith(sshd.writeConfig('web1'), settings);
    const read = () => scout.call('scout_read', { targets: ['web1:/etc/passwd'] });
    for (let round = 0; round < 4; round += 1) {
      const [first, between, last] = await Promise.all([
        read(),
        queryText(scout, 'web1', 'echo here'),
        read(),
      ]);
      expect([first.isError, between, last.isError]).toEqual([false, 'here\n', false]);
      expect(await queryText(scout, 'web1', 'echo alone')).toBe('alone\n');
      expect((await read()).isError).toBe(false);
    }
    expect(sshd.connectionCount() - before).toBe(1);
  });

  test('calls that are given up give their channels to the next', async () => {
    const before = sshd.connectionCount();
    const scout = scoutWith(sshd.writeConfig('web1'), settings);
    const { path } = makeFifo(sshd.directory, 'never');
    expect(await queryText(scout, 'web1', 'echo first')).toBe('first\n');
    for (let round = 0; round < 3; round += 1) {
      const { error } = await query(scout, 'web1', `cat ${path} | grep x`, { timeout_s: 0.2 });
      expect(error?.code).toBe('command_timeout');
      expect(await queryText(scout, 'web1', 'echo next')).toBe('next\n');
    }
    expect(sshd.connectionCount() - before).toBe(1);
  });
});

test('a server that allows no session at all is told so, not waited for', async () => {
  const sshd = await startSshd({ config: ['MaxSessions 0'] });
  const scout = scoutWith(sshd.writeConfig('web1'));
  const { error } = await query(scout, 'web1', 'echo', { timeout_s: 15 });
  expect(error).toMatchObject({ code: 'no_shell', fix: expect.stringContaining('MaxSessions') });
  expect(error?.message).toContain('web1');
  await sshd.stop();
});
