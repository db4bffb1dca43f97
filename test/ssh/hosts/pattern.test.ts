import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchesPattern, matchPatternList } from '../../../src/ssh/hosts/pattern.ts';

describe('a pattern', () => {
  it('matches what a regular expression of the same meaning matches', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', '.'), maxLength: 8 });
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '.', '*', '?'), maxLength: 8 });
    fc.assert(
      fc.property(letters, pattern, (text, glob) => {
        const source = glob.replaceAll('.', '\\.').replaceAll('*', '.*').replaceAll('?', '.');
        expect(matchesPattern(text, glob)).toBe(new RegExp(`^${source}$`, 's').test(text));
      }),
      { seed: 7, numRuns: 2_000 },
    );
  });

  it('of many stars does not blow up on a long name', () => {
    const started = performance.now();
    expect(matchesPattern('a'.repeat(5_000), `${'*a'.repeat(50)}*b`)).toBe(false);
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});

it('a pattern list refuses by an exclusion wherever it stands', () => {
  expect(matchPatternList('web3', 'web*,!web3')).toBe('refused');
  expect(matchPatternList('web3', '!web3,web*')).toBe('refused');
  expect(matchPatternList('web1', '!web3,web*')).toBe('matched');
  expect(matchPatternList('db', '!web3,web*')).toBe('none');
  expect(matchPatternList('web', 'WEB', true)).toBe('matched');
});
