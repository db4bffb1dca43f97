import type { Call } from '../call.ts';
import type { Context } from '../context.ts';
import { ScoutError } from '../errors.ts';
import { type Machine, machinesOf } from './ask/machine.ts';
import { fanOut } from './fan-out.ts';
import { type FailureGroup, type Group, groupEqual, groupFailures } from './group.ts';
import { lookAtCompose, lookAtProject, type ProjectDetail, type Projects } from './inspect/compose.ts';
import { type Containers, lookAtDocker } from './inspect/docker.ts';
import { type ContainerDetail, lookAtContainer } from './inspect/docker-container.ts';
import { lookAtNetwork, type Network } from './inspect/network.ts';
import { lookOver, type Overview } from './inspect/overview.ts';
import { lookAtProcesses, type Processes } from './inspect/processes.ts';
import { lookAtServices, type Services } from './inspect/services.ts';
import { lookAtStorage, type Storage } from './inspect/storage.ts';
import { lookAtUnits, type UnitsByName } from './inspect/units-by-name.ts';
import {
  type Datasets,
  lookAtDatasets,
  lookAtPool,
  lookAtPools,
  lookAtSnapshots,
  type OnePool,
  type Pools,
  type Snapshots,
} from './inspect/zfs.ts';

export const subjects = [
  'overview',
  'docker',
  'compose',
  'zfs',
  'services',
  'storage',
  'network',
  'processes',
] as const;

export interface InspectInput {
  readonly hosts: string;
  readonly what: (typeof subjects)[number];
  /** A container, a compose project, a pool (`POOL/datasets`, `snapshots`), a unit, a process: by `what`. */
  readonly name?: string | undefined;
}

/** What was found out, by the `what` it carries; texts in it are as they came and must be cleaned to be shown. */
export type Facts =
  | Overview
  | Containers
  | ContainerDetail
  | Projects
  | ProjectDetail
  | Pools
  | OnePool
  | Datasets
  | Snapshots
  | Services
  | UnitsByName
  | Storage
  | Network
  | Processes;

export interface Inspection {
  readonly facts: Facts;
  /** Why a part of it is missing: `command_timeout` or `output_limit`. */
  readonly stopped?: ScoutError | undefined;
}

export interface InspectData {
  readonly groups: readonly Group<Inspection>[];
  readonly failures: readonly FailureGroup[];
}

/**
 * Facts about every host of `hosts`; hosts of which all is the same are one group. Throws ScoutError
 * `unknown_host` and `invalid_argument`; what fails on a host is in `failures`.
 */
export async function inspectHosts(context: Context, input: InspectInput, call: Call): Promise<InspectData> {
  const { what, name } = input;
  if (name !== undefined && nameless.includes(what)) {
    throw new ScoutError('invalid_argument', `what ${what} takes no name`, 'Leave name out.');
  }
  const machine = machinesOf(context);
  const hosts = await context.hosts.select(input.hosts);
  const outcomes = await fanOut(
    context,
    call,
    hosts,
    async (host, share) => await inspectOne(machine(host, share), what, name),
    // every round of questions says in the audit log what it does
    { actions: () => [], outcomes: () => [] },
  );
  const found = outcomes.flatMap((outcome) => ('value' in outcome ? [outcome] : []));
  const failed = outcomes.flatMap((outcome) => ('error' in outcome ? [outcome] : []));
  return {
    groups: groupEqual(found, ({ facts, stopped }) => [JSON.stringify(facts), stopped?.code ?? '']),
    failures: groupFailures(failed),
  };
}

const nameless: readonly InspectInput['what'][] = ['overview', 'storage', 'network'];

async function inspectOne(
  machine: Machine,
  what: InspectInput['what'],
  name: string | undefined,
): Promise<Inspection> {
  if (what === 'overview') return await lookOver(machine);
  if (what === 'storage') return await lookAtStorage(machine);
  return { facts: await lookAt(machine, what, name) };
}

async function lookAt(
  machine: Machine,
  what: Exclude<InspectInput['what'], 'overview' | 'storage'>,
  name: string | undefined,
): Promise<Facts> {
  if (what === 'processes') return await lookAtProcesses(machine, name);
  if (what === 'network') return await lookAtNetwork(machine);
  if (what === 'zfs') return await lookAtZfs(machine, name);
  if (what === 'docker') {
    return name === undefined ? await lookAtDocker(machine) : await lookAtContainer(machine, name);
  }
  if (what === 'compose') {
    return name === undefined ? await lookAtCompose(machine) : await lookAtProject(machine, name);
  }
  return name === undefined ? await lookAtServices(machine) : await lookAtUnits(machine, name);
}

/** The names are those of the resources: `zfs://HOST/POOL`, `zfs://HOST/POOL/datasets`, `zfs://HOST/snapshots`. */
async function lookAtZfs(machine: Machine, name: string | undefined): Promise<Facts> {
  if (name === undefined) return await lookAtPools(machine);
  if (name === 'snapshots') return await lookAtSnapshots(machine);
  if (name.endsWith('/datasets')) return await lookAtDatasets(machine, name.slice(0, -'/datasets'.length));
  return await lookAtPool(machine, name);
}
