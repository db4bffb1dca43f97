import { ScoutError } from '../../errors.ts';
import { pathDenied } from '../../path-denied.ts';
import { toRemoteLine } from '../../remote-text.ts';
import type { Round } from '../ask/machine.ts';

/** The questions about a log file that its error is told from. */
type Names = 'lines' | 'first' | 'there' | 'rotated' | 'clock';

/** Why nothing was read of a log file. */
export function fileError(
  host: string,
  path: string,
  { replies, complaints, stopped, denied }: Round<Names>,
): ScoutError {
  if (denied.includes('lines')) return pathDenied(path);
  if (!replies.lines && stopped) return stopped;
  const of = `${toRemoteLine(path)} on ${host}`;
  if (replies.there?.ok && !/^\S*(?:tail|cat|head|gzip):.*permission denied/im.test(complaints)) {
    const fix = 'Give the path of a log file; scout_read shows what is there.';
    return new ScoutError('unsupported_file', `${of} is no regular file`, fix);
  }
  if (replies.there?.ok || /^\S*ls:.*permission denied/im.test(complaints)) {
    return new ScoutError(
      'permission_denied',
      `the account may not read ${of}`,
      'Add the account to the group that owns the file (often adm); scout_read with its path shows the owner.',
    );
  }
  return new ScoutError(
    'path_not_found',
    `${of} does not exist`,
    'scout_find with the target HOST:/var/log and name *.log shows the log files that there are.',
  );
}

/** The host has no program that unpacks the file. */
export function unpackerMissing(host: string, path: string): ScoutError {
  return new ScoutError(
    'not_available',
    `${host} has no zcat to unpack ${toRemoteLine(path)}`,
    'Read a log that is not compressed, or have gzip installed on the host.',
  );
}
