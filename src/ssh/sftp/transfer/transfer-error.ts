import { ScoutError } from '../../../errors.ts';
import { showPath } from '../../show-path.ts';
import { sftpStatus, statusOf } from '../sftp-error.ts';
import type { Lane } from './lane.ts';

/** statvfs(2) as ssh2 gives it, as far as it says why nothing can be written. */
interface FileSystem {
  readonly f_bavail?: number | bigint;
  readonly f_favail?: number | bigint;
  readonly f_flag?: number | bigint;
}

const readOnlyFlag = 1;

/** What a failed request means to who copies from or to `path`, which is shown as it is given. */
export function transferError(error: unknown, path: string): ScoutError {
  if (error instanceof ScoutError && error.code !== 'connection_lost') return error;
  const shown = showPath(path);
  switch (statusOf(error)) {
    case undefined:
      return new ScoutError(
        'connection_lost',
        `the connection was lost while ${shown} was copied`,
        'Call again: a new connection is made by itself.',
        error,
      );
    case sftpStatus.noSuchFile:
      return new ScoutError(
        'path_not_found',
        `${shown} does not exist, or the directory that it would be in`,
        'List the directory above it; scout_beam makes no directory above its target.',
        error,
      );
    case sftpStatus.permissionDenied:
      return new ScoutError(
        'permission_denied',
        `the remote account may not access ${shown}`,
        'Use a path that the account may use, or a host entry with another user.',
        error,
      );
    default:
      return failed(
        `the SFTP server refused to go on at ${shown}`,
        'Look at its file system and quota.',
        error,
      );
  }
}

/** The same for a write: SFTP version 3 has one status for a full disk, a read-only file system and a quota. */
export async function writeError(
  lane: Lane,
  error: unknown,
  path: string,
  directory: string,
): Promise<ScoutError> {
  if (statusOf(error) !== sftpStatus.failure) return transferError(error, path);
  const shown = showPath(path);
  const system = await fileSystem(lane, directory);
  if (system && (Number(system.f_flag ?? 0) & readOnlyFlag) !== 0)
    return failed(`${shown} is on a file system that is read-only`, 'Choose another place.', error);
  if (system && (Number(system.f_bavail ?? 1) === 0 || Number(system.f_favail ?? 1) === 0))
    return failed(`the file system of ${shown} is full`, 'Make room there and call again.', error);
  return failed(
    `${shown} could not be written: the file system may have too little room, or the account a quota`,
    'Make room there and call again, or choose another place.',
    error,
  );
}

async function fileSystem(lane: Lane, directory: string): Promise<FileSystem | undefined> {
  if (!lane.offers('statvfs@openssh.com')) return undefined;
  try {
    return (await lane.statvfs(directory)) as FileSystem; // ssh2 gives the fields of statvfs(2)
  } catch {
    return undefined; // the first error is the one to tell
  }
}

function failed(message: string, fix: string, cause: unknown): ScoutError {
  return new ScoutError('transfer_failed', message, fix, cause);
}
