import { afterAll, expect, it } from 'vitest';
import { compareGenerated } from './generated-parity.ts';
import { SshOracle } from './ssh-oracle.ts';

const oracle = new SshOracle();
afterAll(() => oracle.close());

it('settings of 200 generated configurations are those of ssh -G', async () => {
  const { accepted, refused, found } = await compareGenerated(oracle, 200, 20_261_101);
  expect(found).toEqual([]);
  // Most must be accepted and some refused, or the comparison would say little.
  expect(accepted).toBeGreaterThan(120);
  expect(refused).toBeGreaterThan(5);
});
