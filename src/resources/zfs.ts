import type { Call } from '../call.ts';
import type { Context } from '../context.ts';
import type { Report, Resource } from '../define.ts';
import { formatInspect } from '../format/format-inspect.ts';
import { inspectHosts } from '../operations/inspect-hosts.ts';
import { completeVariables } from './complete-variables.ts';

export const zfsHost: Resource = {
  uri: 'zfs://{host}',
  name: 'zfs',
  title: 'ZFS pools of a host',
  description: 'As scout_inspect shows what zfs',
  mimeType: 'text/plain',
  complete: completeVariables,
  read: async (context, { host = '' }, call) => await read(context, host, undefined, call),
};

/** Listed before the template of a pool, which would match it too: a pool called `snapshots` has no resource. */
export const zfsSnapshots: Resource = {
  uri: 'zfs://{host}/snapshots',
  name: 'zfs-snapshots',
  title: 'The newest snapshots of a host',
  description: 'As scout_inspect shows what zfs and the name snapshots',
  mimeType: 'text/plain',
  complete: completeVariables,
  read: async (context, { host = '' }, call) => await read(context, host, 'snapshots', call),
};

export const zfsPool: Resource = {
  uri: 'zfs://{host}/{pool}',
  name: 'zfs-pool',
  title: 'A ZFS pool and its devices',
  description: 'As scout_inspect shows what zfs and its name',
  mimeType: 'text/plain',
  complete: completeVariables,
  read: async (context, { host = '', pool = '' }, call) => await read(context, host, pool, call),
};

export const zfsDatasets: Resource = {
  uri: 'zfs://{host}/{pool}/datasets',
  name: 'zfs-datasets',
  title: 'The data sets of a ZFS pool',
  description: 'As scout_inspect shows what zfs and the name POOL/datasets',
  mimeType: 'text/plain',
  complete: completeVariables,
  read: async (context, { host = '', pool = '' }, call) =>
    await read(context, host, `${pool}/datasets`, call),
};

async function read(context: Context, hosts: string, name: string | undefined, call: Call): Promise<Report> {
  return formatInspect(await inspectHosts(context, { hosts, what: 'zfs', name }, call), context);
}
