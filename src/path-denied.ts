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

export const deniedFix =
  'Ask for its name and facts (ls -l, stat, or its directory), or for another file. Only who runs scout-mcp can change SCOUT_DENY_PATHS.';
