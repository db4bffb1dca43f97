import type { Resource } from '../define.ts';
import { formatLogs } from '../format/format-logs.ts';
import { readLogs } from '../operations/read-logs.ts';
import { completeVariables } from './complete-variables.ts';

/** A log of one host, as scout_logs shows it with nothing but hosts and source. */
function logOf(
  uri: string,
  words: Pick<Resource, 'name' | 'title' | 'description'>,
  sourceOf: (variables: Readonly<Record<string, string>>) => string,
): Resource {
  return {
    uri,
    ...words,
    mimeType: 'text/plain',
    complete: completeVariables,
    read: async (context, variables, call) => {
      const input = { hosts: variables.host ?? '', source: sourceOf(variables) };
      return formatLogs(await readLogs(context, input, call), context);
    },
  };
}

export const syslog = logOf(
  'syslog://{host}',
  { name: 'syslog', title: 'The log of a host', description: 'As scout_logs with source system' },
  () => 'system',
);

export const containerLogs = logOf(
  'docker://{host}/{container}/logs',
  {
    name: 'container-logs',
    title: 'The log of a container',
    description: 'As scout_logs with source docker:CONTAINER',
  },
  ({ container = '' }) => `docker:${container}`,
);

export const projectLogs = logOf(
  'compose://{host}/{project}/logs',
  {
    name: 'compose-logs',
    title: 'The logs of a compose project',
    description: 'As scout_logs with source compose:PROJECT',
  },
  ({ project = '' }) => `compose:${project}`,
);
