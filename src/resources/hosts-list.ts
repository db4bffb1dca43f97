import type { Resource } from '../define.ts';
import { formatHosts } from '../format/format-hosts.ts';
import { listHosts } from '../operations/list-hosts.ts';

export const hostsList: Resource = {
  uri: 'hosts://list',
  name: 'hosts',
  title: 'Hosts',
  description: 'The hosts of the ssh configuration, as scout_hosts lists them',
  mimeType: 'text/plain',
  read: async (context, _variables, call) => formatHosts(await listHosts(context, {}, call), context),
};
