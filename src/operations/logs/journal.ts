import { ScoutError } from '../../errors.ts';
import { commandText } from '../../policy/command-text.ts';
import type { Machine } from '../ask/machine.ts';
import { clockQuestion, readClock } from './host-clock.ts';
import { parseEntry, parseShortEntry } from './journal-entry.ts';
import { type HostLog, inOrder, partNote, setIn, Unread } from './log-line.ts';
import { grepWords, mostSearched, perlPattern, pipeline, searchedNote } from './pipeline.ts';
import type { HostLogRequest, LogRequest } from './request.ts';

/** What a journalctl can do: older ones, and those of some distributions, lack some of it. */
interface Abilities {
  readonly choosesFields: boolean;
  readonly greps: boolean;
}

export const journalHint =
  'Add the account to the group systemd-journal or adm, which may read all of the journal (a new login is needed).';

/**
 * The newest entries of the journal, or of one unit in it, at most `bytes` of them; `Unread` where there is no
 * journal, or none that this account may read. Rejects as `Machine.ask`.
 */
export async function readJournal(
  machine: Machine,
  request: HostLogRequest,
  bytes: number,
  abilities: Abilities = { choosesFields: true, greps: true },
): Promise<HostLog | Unread> {
  const unit = request.source.kind === 'journal' ? request.source.unit : undefined;
  const round = await machine.ask({
    lines: command(request, unit, bytes, abilities),
    // with -o json it says nothing of what it may not read
    access: commandText(['journalctl', '--no-pager', '-n', '0']),
    clock: clockQuestion,
  });
  const { replies, complaints, stopped } = round;
  if (!replies.lines) throw stopped ?? unreadable(machine.host);
  if (abilities.choosesFields && /(?:unrecogni[sz]ed|unknown) option.*output-fields/i.test(complaints))
    return await readJournal(machine, request, bytes, { ...abilities, choosesFields: false });
  if (
    abilities.greps &&
    /pattern matching support|(?:unrecogni[sz]ed|unknown|invalid) option.*(?:-- 'g'|grep)/i.test(complaints)
  )
    return await readJournal(machine, request, bytes, { ...abilities, greps: false });

  const isGrepped = request.pattern !== undefined && !abilities.greps;
  const parse = isGrepped ? parseShortEntry : parseEntry;
  const lines = replies.lines.text.split('\n').flatMap(parse);
  if (lines.length === 0) {
    const unread = whyUnread(machine.host, complaints);
    if (unread) return unread;
  }
  const isCut = replies.lines.bytes >= bytes;
  const isPart = isCut && lines.length === 0;
  return {
    from: unit === undefined ? 'the journal' : `the journal of ${unit}`,
    lines: isPart
      ? [{ text: `… ${setIn(replies.lines.text)}` }]
      : inOrder(isGrepped ? lines : [...lines].reverse()).slice(-request.limit),
    notes: [
      ...(mayNotSeeAll(complaints)
        ? ['only entries of this account: groups adm and systemd-journal see all']
        : []),
      ...(isGrepped ? [searchedNote] : []),
      ...(isCut ? [request.cutNote] : []),
      ...(isPart ? [partNote] : []),
    ],
    aheadMs: readClock(replies.clock, round).aheadMs,
  };
}

/** Newest first, so that what is cut off at the end is the oldest, and journalctl stops there. */
function command(request: LogRequest, unit: string | undefined, bytes: number, abilities: Abilities): string {
  const { sinceMs, priority, pattern, limit } = request;
  const filters = [
    ...(unit === undefined ? [] : ['-u', unit]),
    ...(sinceMs === undefined ? [] : ['--since', `@${Math.floor(sinceMs / 1_000)}`]),
    ...(priority === undefined ? [] : ['-p', String(priority)]),
  ];
  if (pattern && !abilities.greps) {
    return pipeline(
      ['journalctl', '--no-pager', '-a', '-o', 'short-unix', '-n', String(mostSearched), ...filters],
      grepWords(pattern.source),
      ['tail', '-n', String(limit)],
      ['tail', '-c', String(bytes)],
    );
  }
  const fields = 'MESSAGE,PRIORITY,SYSLOG_IDENTIFIER,_COMM,_PID';
  const journal = ['journalctl', '--no-pager', '-a', '-r', '-o', 'json', '-n', String(limit), ...filters];
  return pipeline(
    [
      ...journal,
      ...(abilities.choosesFields ? [`--output-fields=${fields}`] : []),
      // in lower case alone it would match either case
      ...(pattern ? ['--case-sensitive=yes', '-g', perlPattern(pattern)] : []),
    ],
    ['head', '-c', String(bytes)],
  );
}

function whyUnread(host: string, complaints: string): Unread | undefined {
  if (mayNotSeeAll(complaints)) {
    return new Unread(
      new ScoutError('permission_denied', `the account on ${host} may not read the journal`, journalHint),
    );
  }
  if (/journalctl: (?:command |inaccessible or )?not found|not found: journalctl/.test(complaints))
    return absent(host, 'has no journalctl');
  if (/No journal files were (?:found|opened)/.test(complaints)) return absent(host, 'keeps no journal');
  return complaints.trim() === '' ? undefined : new Unread(unreadable(host));
}

function mayNotSeeAll(complaints: string): boolean {
  return /not seeing messages from other users|insufficient permissions|permission denied/i.test(complaints);
}

function absent(host: string, what: string): Unread {
  const fix =
    'Use source system, or file:PATH; scout_find with the target HOST:/var/log shows what there is.';
  return new Unread(new ScoutError('not_available', `${host} ${what}`, fix));
}

function unreadable(host: string): ScoutError {
  return new ScoutError(
    'not_available',
    `journalctl on ${host} gave no answer that can be read`,
    `Try scout_query with ${commandText(['journalctl', '-n', '5']).replaceAll("'", '')}.`,
  );
}
