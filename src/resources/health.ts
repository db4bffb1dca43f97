import type { Resource } from '../define.ts';
import { readHealth } from '../operations/read-health.ts';

export const health: Resource = {
  uri: 'scout-mcp://health',
  name: 'health',
  title: 'Health of this server',
  description: 'Version, uptime, hosts, connections, kept results and memory, as JSON',
  mimeType: 'application/json',
  read: async (context) => JSON.stringify(await readHealth(context), undefined, 2),
};
