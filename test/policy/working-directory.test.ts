import { describe, expect, it } from 'vitest';
import { parseDenyPaths } from '../../src/deny-paths.ts';
import { judge } from '../../src/policy/index.ts';

describe('a command with a working directory', () => {
  it.each([
    ['cat dev/sda', '/'],
    ['cat sda', '/dev'],
    ['cat < environ', '/proc/self'],
    ['head -c6 fd/0', '/proc/1'],
    ['cat debug/sched', '/sys/kernel'],
    ['cat ../dev/sda', '/etc'],
    ['grep -r x', '/'],
    ['grep -r x .', '/'],
    ['grep -R x *', '/'],
    ['rg x', '/proc'],
    ['rg x .', '/'],
    ['ls *', '/net'],
    ['zgrep x sda', '/dev'],
    ['zcat kmsg', '/proc'],
  ])('%s in %s is refused', (command, cwd) => {
    expect(judge(command, cwd)).toMatchObject({ allowed: false });
  });

  it.each([
    ['ls -la', '/'],
    ['ls -la', '/dev'],
    ['cat etc/hostname', '/'],
    ['cat cpuinfo', '/proc'],
    ['grep -rn error', '/var/log'],
    ['grep -c x hostname', '/etc'],
    ['cat ~/notes', '/dev'],
    ['cat /etc/hostname', '/dev'],
    ['find . -maxdepth 1', '/'],
    ['cat dev/notes.txt', ''],
    ['cat dev/notes.txt', 'work'],
  ])('%s in %s is allowed, and printed as without one', (command, cwd) => {
    expect(judge(command, cwd)).toEqual(judge(command));
    expect(judge(command, cwd).allowed).toBe(true);
  });

  it('is judged by its own directory and its own list, however often it is asked', () => {
    const list = parseDenyPaths(['/srv/notes']);
    const allowed = () => [
      judge('cat sda', '/srv').allowed,
      judge('cat sda', '/dev').allowed,
      judge('v cat sda', '/de').allowed,
      judge('cat notes', '/srv').allowed,
      judge('cat notes', '/srv', list).allowed,
    ];
    const first = allowed();
    expect(first).toEqual([true, false, false, true, false]);
    for (let other = 0; other < 150; other++) judge(`cat ${other}`, '/srv');
    expect(allowed()).toEqual(first);
    expect(allowed()).toEqual(first);
  });
});
