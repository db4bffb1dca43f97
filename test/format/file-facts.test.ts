import { expect, it } from 'vitest';
import { formatMode, formatTime } from '../../src/format/file-facts.ts';
import type { FileKind } from '../../src/ssh/files.ts';

it.each<[FileKind, number, string]>([
  ['file', 0o644, '-rw-r--r--'],
  ['directory', 0o1777, 'drwxrwxrwt'],
  ['file', 0o4755, '-rwsr-xr-x'],
  ['file', 0o6644, '-rwSr-Sr--'],
  ['directory', 0o1770, 'drwxrwx--T'],
  ['symlink', 0o777, 'lrwxrwxrwx'],
  ['fifo', 0, 'p---------'],
  ['character device', 0o666, 'crw-rw-rw-'],
])('a %s of mode %o is %s, as ls writes it', (kind, mode, text) => {
  expect(formatMode({ kind, mode })).toBe(text);
});

it('times are UTC to the second, and no time is said to be unknown', () => {
  expect(formatTime(1_700_000_000_999)).toBe('2023-11-14T22:13:20Z');
  expect(formatTime(Number.NaN)).toBe('unknown');
  expect(formatTime(1e18)).toBe('unknown');
});
