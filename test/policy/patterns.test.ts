import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { judge } from '../../src/policy/index.ts';
import { type Shell, shells } from './real-shells.ts';

const run = promisify(execFile);

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'scout-patterns-'));
  for (const name of ['a.log', 'b.log', 'c d.log', '-l', '-o', '+5', '*x', 'ü.log', '~y']) {
    await writeFile(join(directory, name), `${name}\nsecond\n`);
  }
});
afterAll(() => rm(directory, { recursive: true, force: true }));

describe('a pattern', () => {
  it.each([
    ['ls -1 *.log', ['a.log', 'b.log', 'c d.log', 'ü.log']],
    ['ls -1 [ab].log', ['a.log', 'b.log']],
    ['ls -1 [!a-c]*.log', ['ü.log']],
    ['ls -1 "c d"*', ['c d.log']],
    ['ls -1 "*"*', ['*x']],
    ['ls -1 [[:alpha:]].lo?', ['a.log', 'b.log']],
    ['echo ./?.log', ['./a.log ./b.log']],
    ['grep -c second -- a.log', ['1']],
    ['grep -rl --include=[ab].log second . | sort', ['./a.log', './b.log']],
    ['find . -name [ab].log | sort', ['./a.log', './b.log']],
    ['find ./[ab].log -type f', ['./a.log', './b.log']],
    ['ls -1 nothing*here', []],
  ])('gives the same names in every shell: %s', async (command, expected) => {
    for (const shell of shells) expect(await lines(shell, command)).toEqual(expected);
  });

  it('gives no option to the program, whatever the names are', async () => {
    for (const shell of shells) {
      const listed = await lines(shell, 'ls *');
      expect(listed).toHaveLength(9);
      expect(await lines(shell, 'sort * | head -1')).toEqual(['*x']);
      expect(await lines(shell, 'head -qn1 *')).toContain('-o');
    }
  });

  it.each([
    'uniq *',
    'uniq ./a*',
    'diff a *',
    'test -f *',
    'find *',
    'echo *',
    'cat < *',
    '* x',
    'date -r *',
  ])('is refused where it could give another meaning: %s', (command) => {
    expect(judge(command)).toMatchObject({ allowed: false });
  });
});

async function lines({ argv: [program, ...args] }: Shell, command: string): Promise<readonly string[]> {
  const verdict = judge(command);
  if (!verdict.allowed) throw new Error(`${command}: ${verdict.refusal.reason}`);
  const env = { PATH: '/usr/bin:/bin', HOME: directory, LC_ALL: 'C' };
  const script = `{ ${verdict.canonical}; } 2>/dev/null || :`;
  const { stdout } = await run(program, [...args, '-c', script], { env, cwd: directory });
  return stdout.split('\n').filter(Boolean);
}
