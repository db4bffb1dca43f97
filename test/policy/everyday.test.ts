import { describe, expect, it } from 'vitest';
import { judge } from '../../src/policy/index.ts';
import { programs } from '../../src/policy/programs/index.ts';
import { everyday } from './corpus/everyday.ts';

describe('an everyday command', () => {
  it('comes in a corpus of at least 750, with every program in it', () => {
    expect(new Set(everyday).size).toBeGreaterThanOrEqual(750);
    const used = new Set(everyday.flatMap((command) => programsOf(command)));
    expect([...programs.keys()].filter((name) => !used.has(name))).toEqual([]);
  });

  it('is let through', () => {
    const refused = everyday.flatMap((command) => {
      const verdict = judge(command);
      return verdict.allowed ? [] : [{ command, ...verdict.refusal }];
    });
    expect(refused).toEqual([]);
  });

  it('has a canonical form whose canonical form is itself', () => {
    for (const command of everyday) {
      const verdict = judge(command);
      if (verdict.allowed) expect(judge(verdict.canonical)).toEqual(verdict);
    }
  });
});

function programsOf(command: string): readonly string[] {
  const verdict = judge(command);
  return verdict.allowed ? verdict.programs : [];
}
