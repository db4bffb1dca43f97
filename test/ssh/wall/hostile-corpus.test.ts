import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { damageBy, hostileCommands } from './contain-hostile.ts';
import { type Contained, contain } from './contained.ts';

let contained: Contained;
beforeAll(async () => {
  contained = await contain();
});
afterAll(() => contained.end());

/** Every command of the corpus runs in the soak; here those of one place in each row of `every`. */
const sample = (every: number, from = 0) => hostileCommands.filter((_, at) => at % every === from);

describe.each([
  ['root', { uid: 0, gid: 0 }],
  ['an ordinary user', { uid: 65534, gid: 65534 }],
])('as %s', (_, ids) => {
  test('hostile commands that no parser looked at change nothing', async () => {
    const commands = sample(12, ids.uid % 12);
    expect(commands.length).toBeGreaterThan(130);
    expect(await damageBy(contained, ids, commands, '')).toBe('');
  }, 60_000);

  test('nor where any command line may run', async () => {
    expect(await damageBy(contained, ids, sample(32, ids.uid % 32), 'walled')).toBe('');
  }, 60_000);
});

test('without a wall they do', async () => {
  const other = await contain();
  try {
    const commands = [
      'touch /tmp/made',
      'chmod 700 f',
      'echo x >>f',
      'sleep 1000 >/dev/null 2>&1 & disown 2>/dev/null; :',
    ];
    const damage = await damageBy(other, { uid: 65534, gid: 65534 }, commands, undefined);
    for (const trace of ['own/tmp/made', 'layer/srv/home/f f']) expect(damage).toContain(trace);
  } finally {
    other.end();
  }
});
