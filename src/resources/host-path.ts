import type { Resource } from '../define.ts';
import { ScoutError } from '../errors.ts';
import { formatReadings } from '../format/format-readings.ts';
import { readTargets } from '../operations/read-targets.ts';
import { completeVariables } from './complete-variables.ts';

export const hostPath: Resource = {
  uri: 'scout://{host}/{+path}',
  name: 'path',
  title: 'A file or directory on a host',
  description: 'As scout_read shows it; the path is absolute, or begins with ~/ for the home directory',
  mimeType: 'text/plain',
  complete: completeVariables,
  read: async (context, { host = '', path = '' }, call) => {
    // a target ends its hosts at the first colon, and no alias has one
    if (host.includes(':') || host === 'result') throw unknownHost(host);
    const target = `${host}:${path === '~' || path.startsWith('~/') ? path : `/${path}`}`;
    return formatReadings(await readTargets(context, { targets: [target] }, call), context);
  },
};

function unknownHost(host: string): ScoutError {
  return new ScoutError(
    'unknown_host',
    `the ssh configuration has no host ${JSON.stringify(host.slice(0, 80))}`,
    'Read hosts://list for the hosts that there are.',
  );
}
