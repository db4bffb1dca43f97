import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { gradeAccount } from '../../../src/ssh/diagnose/grade.ts';
import { lookScript, readSurroundings } from '../../../src/ssh/diagnose/look-script.ts';

describe('the script that looks around', () => {
  it.each(['dash', 'bash', 'mksh', 'busybox'])('says the same under %s', (shell) => {
    const words = shell === 'busybox' ? ['sh', '-c', lookScript] : ['-c', lookScript];
    const found = readSurroundings(execFileSync(shell, words, { encoding: 'utf8' }));
    expect(found.uid).toBe(process.getuid?.());
    expect(found.groups[0]).toBe(execFileSync('id', ['-Gn'], { encoding: 'utf8' }).trim().split(' ')[0]);
    expect(found.system).toMatch(/^Linux /);
    expect(found.has).toContain('cat');
  });

  it('finds what is missing where there is no program at all', () => {
    const output = execFileSync('/bin/sh', ['-c', lookScript], {
      env: { PATH: '/nowhere' },
      encoding: 'utf8',
      stdio: 'pipe',
    });
    const found = readSurroundings(output);
    expect(found.has).toEqual([]);
    expect(found.lacks).toContain('grep');
    expect(found.uid).toBeUndefined();
  });
});

describe('the grade of an account', () => {
  it.each([
    [0, ['root'], 'none', 'D'],
    [0, ['root'], 'files', 'C'],
    [0, ['root'], 'full', 'B'],
    [1000, ['me'], 'none', 'B'],
    [1000, ['me'], 'files', 'B'],
    [1000, ['me'], 'full', 'A'],
    [1000, ['me', 'docker'], 'none', 'D'],
    [1000, ['me', 'lxd'], 'none', 'D'],
    [1000, ['me', 'wheel'], 'none', 'C'],
    [1000, ['me', 'wheel'], 'full', 'B'],
    [1000, ['dockers', 'sudoers'], 'none', 'B'],
  ] as const)('with uid %i in %j behind the wall %s is %s', (uid, groups, wall, letter) => {
    expect(gradeAccount({ uid, groups }, wall).letter).toBe(letter);
  });
});
