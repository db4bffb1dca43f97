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
    [0, ['root'], 'D'],
    [1000, ['me'], 'B'],
    [1000, ['me', 'docker'], 'D'],
    [1000, ['me', 'lxd'], 'D'],
    [1000, ['me', 'wheel'], 'C'],
    [1000, ['dockers', 'sudoers'], 'B'],
  ])('with uid %i in %j is %s', (uid, groups, letter) => {
    expect(gradeAccount({ uid, groups }).letter).toBe(letter);
  });
});
