import { ScoutError } from '../errors.ts';
import { type RemoteText, toRemoteLine } from '../remote-text.ts';

/** What scout_beam says of a system call on this machine that failed (errno(3)); other errors pass through. */
export function localError(thrown: unknown, path: Uint8Array): unknown {
  if (thrown instanceof ScoutError) return thrown;
  const code = errnoOf(thrown);
  if (code === undefined) return thrown;
  const [kind, what, fix] = meanings[code] ?? otherMeaning(code);
  return new ScoutError(kind, `${showLocal(path)} on this machine: ${what}`, fix, thrown);
}

/** A path of this machine in a message: on one line, with nothing invisible, and with an end to it. */
export function showLocal(path: Uint8Array): RemoteText {
  return toRemoteLine(path, 200);
}

export function errnoOf(thrown: unknown): string | undefined {
  return thrown instanceof Error && 'code' in thrown && /^E[A-Z0-9]+$/.test(String(thrown.code))
    ? String(thrown.code)
    : undefined;
}

/** Somebody moved, replaced or linked something between two looks at it: nothing more is done with it. */
export function changedMeanwhile(path: Uint8Array): ScoutError {
  return new ScoutError(
    'transfer_failed',
    `${showLocal(path)} on this machine was moved or replaced while it was looked at`,
    'Call again when nothing else changes that directory.',
  );
}

type Meaning = readonly [ScoutError['code'], what: string, fix: string];

const otherPath = 'Look at the directory above it, or use another path.';
const roomFix =
  'Make room, or copy to another place; what has arrived so far stays, and the same call goes on from there.';
const rightsFix = 'Give the user who runs scout-mcp access to it, or use another place.';
const changedFix = 'Call again when nothing else changes that directory.';

const meanings: Readonly<Record<string, Meaning>> = {
  ENOENT: ['path_not_found', 'there is no such file or directory', otherPath],
  ENOTDIR: ['not_a_directory', 'a part of the path is no directory', otherPath],
  EISDIR: ['exists', 'a directory stands there', 'Name a file in it, or another place.'],
  EEXIST: ['exists', 'it exists already', 'Pass overwrite: true to replace it, or name another place.'],
  ENOTEMPTY: ['exists', 'a directory stands there', 'Name a file in it, or another place.'],
  EACCES: ['permission_denied', 'permission denied', rightsFix],
  EPERM: ['permission_denied', 'operation not permitted', rightsFix],
  EROFS: ['permission_denied', 'the file system is read-only', 'Copy to another place.'],
  ENOSPC: ['transfer_failed', 'the disk is full', roomFix],
  EDQUOT: ['transfer_failed', 'the disk quota is used up', roomFix],
  EFBIG: ['transfer_failed', 'the file is too large for its file system', 'Copy to another file system.'],
  ENAMETOOLONG: ['invalid_argument', 'the name is too long', 'Use a shorter name.'],
  EILSEQ: ['invalid_argument', 'the file system takes no such name', 'Use a name in UTF-8.'],
  ELOOP: ['transfer_failed', 'it became a symbolic link, or links lead in a circle', changedFix],
  ENXIO: ['unsupported_file', 'it is not a regular file', 'Copy regular files and directories.'],
  EMFILE: ['busy', 'too many files are open', 'Call again when fewer calls run.'],
  ENFILE: ['busy', 'too many files are open', 'Call again when fewer calls run.'],
};

function otherMeaning(code: string): Meaning {
  return ['transfer_failed', `the system says ${code}`, 'Check the disk that it is on, then call again.'];
}
