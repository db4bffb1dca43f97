import type { Resource } from '../define.ts';
import { formatInspect } from '../format/format-inspect.ts';
import { inspectHosts } from '../operations/inspect-hosts.ts';
import { completeVariables } from './complete-variables.ts';

export const composeHost: Resource = {
  uri: 'compose://{host}',
  name: 'compose',
  title: 'Compose projects of a host',
  description: 'As scout_inspect shows what compose',
  mimeType: 'text/plain',
  complete: completeVariables,
  read: async (context, { host = '' }, call) =>
    formatInspect(await inspectHosts(context, { hosts: host, what: 'compose' }, call), context),
};

export const composeProject: Resource = {
  uri: 'compose://{host}/{project}',
  name: 'compose-project',
  title: 'A compose project and its files',
  description: 'As scout_inspect shows what compose and its name',
  mimeType: 'text/plain',
  complete: completeVariables,
  read: async (context, { host = '', project = '' }, call) =>
    formatInspect(
      await inspectHosts(context, { hosts: host, what: 'compose', name: project }, call),
      context,
    ),
};
