import type { RemoteText } from '../remote-text.ts';

export type FileKind =
  | 'file'
  | 'directory'
  | 'symlink'
  | 'fifo'
  | 'socket'
  | 'block device'
  | 'character device';

/** Names of owners stand outside the markers of remote text, so none is longer than a name may be. */
export const maxOwnerLength = 64;

/** What lstat(2) or stat(2) says of one path, as a person reads it. */
export interface FileFacts {
  readonly kind: FileKind;
  readonly sizeBytes: number;
  /** Permission bits with set-id and sticky (07777). */
  readonly mode: number;
  /** Names where the remote gives them, else numbers as text. */
  readonly owner: RemoteText;
  readonly group: RemoteText;
  /** The numbers behind them, which every door knows; undefined where the machine does not tell. */
  readonly ownerId: number | undefined;
  readonly groupId: number | undefined;
  /** Milliseconds since 1970. */
  readonly modifiedMs: number;
  readonly accessedMs: number;
}

/** One name in a directory; raw bytes, for a name may hold anything but `/` and NUL. */
export interface DirectoryEntry {
  /** Path below the directory that was asked for (`a/b/c` where a tree was asked for). */
  readonly path: Uint8Array;
  /** Facts of the name itself (lstat); undefined where they may not be read. */
  readonly facts: FileFacts | undefined;
  /** Where a symbolic link leads, as written in it. */
  readonly linkTarget?: Uint8Array;
}

export interface ReadRequest {
  /** Absolute, `~`, `~/…`, or relative to the home directory (empty: the home). No NUL, no `..` segment. */
  readonly path: string;
  /** First line wanted, 1-based; negative counts from the end (-10: the last ten). 1 where all is wanted. */
  readonly firstLine: number;
  /** Lines wanted at most; undefined for all. */
  readonly lines: number | undefined;
  /** Bytes of content wanted at most (skipped lines do not count); also bounds a listing. */
  readonly maxBytes: number;
  /** How deep a directory is listed: 1 is its own names only. Symbolic links are not followed below the top. */
  readonly depth: number;
}

/**
 * What one path holds. A symbolic link at the path itself is followed; `facts` are those of what it leads to.
 * Both doors (shell and SFTP) give the same for the same path, apart from names of owners.
 */
export type ReadOutcome =
  | {
      readonly what: 'file';
      readonly facts: FileFacts;
      /** At most `maxBytes`, cut where they end. */
      readonly content: Uint8Array;
      /** There is more of the wanted range than `maxBytes`. */
      readonly truncated: boolean;
      /** The content reaches the end of the file. */
      readonly reachedEnd: boolean;
      /** Line number of the first line of `content`, where it is known (unknown for a negative first line). */
      readonly firstLine: number | undefined;
    }
  | {
      readonly what: 'directory';
      readonly facts: FileFacts;
      /** In byte order of their paths, parents before children. */
      readonly entries: readonly DirectoryEntry[];
      /** There are more, and which of them are missing is chance. */
      readonly truncated: boolean;
      /** Directories below that could not be opened. */
      readonly unreadable: number;
    }
  | { readonly what: 'special'; readonly facts: FileFacts };

/**
 * One way to look at files on one host. Rejects with ScoutError `path_not_found`, `permission_denied`,
 * `not_a_directory`, `unsupported_file`, `connection_lost`, or the signal's reason. A FIFO, socket or device is
 * described and never opened. The error's message names the path as the caller wrote it, never remote text.
 */
export interface FileDoor {
  read(request: ReadRequest, signal: AbortSignal): Promise<ReadOutcome>;
}
