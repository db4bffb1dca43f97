import { describe, expect, it } from 'vitest';
import { staysInside } from '../../../src/operations/beam/plan-tree.ts';

describe('a symbolic link', () => {
  it.each([
    ['a', 0],
    ['sub/b', 0],
    ['./a', 0],
    ['..', 1],
    ['../a', 1],
    ['../../x/y', 2],
    ['..//a', 1],
  ])('to %s, %d levels down, stays inside', (target, depth) => {
    expect(staysInside(target, depth)).toBe(true);
  });

  it.each([
    ['', 1],
    ['/etc/passwd', 3],
    ['..', 0],
    ['../a', 0],
    ['../../a', 1],
    ['a/../b', 3],
    ['../a/..', 3],
    ['a/../../../b', 1],
    ['./../a', 0],
  ])('to %j, %d levels down, may lead out', (target, depth) => {
    expect(staysInside(target, depth)).toBe(false);
  });
});
