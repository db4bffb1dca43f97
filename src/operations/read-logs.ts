import type { Call } from '../call.ts';
import type { Context } from '../context.ts';
import { ScoutError } from '../errors.ts';
import { type Machine, machinesOf } from './ask/machine.ts';
import { fanOut } from './fan-out.ts';
import { type FailureGroup, type Group, groupEqual, groupFailures } from './group.ts';
import { readContainer, readProject } from './logs/containers.ts';
import { readFileLog } from './logs/files.ts';
import { readJournal } from './logs/journal.ts';
import { type HostLog, Unread } from './logs/log-line.ts';
import { type MergedLog, mergeLogs } from './logs/merge.ts';
import { type HostLogRequest, type LogsInput, readRequest } from './logs/request.ts';
import { readSystem } from './logs/system.ts';

/** Of one host; what it shows on a page is far less. */
const mostBytes = 512 * 1024;

export interface LogsData {
  readonly groups: readonly Group<HostLog>[];
  /** All lines in one stream, where that was asked for; then there are no groups. */
  readonly merged?: MergedLog | undefined;
  readonly failures: readonly FailureGroup[];
}

/**
 * The newest lines of a log on every host of `hosts`. Throws ScoutError `invalid_argument`, `path_denied`,
 * `unknown_host`; what fails on a host is in `failures`.
 */
export async function readLogs(context: Context, input: LogsInput, call: Call): Promise<LogsData> {
  const request = readRequest(context.config, input, Date.now());
  const machine = machinesOf(context);
  const hosts = await context.hosts.select(input.hosts);
  const outcomes = await fanOut(
    context,
    call,
    hosts,
    (host, share) => {
      const { bytes, cutNote } = boundOf(context, share.bytes);
      return readInTime(machine(host, share), { ...request, cutNote }, bytes);
    },
    // every round of questions says in the audit log what it does
    { actions: () => [], outcomes: () => [] },
  );
  const read = outcomes.flatMap((outcome) => ('value' in outcome ? [outcome] : []));
  const failures = groupFailures(outcomes.flatMap((outcome) => ('error' in outcome ? [outcome] : [])));
  if (input.merge && read.length > 0) return { groups: [], merged: mergeLogs(read, request.limit), failures };
  const groups = groupEqual(read, ({ from, notes, lines }) => [
    from,
    ...notes,
    '',
    ...lines.map(({ text }) => text),
  ]);
  return { groups, failures };
}

/** How much of a log is read, and what is said where that was not all of it. */
function boundOf(
  { config }: Context,
  shareBytes: number,
): { readonly bytes: number; readonly cutNote: string } {
  const { maxFileSizeBytes } = config;
  // the answers to the other questions of a round need some room too
  const bytes = Math.min(mostBytes, maxFileSizeBytes, Math.floor(shareBytes / 3));
  const setting = bytes === maxFileSizeBytes ? 'SCOUT_MAX_FILE_SIZE' : 'SCOUT_MAX_OUTPUT_SIZE';
  const note = 'older lines left out: too many bytes';
  return { bytes, cutNote: bytes < mostBytes ? `${note} (${setting})` : note };
}

/** Where all of a log was looked through in vain, the way out is to look through less of it. */
async function readInTime(machine: Machine, request: HostLogRequest, bytes: number): Promise<HostLog> {
  try {
    return await readLog(machine, request, bytes);
  } catch (thrown) {
    const isLong = thrown instanceof ScoutError && thrown.code === 'command_timeout';
    if (!isLong || request.sinceMs !== undefined) throw thrown;
    throw new ScoutError(
      thrown.code,
      thrown.message,
      'Give since, such as 2h, so that less is looked through.',
    );
  }
}

async function readLog(machine: Machine, request: HostLogRequest, bytes: number): Promise<HostLog> {
  const { source } = request;
  switch (source.kind) {
    case 'system':
      return await readSystem(machine, request, bytes);
    case 'journal': {
      const journal = await readJournal(machine, request, bytes);
      if (journal instanceof Unread) throw journal.error;
      return journal;
    }
    case 'docker':
      return await readContainer(machine, source.container, request, bytes);
    case 'compose':
      return await readProject(machine, source, request, bytes);
    case 'file':
      return await readFileLog(machine, source.path, request, bytes);
  }
}
