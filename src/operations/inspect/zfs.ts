import { commandText } from '../../policy/command-text.ts';
import type { Machine } from '../ask/machine.ts';
import { linesOf, mostRows, toNumber } from './untrusted.ts';
import { zfsError } from './zfs-errors.ts';
import { type PoolStatus, parsePoolStatus } from './zpool-status.ts';

export interface Pool {
  readonly pool: string;
  readonly sizeBytes?: number | undefined;
  readonly allocatedBytes?: number | undefined;
  readonly freeBytes?: number | undefined;
  readonly usedPercent?: number | undefined;
  readonly fragmentedPercent?: number | undefined;
  /** `ONLINE`, `DEGRADED`, `FAULTED`, … */
  readonly health: string;
  readonly status?: PoolStatus | undefined;
}

export interface Pools {
  readonly what: 'zfs';
  readonly pools: readonly Pool[];
}

export interface OnePool {
  readonly what: 'pool';
  readonly pool: Pool;
}

export interface Dataset {
  readonly dataset: string;
  readonly type: string;
  readonly usedBytes?: number | undefined;
  readonly availableBytes?: number | undefined;
  readonly referencedBytes?: number | undefined;
  readonly compression: string;
  readonly mount: string;
}

export interface Datasets {
  readonly what: 'datasets';
  readonly pool: string;
  readonly datasets: readonly Dataset[];
  readonly total: number;
}

export interface Snapshots {
  readonly what: 'snapshots';
  /** The newest first. */
  readonly snapshots: readonly {
    readonly snapshot: string;
    readonly createdS?: number | undefined;
    readonly usedBytes?: number | undefined;
    readonly referencedBytes?: number | undefined;
  }[];
}

/** So many of the newest snapshots are shown. */
const newestSnapshots = 50;

const list = ['zpool', 'list', '-H', '-p', '-o', 'name,size,allocated,free,capacity,fragmentation,health'];

/** All pools, each with what its status says. Throws as `zfsError`. */
export async function lookAtPools(machine: Machine): Promise<Pools> {
  return { what: 'zfs', pools: await askPools(machine) };
}

/** One pool. Throws as `zfsError`. */
export async function lookAtPool(machine: Machine, name: string): Promise<OnePool> {
  const pool = (await askPools(machine, name)).find((one) => one.pool === name);
  if (!pool) throw zfsError(machine.host, 'no such pool', name);
  return { what: 'pool', pool };
}

async function askPools(machine: Machine, name?: string): Promise<readonly Pool[]> {
  const pool = name === undefined ? [] : ['--', name];
  const { replies, complaints, stopped } = await machine.ask({
    status: commandText(['zpool', 'status', '-v', ...pool]),
    list: commandText([...list, ...pool]),
  });
  if (stopped && !replies.list) throw stopped;
  if (!replies.list?.ok) throw zfsError(machine.host, complaints, name);
  const statuses = new Map(parsePoolStatus(replies.status?.text ?? '').map((one) => [one.pool, one]));
  return parsePools(replies.list.text).map((one) => ({ ...one, status: statuses.get(one.pool) }));
}

/** The data sets of a pool, the largest first. Throws as `zfsError`. */
export async function lookAtDatasets(machine: Machine, pool: string): Promise<Datasets> {
  const columns = 'name,type,used,available,referenced,compressratio,mountpoint';
  const { replies, complaints, stopped } = await machine.ask({
    datasets: commandText([
      'zfs',
      'list',
      '-H',
      '-p',
      '-r',
      '-t',
      'filesystem,volume',
      '-o',
      columns,
      '--',
      pool,
    ]),
  });
  if (stopped && !replies.datasets) throw stopped;
  if (!replies.datasets?.ok) throw zfsError(machine.host, complaints, pool);
  const datasets = parseDatasets(replies.datasets.text);
  return { what: 'datasets', pool, datasets: datasets.slice(0, mostRows), total: datasets.length };
}

/** The newest snapshots of all pools. Throws as `zfsError`. */
export async function lookAtSnapshots(machine: Machine): Promise<Snapshots> {
  const { replies, complaints, stopped } = await machine.ask({
    snapshots: `zfs list -H -p -t snapshot -o name,creation,used,referenced -S creation | head -n ${newestSnapshots}`,
  });
  if (stopped && !replies.snapshots) throw stopped;
  const text = replies.snapshots?.text ?? '';
  if (text === '' && complaints.trim() !== '' && !/no datasets available/i.test(complaints))
    throw zfsError(machine.host, complaints);
  return {
    what: 'snapshots',
    snapshots: rowsOf(text, 4).map(([snapshot = '', created, used, referenced]) => ({
      snapshot,
      createdS: toNumber(created),
      usedBytes: toNumber(used),
      referencedBytes: toNumber(referenced),
    })),
  };
}

/** `zpool list -Hp`: tabs between, whole numbers; a percentage has its sign in some versions. */
export function parsePools(text: string): readonly Pool[] {
  return rowsOf(text, 7).map(([pool = '', size, allocated, free, capacity, fragmented, health = '']) => ({
    pool,
    sizeBytes: toNumber(size),
    allocatedBytes: toNumber(allocated),
    freeBytes: toNumber(free),
    usedPercent: toNumber(capacity?.replace('%', '')),
    fragmentedPercent: toNumber(fragmented?.replace('%', '')),
    health,
  }));
}

/** `zfs list -Hp`: a ratio has its `x` in some versions. */
export function parseDatasets(text: string): readonly Dataset[] {
  return rowsOf(text, 7)
    .map(([dataset = '', type = '', used, available, referenced, ratio = '', mount = '']) => ({
      dataset,
      type,
      usedBytes: toNumber(used),
      availableBytes: toNumber(available),
      referencedBytes: toNumber(referenced),
      compression: ratio === '' || ratio.endsWith('x') ? ratio : `${ratio}x`,
      mount: mount === '-' ? '' : mount,
    }))
    .sort((a, b) => (b.usedBytes ?? 0) - (a.usedBytes ?? 0));
}

function rowsOf(text: string, columns: number): readonly (readonly string[])[] {
  return linesOf(text)
    .map((line) => line.split('\t'))
    .filter((cells) => cells.length === columns);
}
