import { commandText } from '../../policy/command-text.ts';
import type { Machine } from '../ask/machine.ts';
import { dockerError } from './docker-errors.ts';
import { at, flagAt, linesOf, mostRows, numberAt, parseJson, stringAt } from './untrusted.ts';

/** A container as `docker ps` lists it, and what only `docker inspect` knows of it. */
export interface Container {
  readonly id: string;
  readonly name: string;
  readonly image: string;
  /** `running`, `exited`, `restarting`, … */
  readonly state: string;
  readonly ports: string;
  readonly project?: string | undefined;
  readonly service?: string | undefined;
  readonly detail?: ContainerState | undefined;
}

/** Why it is as it is; times are as Docker writes them (RFC 3339). */
export interface ContainerState {
  readonly startedAt?: string | undefined;
  readonly finishedAt?: string | undefined;
  readonly exitCode?: number | undefined;
  readonly oomKilled: boolean;
  readonly error?: string | undefined;
  readonly health?: string | undefined;
  readonly failingStreak?: number | undefined;
  readonly restarts?: number | undefined;
  readonly restartPolicy?: string | undefined;
}

export interface Containers {
  readonly what: 'docker';
  readonly containers: readonly Container[];
  /** How many there are; more than are listed where there are very many. */
  readonly total: number;
  /** Lines that could not be read. */
  readonly unread: number;
}

/** One JSON object a line, of fields that every version has since 2016; `.State` came with 20.10. */
export const listFormat =
  '{"id":{{json .ID}},"name":{{json .Names}},"image":{{json .Image}},"status":{{json .Status}},"ports":{{json .Ports}},' +
  '"project":{{json (.Label "com.docker.compose.project")}},"service":{{json (.Label "com.docker.compose.service")}},' +
  '"files":{{json (.Label "com.docker.compose.project.config_files")}},"dir":{{json (.Label "com.docker.compose.project.working_dir")}}}';

/** No part of it can hold the environment: the policy looks at that. */
const stateFormat =
  '{"id":{{json .Id}},"state":{{json .State}},"restarts":{{json .RestartCount}},"policy":{{json .HostConfig.RestartPolicy.Name}}}';

/** Two rounds: which containers there are, and the state of each. Throws as `dockerError`. */
export async function lookAtDocker(machine: Machine): Promise<Containers> {
  const listed = await listContainers(machine);
  return { what: 'docker', ...listed, containers: await withStates(machine, listed.containers) };
}

/** A container with what its labels say of the compose project that it belongs to. */
export interface ListedContainer extends Container {
  readonly files: string;
  readonly directory: string;
}

export async function listContainers(machine: Machine): Promise<{
  readonly containers: readonly ListedContainer[];
  readonly total: number;
  readonly unread: number;
}> {
  const { replies, complaints, stopped } = await machine.ask({
    list: commandText(['docker', 'ps', '-a', '--no-trunc', '--format', listFormat]),
  });
  const { list } = replies;
  if (!list && stopped) throw stopped;
  if (!list?.ok) throw dockerError(machine.host, complaints);
  const lines = linesOf(list.text).filter((line) => line.startsWith('{'));
  const containers = lines.flatMap(parseListed);
  return {
    containers: containers.slice(0, mostRows),
    total: lines.length,
    unread: lines.length - containers.length + (list.isWhole ? 0 : 1),
  };
}

/** What is gone since it was listed has no state, and docker says so with status 1. */
export async function withStates<One extends Container>(
  machine: Machine,
  containers: readonly One[],
): Promise<readonly One[]> {
  const ids = containers.map(({ id }) => id).filter((id) => /^[0-9a-f]{12,64}$/.test(id));
  if (ids.length === 0) return containers;
  const asked = ids.slice(0, mostInspected).map((id) => id.slice(0, 20)); // a beginning that no two share
  const { replies } = await machine.ask({
    states: commandText(['docker', 'inspect', '--type=container', '-f', stateFormat, '--', ...asked]),
  });
  const states = new Map(linesOf(replies.states?.text ?? '').flatMap(parseState));
  return containers.map((one) => ({ ...one, detail: states.get(one.id) }));
}

/** The words of one command are bounded by the policy. */
const mostInspected = 400;

function parseListed(line: string): readonly ListedContainer[] {
  const value = parseJson(line);
  const [id, name] = [stringAt(value, 'id'), stringAt(value, 'name')];
  if (id === undefined || name === undefined) return [];
  return [
    {
      id,
      name,
      image: stringAt(value, 'image') ?? '',
      state: stateOf(stringAt(value, 'status') ?? ''),
      ports: stringAt(value, 'ports') ?? '',
      project: stringAt(value, 'project') || undefined,
      service: stringAt(value, 'service') || undefined,
      files: stringAt(value, 'files') ?? '',
      directory: stringAt(value, 'dir') ?? '',
    },
  ];
}

/** The state in Docker's own words, from `Up 2 hours (healthy)`, `Exited (1) 3 seconds ago`, `Up 1 hour (Paused)`. */
function stateOf(status: string): string {
  if (/\(Paused\)/.test(status)) return 'paused';
  const [word = ''] = status.split(' ');
  return word === 'Up' ? 'running' : word.toLowerCase();
}

function parseState(line: string): readonly (readonly [string, ContainerState])[] {
  const value = parseJson(line);
  const id = stringAt(value, 'id');
  return id === undefined ? [] : [[id, readState(at(value, 'state'), value, ['restarts'], ['policy'])]];
}

/** `.State` of `docker inspect`, and where the restarts and their policy stand beside it. */
export function readState(
  state: unknown,
  beside: unknown,
  restarts: readonly string[],
  policy: readonly string[],
): ContainerState {
  const isRunning = flagAt(state, 'Running');
  const finishedAt = timeAt(state, 'FinishedAt');
  return {
    startedAt: timeAt(state, 'StartedAt'),
    finishedAt,
    // what it ended with the last time: of one that runs and never ended there is none
    exitCode: isRunning && finishedAt === undefined ? undefined : numberAt(state, 'ExitCode'),
    oomKilled: flagAt(state, 'OOMKilled'),
    error: stringAt(state, 'Error') || undefined,
    health: stringAt(state, 'Health', 'Status'),
    failingStreak: numberAt(state, 'Health', 'FailingStreak'),
    restarts: numberAt(beside, ...restarts),
    restartPolicy: stringAt(beside, ...policy) || undefined,
  };
}

/** Docker writes year 1 for never; of the fraction of a second nobody asked. */
export function timeAt(value: unknown, ...keys: readonly string[]): string | undefined {
  const time = stringAt(value, ...keys);
  if (time === undefined || time.startsWith('0001-')) return undefined;
  return time.replace(/\.\d+/, '');
}
