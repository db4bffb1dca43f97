import { describe, expect, it } from 'vitest';
import { judge } from '../../src/policy/index.ts';
import { programs } from '../../src/policy/programs/index.ts';
import { hostile } from './corpus/hostile.ts';

const families = [...new Set(hostile.map(([family]) => family))];

describe('a hostile command', () => {
  it('comes in a corpus of at least 1,700, with several for every program', () => {
    const commands = [...new Set(hostile.map(([, command]) => command))];
    expect(commands.length).toBeGreaterThanOrEqual(1_700);
    const isOf = (name: string) => (command: string) => command === name || command.startsWith(`${name} `);
    const bare = [...programs.keys()].filter((name) => commands.filter(isOf(name)).length < 4);
    expect(bare).toEqual([]);
  });

  it.each(families)('is refused: %s', (family) => {
    const letThrough = commandsOf(family).filter((command) => judge(command).allowed);
    expect(letThrough).toEqual([]);
  });

  it.each(families)('is refused with a word, a reason and an alternative that fit a line: %s', (family) => {
    const unhelpful = commandsOf(family).filter((command) => !isHelpful(command));
    expect(unhelpful).toEqual([]);
  });

  it.each(families)('is refused at once: %s', (family) => {
    judge('ls -l | head; echo "$x"');
    const slow = commandsOf(family).filter((command) => {
      const started = process.cpuUsage();
      judge(command);
      const { user, system } = process.cpuUsage(started);
      return user + system > 250_000;
    });
    expect(slow.map((command) => command.slice(0, 80))).toEqual([]);
  });
});

function commandsOf(family: string): readonly string[] {
  return hostile.flatMap(([owner, command]) => (owner === family ? [command] : []));
}

function isHelpful(command: string): boolean {
  const verdict = judge(command);
  if (verdict.allowed) return false;
  const { word, reason, instead } = verdict.refusal;
  const isLine = [word, reason, instead].every((text) => /^[^\p{C}\p{Zl}\p{Zp}]*$/u.test(text));
  return isLine && [...word].length <= 61 && reason.length > 8 && instead.length > 1;
}
