import { ScoutError } from '../../errors.ts';
import { showPath } from '../show-path.ts';

/** Status codes of draft-ietf-secsh-filexfer-02 section 7, as far as a reader meets them. */
export const sftpStatus = {
  endOfFile: 1,
  noSuchFile: 2,
  permissionDenied: 3,
  failure: 4,
  unsupported: 8,
} as const;

/** The status code of an answer that is no success; undefined for every other error. */
export function statusOf(error: unknown): number | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'number' ? error.code : undefined;
}

/** What a failed request means to a reader of `path`, which is written as the caller wrote it. */
export function sftpError(error: unknown, path: string): ScoutError {
  if (error instanceof ScoutError) return error;
  const shown = showPath(path);
  switch (statusOf(error)) {
    case sftpStatus.noSuchFile:
      return new ScoutError(
        'path_not_found',
        `${shown} does not exist`,
        'List the directory above it to see what is there.',
        error,
      );
    case sftpStatus.permissionDenied:
      return new ScoutError(
        'permission_denied',
        `the remote account may not access ${shown}`,
        'Use a path that the account may read, or a host entry with another user.',
        error,
      );
    case undefined:
      return connectionLost(error);
    default:
      return new ScoutError(
        'unsupported_file',
        `the SFTP server could not read ${shown}`,
        'Look at its directory to see what kind of file it is.',
        error,
      );
  }
}

export function connectionLost(cause?: unknown): ScoutError {
  return new ScoutError(
    'connection_lost',
    'the SFTP channel was closed in the middle of the answer',
    'Call again; a new connection is made by itself.',
    cause,
  );
}

/**
 * Why no SFTP channel could be opened. Text where a packet should be means that the account's shell printed it
 * before it started the server: ssh2 then reports its first four characters as the length of a packet.
 */
export function sftpOpenError(error: unknown): ScoutError {
  const underneath = error instanceof ScoutError ? error.cause : error;
  const garbled =
    underneath instanceof Error && 'level' in underneath && underneath.level === 'sftp-protocol';
  if (garbled) {
    return new ScoutError(
      'no_sftp',
      'the login shell printed text where the SFTP server should have answered',
      'Make its startup files (~/.bashrc and the like) print only in interactive shells: begin them with ' +
        '`case $- in *i*) ;; *) return ;; esac`. Or use `Subsystem sftp internal-sftp` in sshd_config.',
      error,
    );
  }
  if (error instanceof ScoutError) return error;
  return new ScoutError(
    'no_sftp',
    'the host opened no SFTP channel',
    'Add `Subsystem sftp internal-sftp` to its sshd_config.',
    error,
  );
}
