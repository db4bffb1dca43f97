import { ScoutError } from '../../errors.ts';
import { commandText } from '../../policy/command-text.ts';
import type { Machine } from '../ask/machine.ts';
import type { Reply } from '../ask/questions.ts';
import { dockerError, noContainer } from '../inspect/docker-errors.ts';
import { clockQuestion, readClock } from './host-clock.ts';
import { type HostLog, inOrder, type LogLine, linesOfReply, partNote } from './log-line.ts';
import { behindPrefix, grepWords, mostSearched, pipeline, searchedNote } from './pipeline.ts';
import type { HostLogRequest, LogRequest } from './request.ts';

/** A time as docker prints it in front of every line; its own complaints begin with no digit. */
const stamp = '[0-9]{4}-[0-9-]+T[0-9:.]+Z ';
/** Containers of one compose project that one answer reads. */
const mostContainers = 20;

/** The newest lines of a container. Throws as `dockerError`, and ScoutError `not_available` where there is none. */
export async function readContainer(
  machine: Machine,
  container: string,
  request: HostLogRequest,
  bytes: number,
): Promise<HostLog> {
  const round = await machine.ask({ lines: logCommand(container, request, bytes), clock: clockQuestion });
  const { replies, complaints, stopped } = round;
  if (!replies.lines) throw stopped ?? dockerError(machine.host, complaints);
  const { lines, notes, said } = readStamped(replies.lines, request, bytes);
  if (lines.length === 0) refuseComplaints(machine.host, container, `${complaints}\n${said}`);
  return {
    from: `container ${container}`,
    lines: inOrder(lines),
    notes,
    aheadMs: readClock(replies.clock, round).aheadMs,
  };
}

/** The newest lines of all containers of a compose project, or of one service in it, each with its service. */
export async function readProject(
  machine: Machine,
  { project, service }: { readonly project: string; readonly service?: string | undefined },
  request: HostLogRequest,
  bytes: number,
): Promise<HostLog> {
  const { containers, isMore } = await containersOf(machine, project, service);
  const shareBytes = Math.floor(bytes / containers.length);
  const questions = containers.map(
    ({ name }, at) => [`c${at}`, logCommand(name, request, shareBytes)] as const,
  );
  const round = await machine.ask<string>({ ...Object.fromEntries(questions), clock: clockQuestion });
  const { replies, stopped } = round;
  if (!replies.c0 && stopped) throw stopped;
  const isReplica = (one: Listed) => containers.filter((other) => other.service === one.service).length > 1;
  const read = containers.map((one, at) => {
    const reply = readStamped(replies[`c${at}`], request, shareBytes);
    const label = isReplica(one) ? one.name : one.service;
    return {
      ...reply,
      name: one.name,
      lines: reply.lines.map((line) => ({ ...line, text: labelled(line.text, label) })),
      isMissing: replies[`c${at}`] === undefined,
    };
  });
  const unread = read.filter(
    ({ lines, said, isMissing }) => isMissing || (lines.length === 0 && said !== ''),
  );
  const [first] = unread;
  if (first && unread.length === read.length)
    refuseComplaints(machine.host, first.name, `${round.complaints}\n${first.said}`);
  return {
    from: `${containers.length} container${containers.length === 1 ? '' : 's'} of ${project}${service === undefined ? '' : `/${service}`}`,
    lines: inOrder(read.flatMap(({ lines }) => lines)).slice(-request.limit),
    notes: [
      ...(isMore ? [`only the first ${mostContainers} containers`] : []),
      ...(unread.length > 0 ? [`not read: ${unread.map(({ name }) => name).join(', ')}`] : []),
      ...new Set(read.flatMap(({ notes }) => notes)),
    ],
    aheadMs: readClock(replies.clock, round).aheadMs,
  };
}

interface Listed {
  readonly name: string;
  readonly service: string;
}

