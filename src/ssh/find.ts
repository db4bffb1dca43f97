import type { ScoutError } from '../errors.ts';
import type { ExtendedRegex } from '../extended-regex.ts';
import type { Piece } from '../name-pattern.ts';
import type { FileFacts } from './files.ts';

export interface FindRequest {
  /** As in ReadRequest. A directory is walked, anything else is looked at itself. */
  readonly path: string;
  /** A pattern of the last name of a path, matched byte by byte as find(1) does in the C locale. */
  readonly name: readonly Piece[] | undefined;
  /** What a line of a regular file must hold; undefined: content does not matter. */
  readonly pattern: ExtendedRegex | undefined;
  readonly type: 'file' | 'directory' | 'symlink' | undefined;
  /** How deep a directory is walked: 1 is its own names only. Symbolic links are not followed below the top. */
  readonly depth: number;
  /** Changed at or after this moment, ms since 1970. */
  readonly sinceMs: number | undefined;
  readonly largerThanBytes: number | undefined;
  /** Lines shown before and after each line that matches. */
  readonly contextLines: number;
  /** Paths, or lines where there is a pattern. */
  readonly limit: number;
  /** Go into other file systems; those that are windows into the kernel are never walked from above. */
  readonly crossDevices: boolean;
  /** How much may come from the machine. */
  readonly maxBytes: number;
}

export interface FoundLine {
  /** 1-based. */
  readonly number: number;
  /** False: context. */
  readonly isMatch: boolean;
  /** Without its line feed; at most `longestLineBytes`. */
  readonly text: Uint8Array;
  /** Where in a long `text` its first match ends; 0 where that is not known. */
  readonly matchEnd: number;
}

/** More of a line is not looked at, once it is known to match. */
export const longestLineBytes = 16 * 1024;

export interface FoundPath {
  /** Below the target; empty for the target itself. Raw bytes. */
  readonly path: Uint8Array;
  readonly facts: FileFacts;
  /** Empty where the content is binary or was not asked for. */
  readonly lines: readonly FoundLine[];
  /** The content matches, and is no text. */
  readonly isBinary: boolean;
}

export interface FindOutcome {
  /** In byte order of their paths. */
  readonly found: readonly FoundPath[];
  /** There are more than `limit`. */
  readonly more: boolean;
  /** Directories, and files where there is a pattern, that may not be opened; as far as it came. */
  readonly unreadable: number;
  /** The same for what SCOUT_DENY_PATHS denies. */
  readonly denied: number;
  /** Files whose content was not searched because they are too large for the way there is. */
  readonly skipped: number;
  /** Why the search did not come to its end: `command_timeout` or `output_limit`. */
  readonly stopped?: ScoutError;
}

/**
 * One way to search files on one host. Rejects with ScoutError `path_not_found`, `permission_denied`, `path_denied`,
 * `not_available`, `connection_lost`, or the signal's reason unless that is `command_timeout`: then what was found by
 * then is the outcome. Nothing but regular files is opened.
 */
export interface FindDoor {
  find(request: FindRequest, signal: AbortSignal): Promise<FindOutcome>;
}
