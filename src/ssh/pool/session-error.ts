import { ScoutError } from '../../errors.ts';
import { formatDuration } from '../../units.ts';

/** A shell whose start-up files take longer than `limitMs`. */
export function shellTooSlow(host: string, limitMs: number): ScoutError {
  return new ScoutError(
    'no_shell',
    `the shell of ${host} was not ready within ${formatDuration(limitMs)}`,
    'Look at what its start-up files (.bashrc and their kind) wait for.',
  );
}

/** What waits on a connection that is gone is told so. */
export function sessionLost(host: string): ScoutError {
  return new ScoutError(
    'connection_lost',
    `the connection to ${host} was lost`,
    'Call again: a new connection is made by itself.',
  );
}

/** An account that can neither run a command nor hand out a file, and why not. */
export function noDoor(
  host: string,
  shell: ScoutError | undefined,
  sftp: ScoutError | undefined,
): ScoutError {
  const reasons = [shell, sftp].flatMap((error) => error?.message ?? []).join('; ');
  return new ScoutError(
    'no_shell',
    `${host} gives this account neither a shell nor SFTP (${reasons})`,
    'Give the account a login shell, or `ForceCommand internal-sftp` in sshd_config.',
    shell ?? sftp,
  );
}

/** A server that opens no session channel at all. */
export function noSession(host: string, cause: ScoutError): ScoutError {
  return new ScoutError('no_shell', `${host} refuses every session`, 'Raise MaxSessions of its sshd.', cause);
}
