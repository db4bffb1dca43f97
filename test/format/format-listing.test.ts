import { expect, it } from 'vitest';
import { formatListing } from '../../src/format/format-listing.ts';
import { toRemoteLine, toRemoteText } from '../../src/remote-text.ts';
import type { DirectoryEntry, FileKind } from '../../src/ssh/files.ts';

function entry(path: string, kind: FileKind = 'file', sizeBytes = 1, owner = 'root'): DirectoryEntry {
  const names = { owner: toRemoteLine(owner), group: toRemoteLine('g'), ownerId: 0, groupId: 0 };
  return {
    path: Buffer.from(path),
    facts: { kind, sizeBytes, mode: 0o644, modifiedMs: 0, accessedMs: 0, ...names },
  };
}

it('aligns its columns and shows a tree in the order of its directories', () => {
  const paths = ['a', 'a-b', 'a/x'];
  const entries = [
    entry('a', 'directory', 4_096),
    entry('a-b', 'file', 12),
    entry('a/x', 'file', 3, 'www-data'),
  ];
  expect(entries.map(({ path }) => Buffer.from(path).toString())).toEqual(paths); // the order of bytes
  const { rows } = formatListing(entries, (remote) => toRemoteText(remote));
  expect(rows.map(({ line }) => line)).toEqual([
    'drw-r--r-- root:g     4096 1970-01-01T00:00:00Z a/',
    '-rw-r--r-- www-data:g    3 1970-01-01T00:00:00Z   x',
    '-rw-r--r-- root:g       12 1970-01-01T00:00:00Z a-b',
  ]);
  expect(rows[1]).toMatchObject({
    alone: expect.stringMatching(/Z a\/x$/),
    facts: { path: 'a/x', owner: 'www-data' },
  });
});

it('shows what may not be looked at as unknown, and where links lead', () => {
  const entries: DirectoryEntry[] = [
    { path: Buffer.from('locked'), facts: undefined },
    { ...entry('link', 'symlink'), linkTarget: Buffer.from('/to\nthere\u001b') },
  ];
  const { rows } = formatListing(entries, (remote) => toRemoteText(remote));
  expect(rows[1]?.line).toMatch(/^\?{10} \? +\? \? +locked$/);
  expect(rows[0]?.line).toMatch(/ link -> \/to\\nthere\\x1b$/);
  expect(rows[0]?.facts).toMatchObject({ link: '/to\\nthere\\x1b' });
});

it('of nothing is nothing', () => {
  expect(formatListing([], (remote) => toRemoteText(remote)).rows).toEqual([]);
});
