import type { Stats } from 'node:fs';

const kindLetters = new Map([
  [0o040000, 'd'],
  [0o120000, 'l'],
  [0o010000, 'p'],
  [0o140000, 's'],
  [0o060000, 'b'],
  [0o020000, 'c'],
]);

/** One line of `ls -l`, as SFTP servers send it for people (draft-ietf-secsh-filexfer-02 section 7). */
export function longName(name: string, { mode, nlink, uid, gid, size, mtime }: Stats): string {
  const kind = kindLetters.get(mode & 0o170000) ?? '-';
  const bits = [6, 3, 0].map((shift) => rights(mode >> shift)).join('');
  const date = `${mtime.toUTCString().slice(8, 11)} ${mtime.toUTCString().slice(5, 7)}`;
  const numbers = [
    String(nlink).padStart(4),
    String(uid).padEnd(8),
    String(gid).padEnd(8),
    String(size).padStart(8),
  ];
  return `${kind}${bits} ${numbers.join(' ')} ${date} ${mtime.getUTCFullYear()} ${name}`;
}

function rights(bits: number): string {
  return `${bits & 4 ? 'r' : '-'}${bits & 2 ? 'w' : '-'}${bits & 1 ? 'x' : '-'}`;
}
