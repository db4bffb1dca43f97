import { describe, expect, it } from 'vitest';
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
});
