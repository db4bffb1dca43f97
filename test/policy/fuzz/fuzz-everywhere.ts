import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Arena, findChange, openArena, places } from './arena.ts';
import { acceptedOf } from './walk-grammars.ts';

/**
 * Tests that run `count` different accepted ones of `commands`, shared out over all places. The seed is that of the
 * time; it stands in the tests' names, and in SCOUT_FUZZ_SEED for the same commands again.
 */
export function fuzzEverywhere(commands: fc.Arbitrary<string>, count: number): void {
  const seed = Number(process.env.SCOUT_FUZZ_SEED ?? Date.now() % 2 ** 31);
  const share = Math.ceil(count / places.length);

  describe.each(places)('where /bin/sh is $sh and tools are of $tools', (place) => {
    let arena: Arena;
    beforeAll(async () => {
      arena = await openArena(place);
    });
    afterAll(() => arena.close());

    it('the shell and the tools are those', async () => {
      const told = await arena.output('help; cat --help');
      expect(told).toMatch(
        { dash: /help: not found/, bash: /GNU bash/, busybox: /Built-in commands/ }[place.sh],
      );
      expect(told.includes('BusyBox')).toBe(place.tools === 'BusyBox');
    });

    it(
      `none of ${share} random commands that are let through changes anything (SCOUT_FUZZ_SEED=${seed})`,
      async () => {
        const own = seed + places.indexOf(place);
        const accepted = acceptedOf(fc.sample(commands, { numRuns: 5 * share, seed: own })).slice(0, share);
        expect(accepted).toHaveLength(share);
        const found = await findChange(
          arena,
          accepted.map(({ canonical }) => canonical),
        );
        expect(found, `SCOUT_FUZZ_SEED=${seed}`).toBeUndefined();
      },
      60_000 + 200 * share,
    );
  });
}
