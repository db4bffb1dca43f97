import { ScoutError } from '../../errors.ts';
import { commandText } from '../../policy/command-text.ts';
import { toRemoteLine } from '../../remote-text.ts';
import type { Machine, Round } from '../ask/machine.ts';
import type { Questions } from '../ask/questions.ts';
import { fileError, unpackerMissing } from './file-error.ts';
import { clockQuestion, readClock } from './host-clock.ts';
import { type Clock, lineTime } from './line-time.ts';
import { type HostLog, type LogLine, linesOfReply, partNote, placesOf } from './log-line.ts';
import { firstLine, newestLines } from './newest-lines.ts';
import { type HostLogRequest, shellPath } from './request.ts';
import { packingOf, type Rotated, rotatedOf, rotatedWords } from './rotated.ts';

/** Older files that are gone through for one answer. */
const mostOlder = 12;
/** What zcat(1) says of a file that it cannot read to its end; that nobody reads on is none of it. */
const damaged = /^\S*(?:gzip|zcat): (?!.*(?:broken pipe|not found))/im;
/** What every POSIX shell says where there is no zcat(1). */
const noUnpacker = /\bzcat: .*not found/im;

/**
 * The newest lines of a log file, and where it has too few of the files that it was rotated to: at most `bytes`.
 * `filter` is an extended regular expression of ours that lines must match as well. Throws ScoutError
 * `path_not_found`, `permission_denied`, `unsupported_file`, `not_available`, `path_denied`, and as `Machine.ask`.
 */
export async function readFileLog(
  anywhere: Machine,
  path: string,
  request: HostLogRequest,
  bytes: number,
  filter?: string,
): Promise<HostLog> {
  const shell = shellPath(path);
  const machine = shell.startsWith('/') ? anywhere : inHome(anywhere);
  const isCompressed = packingOf(path) !== undefined;
  const round = await machine.ask({
    lines: newestLines(shell, isCompressed, request, bytes, filter),
    first: firstLine(shell, isCompressed),
    there: commandText(['ls', '-d', '--', shell]),
    rotated: commandText(rotatedWords(shell)),
    clock: clockQuestion,
  });
  if (!round.replies.lines?.ok) throw fileError(machine.host, path, round);
  if (isCompressed && noUnpacker.test(round.complaints)) throw unpackerMissing(machine.host, path);
  const clock = readClock(round.replies.clock, round);
  const newest = linesOfReply(round.replies.lines, bytes);
  const gathering: Gathering = {
    lines: timed(newest.lines, clock),
    isCut: newest.isCut,
    files: [toRemoteLine(path)],
    notes: [
      ...(newest.isPart ? [partNote] : []),
      ...(damaged.test(round.complaints) ? [`${toRemoteLine(path)} is damaged`] : []),
    ],
  };
  const isEnough = (beginsWith: string | undefined) =>
    gathering.isCut ||
    gathering.lines.length >= request.limit ||
    reaches(request.sinceMs, gathering.lines, beginsWith, clock);
  if (!isEnough(round.replies.first?.text)) {
    const older = rotatedOf(shell, round.replies.rotated?.text ?? '');
    await readOlder(machine, older, request, bytes, clock, gathering, isEnough, filter);
  }
  return { ...finished(gathering, request), aheadMs: clock.aheadMs };
}

/** Where there is no home, `./x` is not to be `/x`. */
function inHome(machine: Machine): Machine {
  return { ...machine, ask: (questions) => machine.ask(questions, '~') };
}

interface Gathering {
  lines: readonly LogLine[];
  isCut: boolean;
  readonly files: string[];
  readonly notes: string[];
}

/** One file a round, the newest first, until there is enough. */
async function readOlder(
  machine: Machine,
  older: readonly Rotated[],
  request: HostLogRequest,
  bytes: number,
  clock: Clock,
  gathering: Gathering,
  isEnough: (beginsWith: string | undefined) => boolean,
  filter?: string,
): Promise<void> {
  for (const [index, { path, isCompressed, isReadable }] of older.entries()) {
    const name = path.slice(path.lastIndexOf('/') + 1);
    if (!isReadable || index === mostOlder) {
      gathering.notes.push(`${toRemoteLine(name)} and older not read${isReadable ? '' : ': only gzip is'}`);
      return;
    }
    const round = await asked(machine, {
      lines: newestLines(path, isCompressed, request, bytes, filter),
      first: firstLine(path, isCompressed),
    });
    const { replies, complaints } = round ?? {};
    if (!replies?.lines?.ok || (isCompressed && noUnpacker.test(complaints ?? ''))) {
      gathering.notes.push(`${toRemoteLine(name)} and older could not be read`);
      return;
    }
    if (damaged.test(complaints ?? '')) gathering.notes.push(`${toRemoteLine(name)} is damaged`);
    const { lines, isCut, isPart } = linesOfReply(replies.lines, bytes);
    if (isPart) gathering.notes.push(partNote);
    gathering.lines = [...timed(lines, clock), ...gathering.lines];
    gathering.isCut = isCut;
    gathering.files.push(name);
    if (isEnough(replies.first?.text)) return;
  }
}

/** Undefined where there was no time left, or it is denied: what was read before is an answer too. */
async function asked<Name extends string>(
  machine: Machine,
  questions: Questions<Name>,
): Promise<Round<Name> | undefined> {
  try {
    return await machine.ask(questions);
  } catch (thrown) {
    if (thrown instanceof ScoutError && ['command_timeout', 'path_denied'].includes(thrown.code))
      return undefined;
    throw thrown;
  }
}

function timed(lines: readonly string[], clock: Clock): readonly LogLine[] {
  return lines.map((text) => ({ text, atMs: lineTime(text, clock) }));
}

/** Whether what was read, or the file that it is from, begins before the time that was asked for. */
function reaches(
  sinceMs: number | undefined,
  lines: readonly LogLine[],
  beginsWith: string | undefined,
  clock: Clock,
): boolean {
  if (sinceMs === undefined) return false;
  const firstMs = beginsWith === undefined ? undefined : lineTime(beginsWith, clock);
  return [firstMs, ...lines.map(({ atMs }) => atMs)].some((atMs) => atMs !== undefined && atMs < sinceMs);
}

function finished(
  { lines, isCut, files, notes }: Gathering,
  { limit, sinceMs, cutNote }: HostLogRequest,
): HostLog {
  const isDated = lines.some(({ atMs }) => atMs !== undefined);
  const places = placesOf(lines);
  const since = sinceMs !== undefined && isDated ? sinceMs : Number.NEGATIVE_INFINITY;
  const [path = '', ...older] = files;
  return {
    from: older.length === 0 ? path : `${path} and ${older.join(', ')}`,
    lines: lines.filter((_, at) => (places[at] ?? 0) >= since).slice(-limit),
    notes: [
      ...(sinceMs !== undefined && lines.length > 0 && !isDated
        ? ['since was not applied: no time is recognised in these lines']
        : []),
      ...(isCut ? [cutNote] : []),
      ...notes,
    ],
  };
}
