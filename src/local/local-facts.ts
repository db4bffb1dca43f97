import type { BigIntStats } from 'node:fs';
import type { FileKind } from '../ssh/files.ts';
import type { LocalFacts } from './places.ts';

/** What stat(2) says, as the copying of files needs it. */
export function localFacts(stats: BigIntStats): LocalFacts {
  return {
    kind: kindOf(stats),
    sizeBytes: Number(stats.size),
    mode: Number(stats.mode & 0o7777n),
    mtimeMs: msOf(stats.mtimeNs),
  };
}

export function kindOf(stats: BigIntStats): FileKind {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'directory';
  if (stats.isSymbolicLink()) return 'symlink';
  if (stats.isFIFO()) return 'fifo';
  if (stats.isSocket()) return 'socket';
  return stats.isBlockDevice() ? 'block device' : 'character device';
}

export function isSameFile(a: BigIntStats, b: BigIntStats): boolean {
  return a.dev === b.dev && a.ino === b.ino && kindOf(a) === kindOf(b);
}

/** To the last bit what `Stats.mtimeMs` is: both are compared. */
function msOf(ns: bigint): number {
  return Number(ns / 1_000_000_000n) * 1_000 + Number(ns % 1_000_000_000n) / 1e6;
}
