import { ScoutError } from './errors.ts';
import { toRemoteLine } from './remote-text.ts';

/** The error of every door for a path that is denied; `path` as the caller wrote it. */
export function pathDenied(path: string): ScoutError {
  return new ScoutError(
    'path_denied',
    `${toRemoteLine(path, 200)} is not read: SCOUT_DENY_PATHS denies it, or what it leads to`,
    deniedFix,
  );
}

/** The error of every door for a path that leads to one of `pathTraps`; `path` as the caller wrote it. */
export function pathTrapped(path: string): ScoutError {
  return new ScoutError(
    'path_denied',
    `${toRemoteLine(path, 200)} is not read: it leads to a device, or to a file of the kernel that does more than be read`,
    'Ask for its facts (ls -l, stat) or where it leads (readlink -f), or read another file.',
  );
}

export const deniedFix =
  'Ask for its name and facts (ls -l, stat, or its directory), or for another file. Only who runs scout-mcp can change SCOUT_DENY_PATHS.';
