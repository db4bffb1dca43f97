import { describe, expect, it } from 'vitest';
import { planTree, staysInside } from '../../../src/operations/beam/plan-tree.ts';
import type { Side } from '../../../src/operations/beam/side.ts';

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

it('directories in directories are followed as far as a path can name them', async () => {
  const facts = { kind: 'directory', sizeBytes: 0, mode: 0o755, mtimeMs: 0 } as const;
  const below = [{ name: 'd', facts, isDenied: false, isUnnameable: false }];
  let left = 5_000;
  const list = async () => (left-- > 0 ? below : []);
  const { directories, skipped } = await planTree({ list } as unknown as Side, facts); // it asks for nothing else
  expect(directories).toHaveLength(2_049);
  expect(skipped).toEqual([{ path: expect.stringMatching(/^d(?:\/d){2048}$/), why: 'its path is too long' }]);
});
