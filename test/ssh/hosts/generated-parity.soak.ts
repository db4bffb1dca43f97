import { afterAll, expect, it } from 'vitest';
import { compareGenerated } from './generated-parity.ts';
import { SshOracle } from './ssh-oracle.ts';

const oracle = new SshOracle();
afterAll(() => oracle.close());

it('settings of 2,000 generated configurations are those of ssh -G, with a new seed each time', {
  timeout: 600_000,
}, async () => {
  const seed = Number(process.env.SCOUT_TEST_SEED ?? Date.now() % 2 ** 31);
  const { found } = await compareGenerated(oracle, 2_000, seed);
  expect(found).toEqual([]);
});
