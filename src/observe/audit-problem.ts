import { ScoutError } from '../errors.ts';

/** What a person can do about each reason of the system; the others are named by their code. */
const reasons: Readonly<Record<string, readonly [what: string, fix: string]>> = {
  ENOENT: ['its directory does not exist', 'Create the directory.'],
  ENOTDIR: ['a part of its path is not a directory', 'Correct the path.'],
  EISDIR: ['it is a directory', 'Name a file in it.'],
  ELOOP: ['it is a symbolic link', 'Name the file itself.'],
  ENXIO: ['it is not a regular file', 'Name a regular file, or one that is not there yet.'],
  EACCES: [
    'there is no permission to write it',
    'Give the user who runs scout-mcp the right to write there.',
  ],
  EPERM: ['there is no permission to write it', 'Give the user who runs scout-mcp the right to write there.'],
  ENOSPC: ['no space is left on its disk', 'Make room on the disk.'],
  EDQUOT: ['the disk quota is used up', 'Make room on the disk.'],
  EFBIG: ['it is as large as a file may be', 'Rotate it.'],
  EROFS: ['its file system is read-only', 'Name a file on a file system that can be written.'],
};

/** A reason of our own. It names no path: the model that reads it has no business with it. */
export function auditProblem(what: string, fix: string): ScoutError {
  return new ScoutError(
    'audit_unavailable',
    `the audit log (SCOUT_AUDIT_LOG) cannot be written: ${what}`,
    `${fix} Nothing is done that cannot be recorded there.`,
  );
}

/** Whatever kept a line from being written, as ScoutError `audit_unavailable`. */
export function auditUnavailable(thrown: unknown): ScoutError {
  if (thrown instanceof ScoutError) return thrown;
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'unknown reason';
  const [what, fix] = reasons[code] ?? [`the system says ${code}`, 'Look at the file and its disk.'];
  const { message, fix: whole } = auditProblem(what, fix);
  return new ScoutError('audit_unavailable', message, whole, thrown);
}
