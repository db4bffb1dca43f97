import { commandText } from '../../policy/command-text.ts';
import type { Machine } from '../ask/machine.ts';
import { type ContainerState, readState, timeAt } from './docker.ts';
import { dockerError, noContainer } from './docker-errors.ts';
import { at, entriesAt, listAt, mostRows, numberAt, parseJson, stringAt } from './untrusted.ts';

/** One container in detail; of its environment the names only. */
export interface ContainerDetail {
  readonly what: 'container';
  readonly id: string;
  readonly name: string;
  readonly image: string;
  readonly state: string;
  readonly detail: ContainerState;
  readonly createdAt?: string | undefined;
  readonly command: string;
  readonly user: string;
  readonly pid?: number | undefined;
  readonly memoryLimitBytes?: number | undefined;
  readonly logDriver: string;
  /** What the newest checks of its health printed, oldest first. */
  readonly healthLog: readonly { readonly exitCode?: number | undefined; readonly output: string }[];
  readonly ports: readonly string[];
  readonly networks: readonly { readonly name: string; readonly address: string }[];
  readonly mounts: readonly string[];
  readonly labels: readonly (readonly [string, string])[];
  readonly environment: readonly string[];
}

/** Throws as `dockerError`, and ScoutError `not_available` where there is no such container. */
export async function lookAtContainer(machine: Machine, name: string): Promise<ContainerDetail> {
  const { replies, complaints, stopped } = await machine.ask({
    whole: commandText(['docker', 'inspect', '--type=container', '--', name]),
  });
  const { whole } = replies;
  if (!whole && stopped) throw stopped;
  if (/no such (?:container|object)/i.test(complaints)) throw noContainer(machine.host, name);
  const found = whole?.ok ? readContainer(whole.text) : undefined;
  if (!found) throw dockerError(machine.host, complaints);
  return found;
}

/** Pure: what `docker inspect` printed, or undefined where that cannot be read. */
export function readContainer(text: string): ContainerDetail | undefined {
  const [value] = listAt({ list: parseJson(text) }, 'list');
  const id = stringAt(value, 'Id');
  if (id === undefined) return undefined;
  return {
    what: 'container',
    id,
    name: (stringAt(value, 'Name') ?? '').replace(/^\//, ''),
    image: stringAt(value, 'Config', 'Image') ?? stringAt(value, 'Image') ?? '',
    state: stringAt(value, 'State', 'Status') ?? 'unknown',
    detail: readState(at(value, 'State'), value, ['RestartCount'], ['HostConfig', 'RestartPolicy', 'Name']),
    createdAt: timeAt(value, 'Created'),
    command: [stringAt(value, 'Path') ?? '', ...strings(listAt(value, 'Args'))].join(' '),
    user: stringAt(value, 'Config', 'User') || 'root',
    pid: numberAt(value, 'State', 'Pid') || undefined,
    memoryLimitBytes: numberAt(value, 'HostConfig', 'Memory') || undefined,
    logDriver: stringAt(value, 'HostConfig', 'LogConfig', 'Type') ?? '',
    healthLog: listAt(value, 'State', 'Health', 'Log')
      .slice(-3)
      .map((check) => ({ exitCode: numberAt(check, 'ExitCode'), output: stringAt(check, 'Output') ?? '' })),
    ports: portsOf(value),
    networks: entriesAt(value, 'NetworkSettings', 'Networks')
      .slice(0, mostRows)
      .map(([name, network]) => ({ name, address: stringAt(network, 'IPAddress') ?? '' })),
    mounts: listAt(value, 'Mounts').slice(0, mostRows).map(mountText),
    labels: entriesAt(value, 'Config', 'Labels')
      .slice(0, mostRows)
      .map(([name, label]) => [name, typeof label === 'string' ? label : '']),
    environment: strings(listAt(value, 'Config', 'Env')).map((one) => one.split('=')[0] ?? ''),
  };
}

/** `0.0.0.0:8080->80/tcp`, and a port that is not published by itself. */
function portsOf(value: unknown): readonly string[] {
  return entriesAt(value, 'NetworkSettings', 'Ports')
    .slice(0, mostRows)
    .flatMap(([port, bindings]) => {
      const bound = listAt({ bindings }, 'bindings');
      if (bound.length === 0) return [port];
      return bound.map(
        (one) => `${stringAt(one, 'HostIp') || '*'}:${stringAt(one, 'HostPort') ?? ''}->${port}`,
      );
    });
}

function mountText(mount: unknown): string {
  const source = stringAt(mount, 'Name') || stringAt(mount, 'Source') || '';
  const access = at(mount, 'RW') === false ? ' (read-only)' : '';
  return `${stringAt(mount, 'Type') ?? ''} ${source} -> ${stringAt(mount, 'Destination') ?? ''}${access}`.trim();
}

function strings(values: readonly unknown[]): readonly string[] {
  return values.slice(0, mostRows).filter((value) => typeof value === 'string');
}
