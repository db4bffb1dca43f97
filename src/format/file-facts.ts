import type { FileFacts, FileKind } from '../ssh/files.ts';

const letters: Record<FileKind, string> = {
  file: '-',
  directory: 'd',
  symlink: 'l',
  fifo: 'p',
  socket: 's',
  'block device': 'b',
  'character device': 'c',
};

/** `-rwsr-xr-x` as ls(1) writes it. */
export function formatMode({ kind, mode }: Pick<FileFacts, 'kind' | 'mode'>): string {
  const bit = (mask: number, letter: string) => ((mode & mask) !== 0 ? letter : '-');
  const last = (execute: number, special: number, both: string) => {
    if ((mode & special) === 0) return bit(execute, 'x');
    return (mode & execute) !== 0 ? both : both.toUpperCase();
  };
  return [
    letters[kind],
    bit(0o400, 'r'),
    bit(0o200, 'w'),
    last(0o100, 0o4000, 's'),
    bit(0o040, 'r'),
    bit(0o020, 'w'),
    last(0o010, 0o2000, 's'),
    bit(0o004, 'r'),
    bit(0o002, 'w'),
    last(0o001, 0o1000, 't'),
  ].join('');
}

/** Milliseconds since 1970 as `2026-11-21T10:34:00Z`. */
export function formatTime(timeMs: number): string {
  const date = new Date(timeMs);
  return Number.isNaN(date.getTime()) ? 'unknown' : `${date.toISOString().slice(0, -'.000Z'.length)}Z`;
}

/** The facts of a path as the structured form names them; sizes are bytes, times UTC. */
export function describeFacts(facts: FileFacts) {
  return {
    kind: facts.kind,
    size: facts.sizeBytes,
    mode: facts.mode.toString(8).padStart(4, '0'),
    owner: facts.owner,
    group: facts.group,
    modified: formatTime(facts.modifiedMs),
  };
}
