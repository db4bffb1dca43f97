import type { Resource } from '../define.ts';
import { formatInspect } from '../format/format-inspect.ts';
import { inspectHosts } from '../operations/inspect-hosts.ts';
import { completeHosts } from './complete-hosts.ts';

export const dockerHost: Resource = {
  uri: 'docker://{host}',
  name: 'docker',
  title: 'Containers of a host',
  description: 'As scout_inspect shows what docker',
  mimeType: 'text/plain',
  complete: completeHosts,
  read: async (context, { host = '' }, call) =>
    formatInspect(await inspectHosts(context, { hosts: host, what: 'docker' }, call), context),
};
