import type { Resource } from '../define.ts';
import { formatReadings } from '../format/format-readings.ts';
import { readTargets } from '../operations/read-targets.ts';

export const keptResult: Resource = {
  uri: 'scout-mcp://result/{id}',
  name: 'result',
  title: 'The rest of an earlier answer',
  description: 'As scout_read shows the target result:ID',
  mimeType: 'text/plain',
  read: async (context, { id = '' }, call) =>
    formatReadings(await readTargets(context, { targets: [`result:${id}`] }, call), context),
};
