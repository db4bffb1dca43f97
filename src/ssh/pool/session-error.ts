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
