import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { programs } from '../../../src/policy/programs/index.ts';
import { type Arena, findChange, openArena } from './arena.ts';
import { fuzzEverywhere } from './fuzz-everywhere.ts';
import { acceptedOf, fuzzedCommands } from './walk-grammars.ts';

vi.mock('../../../src/policy/options.ts', async (original) =>
  (await import('./recorded-grammars.ts')).recording(await original()),
);

const commands = fuzzedCommands();

fuzzEverywhere(commands, 1_000);

describe('the random commands', () => {
  it('are of every program, and of programs with options', () => {
    const accepted = acceptedOf(fc.sample(commands, { numRuns: 12_000 }));
    const share = (pattern: RegExp) => accepted.filter(({ canonical }) => pattern.test(canonical)).length;
    const unused = [...programs.keys()].filter(
      (name) => !accepted.some(({ canonical }) => canonical.startsWith(`'${name}'`)),
    );
    expect(unused).toEqual([]);
    expect(share(/' '-/)).toBeGreaterThan(accepted.length / 2);
  });
});

/** What a policy with one hole each would let through, and what the hole would change. */
const holes: readonly (readonly [hole: string, command: string, changed: RegExp])[] = [
  ['touch', "'touch' 'planted'", /tree\/planted: not there/],
  ['touch of an old file', "'touch' '-d' '@0' 'a.log'", /tree\/a\.log: /],
  ['sort -o', "'sort' '-o' 'b.log' '--' 'a.log'", /tree\/b\.log: /],
  ['uniq with two operands', "'uniq' '--' 'a.log' 'b.log'", /tree\/b\.log: /],
  ['chmod', "'chmod' '600' 'a.log'", /tree\/a\.log: /],
  ['ln', "'ln' 'a.log' 'sub/hard'", /tree\/sub\/hard: not there/],
  ['a file elsewhere', '\'tee\' "/tmp/planted-$(id -u)" < a.log', /owned \/tmp\/planted-/],
  ['the file of another owner', "echo y >> 'open/to-all'", /open\/to-all: /],
  ['a job in the background', "'sleep' '60' &", /process \d+: not there → sleep 60/],
  [
    'a listening socket',
    `perl -MIO::Socket::INET -e '$s=IO::Socket::INET->new(Listen=>1,LocalAddr=>"127.0.0.1");sleep 60' &`,
    /socket tcp /,
  ],
];

describe('a hole in the policy', () => {
  let arena: Arena;
  beforeAll(async () => {
    arena = await openArena({ sh: 'dash', tools: 'GNU' });
  });
  afterAll(() => arena.close());

  it.each(holes)('would be seen: %s', async (_, command, changed) => {
    const found = await findChange(arena, [command]);
    expect(found).toMatch(changed);
    await arena.run(['rm -f /tmp/planted-$(id -u)', 'kill $(pgrep -u $(id -u) -x "sleep|perl")']);
  });

  it('is named among harmless commands', async () => {
    const found = await findChange(arena, ["'ls' '-la'", "echo z >> 'a.log'", "'cat' '--' 'b.log'"]);
    expect(found).toContain("by one of: echo z >> 'a.log'\n");
  });
});
