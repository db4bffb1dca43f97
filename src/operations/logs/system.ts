import { ScoutError } from '../../errors.ts';
import { commandText } from '../../policy/command-text.ts';
import type { Machine } from '../ask/machine.ts';
import { readFileLog } from './files.ts';
import { journalHint, readJournal } from './journal.ts';
import { type HostLog, Unread } from './log-line.ts';
import { grepWords, pipeline } from './pipeline.ts';
import { type HostLogRequest, severities } from './request.ts';

/** Where syslog daemons write what is not asked for by name: Debian's, and those of Red Hat, Alpine and BusyBox. */
const files = ['/var/log/syslog', '/var/log/messages'];

/** In front of a message BusyBox's syslogd writes `facility.severity`. */
const withSeverity = (names: string) =>
  `^[A-Z][a-z][a-z] [ 0-9][0-9] [0-9:]{8} [^ ]+ [a-z0-9]+\\.(${names}) `;

const passedOver = new Set(['path_not_found', 'permission_denied', 'path_denied', 'unsupported_file']);

/**
 * The log of the system: the journal, else the first syslog file that can be read. Throws ScoutError
 * `permission_denied` or `not_available` where there is neither, `invalid_argument` where a priority is asked for
 * of a file that has none, and as `Machine.ask`.
 */
export async function readSystem(machine: Machine, request: HostLogRequest, bytes: number): Promise<HostLog> {
  const journal = await readJournal(machine, request, bytes);
  if (!(journal instanceof Unread)) return journal;
  const seen: ScoutError[] = [];
  for (const path of files) {
    try {
      const filter =
        request.priority === undefined ? undefined : await severityFilter(machine, path, request.priority);
      const log = await readFileLog(machine, path, request, bytes, filter);
      return { ...log, notes: [why(journal.error), ...log.notes] };
    } catch (thrown) {
      if (!(thrown instanceof ScoutError) || !passedOver.has(thrown.code)) throw thrown;
      seen.push(thrown);
    }
  }
  throw nothing(machine.host, journal.error, seen);
}

function why({ code }: ScoutError): string {
  return code === 'permission_denied' ? 'the account may not read the journal' : 'there is no journal';
}

async function severityFilter(machine: Machine, path: string, priority: number): Promise<string | undefined> {
  const { replies } = await machine.ask({
    // 4 lines of 200 may be the daemon's own
    marked: pipeline(['tail', '-n', '200', '--', path], grepWords(withSeverity('[a-z]+')), ['wc', '-l']),
    there: commandText(['test', '-r', path]),
  });
  if (!replies.there?.ok || Number(replies.marked?.text.trim() ?? 0) > 0)
    return withSeverity(severities.slice(0, priority + 1).join('|'));
  throw new ScoutError(
    'invalid_argument',
    `priority: the lines of ${path} on ${machine.host}, which has no journal to read, carry none`,
    'Use pattern instead, such as (error|fail|crit).',
  );
}

function nothing(host: string, journal: ScoutError, seen: readonly ScoutError[]): ScoutError {
  const said = (path: string, index: number) => {
    const code = seen[index]?.code;
    return `${path} ${code === 'path_not_found' ? 'does not exist' : code === 'path_denied' ? 'is denied' : 'cannot be read'}`;
  };
  const what = [journal.message, ...files.map(said)].join('; ');
  const isForbidden = [journal, ...seen].some(({ code }) => code === 'permission_denied');
  if (isForbidden) return new ScoutError('permission_denied', `no log of the system: ${what}`, journalHint);
  return new ScoutError(
    'not_available',
    `${host} shows no log of the system: ${what}`,
    'Use file:PATH; scout_find with the target HOST:/var/log and type file shows what there is.',
  );
}