async function containersOf(
  machine: Machine,
  project: string,
  service: string | undefined,
): Promise<{ readonly containers: readonly Listed[]; readonly isMore: boolean }> {
  const label = 'label=com.docker.compose';
  const { replies, complaints, stopped } = await machine.ask({
    list: commandText([
      ...['docker', 'ps', '-a', '--filter', `${label}.project=${project}`],
      ...(service === undefined ? [] : ['--filter', `${label}.service=${service}`]),
      ...['--format', '{{.Names}} {{.Label "com.docker.compose.service"}}'],
    ]),
  });
  if (!replies.list && stopped) throw stopped;
  if (!replies.list?.ok) throw dockerError(machine.host, complaints);
  const listed = replies.list.text.split('\n').flatMap((line) => {
    const [, name, of] = /^([A-Za-z0-9][\w.-]*)(?:,\S*)? ([\w.-]+)$/.exec(line) ?? [];
    return name === undefined || of === undefined ? [] : [{ name, service: of }];
  });
  if (listed.length > 0)
    return { containers: listed.slice(0, mostContainers), isMore: listed.length > mostContainers };
  const what = service === undefined ? `project ${project}` : `service ${service} of project ${project}`;
  throw new ScoutError(
    'not_available',
    `${machine.host} has no container of compose ${what}`,
    'scout_inspect with what compose lists the projects.',
  );
}

/** What docker itself complains of goes the same way as the lines, whatever they are searched for. */
function logCommand(container: string, { limit, sinceMs, pattern }: LogRequest, bytes: number): string {
  const since = sinceMs === undefined ? [] : ['--since', String(Math.floor(sinceMs / 1_000))];
  const most = String(pattern ? mostSearched : limit);
  const logs = commandText(['docker', 'logs', '-t', '-n', most, ...since, '--', container]);
  const cut = ['tail', '-c', String(bytes)];
  const searched = pattern
    ? pipeline(grepWords(behindPrefix(pattern, stamp), '^[^0-9]'), ['tail', '-n', String(limit)], cut)
    : pipeline(cut);
  return `${logs} 2>&1 | ${searched}`;
}

function readStamped(
  printed: Reply | undefined,
  { limit, pattern, cutNote }: HostLogRequest,
  bytes: number,
): { readonly lines: readonly LogLine[]; readonly notes: readonly string[]; readonly said: string } {
  const reply = linesOfReply(printed ?? { text: '', bytes: 0 }, bytes);
  const read = reply.lines.map((line) => {
    if (reply.isPart) return { text: `… ${line}` };
    const [, time, fraction, rest] =
      /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z (.*)$/s.exec(line) ?? [];
    const secondMs = time === undefined ? Number.NaN : Date.parse(`${time}Z`);
    if (Number.isNaN(secondMs)) return line;
    const atMs = secondMs + Number(`0.${fraction ?? 0}`) * 1_000;
    return { atMs, text: `${time}Z ${rest}` };
  });
  const lines = read.flatMap((one) => (typeof one === 'string' ? [] : [one]));
  return {
    lines,
    notes: [
      // where fewer lines match than were asked for, older ones may, which docker was not asked for
      ...(pattern && lines.length < limit ? [searchedNote] : []),
      ...(reply.isCut ? [cutNote] : []),
      ...(reply.isPart ? [partNote] : []),
    ],
    said: read
      .flatMap((one) => (typeof one === 'string' ? [one] : []))
      .join('\n')
      .trim(),
  };
}

/** `TIME SERVICE | TEXT`; `…` stands for a time that was cut off. */
function labelled(text: string, label: string): string {
  const space = text.indexOf(' ');
  return `${text.slice(0, space)} ${label} |${text.slice(space)}`;
}

function refuseComplaints(host: string, container: string, said: string): void {
  if (/No such container/i.test(said)) throw noContainer(host, container);
  if (said.trim() !== '') throw dockerError(host, said);
}
