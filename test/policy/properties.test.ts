import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judge } from '../../src/policy/index.ts';
import { everyday } from './corpus/everyday.ts';
import { hostileText, plausible } from './random-commands.ts';

const seed = 20_261_121;

describe('judge', () => {
  it('neither throws nor hangs, whatever the text, and says why it refuses', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const started = process.cpuUsage();
        const verdict = judge(text);
        const { user, system } = process.cpuUsage(started);
        expect(user + system).toBeLessThan(200_000);
        if (!verdict.allowed) expect(verdict.refusal.reason).not.toBe('the command cannot be understood');
      }),
      { numRuns: 1_000, seed },
    );
  });

  it('neither throws nor fails to see a change of one character in an everyday command', () => {
    const mutated = fc
      .tuple(
        fc.constantFrom(...everyday),
        fc.nat(200),
        fc.constantFrom(...'\'"\\$`(){}[]<>&|;#!~*? \n'),
        fc.boolean(),
      )
      .map(
        ([text, at, character, replace]) => text.slice(0, at) + character + text.slice(replace ? at + 1 : at),
      );
    fc.assert(
      fc.property(mutated, (text) => holds(text)),
      { numRuns: 1_000, seed },
    );
  });

  it('accepts what it printed, as it printed it', () => {
    let accepted = 0;
    fc.assert(
      fc.property(fc.oneof(plausible, hostileText), (text) => {
        if (judge(text).allowed) accepted++;
        holds(text);
      }),
      { numRuns: 1_000, seed },
    );
    expect(accepted).toBeGreaterThan(50);
  });
});

/** Of an accepted text: its canonical form is a fixed point, and nothing in it stands outside of quotes but these. */
function holds(text: string): void {
  const verdict = judge(text);
  if (!verdict.allowed) return;
  expect(judge(verdict.canonical)).toEqual(verdict);
  const outside = verdict.canonical.replace(/'[^']*'|\\'/g, 'W');
  const word = String.raw`(?:~|~/|[W*?]|\[!?[\w.,:=@%+[\]-]+\])+`;
  const command = `(?:! )?${word}(?: (?:${word}|2>/dev/null|2>&1|< ${word}))*`;
  expect(outside).toMatch(new RegExp(String.raw`^${command}(?:(?:; | && | \|\| | \| )${command})*$`));
}
