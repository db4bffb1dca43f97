import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeUser, type Sshd, startSshd, type TestUser } from '../../fixtures/sshd.ts';
import { until } from '../../fixtures/until.ts';
import type { LoginShell } from '../../fixtures/user.ts';
import { makeFifo, untilRead } from './fifo.ts';
import { query, queryText, scoutWith, times } from './query.ts';

let sshd: Sshd;
const users: Partial<Record<LoginShell | 'root', TestUser>> = {};
beforeAll(async () => {
  [sshd, users.dash, users.bash] = await Promise.all([
    startSshd(),
    makeUser({ shell: 'dash' }),
    makeUser({ shell: 'bash' }),
  ]);
});
afterAll(() => Promise.all([sshd.stop(), users.dash?.remove(), users.bash?.remove()]));

const accounts = [
  ['root', 'root'],
  ['a user with dash', 'dash'],
  ['a user with bash', 'bash'],
] as const;

describe.each(accounts)('as %s', (_, account) => {
  const scoutOf = () => {
    const name = users[account]?.name;
    return scoutWith(sshd.writeConfig(sshd.configFor('web1', name === undefined ? {} : { User: name })));
  };

  test('a call that times out leaves no remote process a second later, and the connection usable', async () => {
    const scout = scoutOf();
    const fifo = makeFifo(sshd.directory, `timeout-${account}`);
    const call = query(scout, 'web1', `cat ${fifo.path} | grep x`, { timeout_s: 1.5 });
    await untilRead(sshd, fifo);
    expect((await call).error?.code).toBe('command_timeout');
    await until(() => sshd.processes().length === 0, 1_000);
    expect(await queryText(scout, 'web1', 'echo next')).toBe('next\n');
    expect(times(scout, 'dialed')).toBe(1);
  });

  test('so does a call that is cancelled', async () => {
    const scout = scoutOf();
    const fifo = makeFifo(sshd.directory, `cancel-${account}`);
    const controller = new AbortController();
    const call = query(scout, 'web1', `cat ${fifo.path} | grep x`, { signal: controller.signal });
    const cancelled = expect(call).rejects.toMatchObject({ code: 'cancelled' });
    await untilRead(sshd, fifo);
    controller.abort();
    await cancelled;
    await until(() => sshd.processes().length === 0, 1_000);
    expect(await queryText(scout, 'web1', 'echo next')).toBe('next\n');
    expect(times(scout, 'dialed')).toBe(1);
  });
});
