import { join, resolve } from 'node:path';
import type { Contender } from '../contender.ts';
import { McpClient } from '../mcp-client.ts';

const scoutBin = resolve('bin/scout-mcp.js');

/** The built program, over MCP, with its defaults but for the limit of calls and what copying needs. */
export function scout(settings: Readonly<Record<string, string>> = {}): Contender {
  return {
    name: 'scout',
    isServer: true,
    async start({ config, local }) {
      const client = new McpClient([scoutBin], {
        SCOUT_SSH_CONFIG: config,
        SCOUT_RATE_LIMIT_PER_MINUTE: '0',
        SCOUT_BEAM: 'on',
        SCOUT_BEAM_ROOTS: local,
        ...settings,
      });
      await client.initialize();
      const bytesOf = async (tool: string, args: object) => (await client.call(tool, args)).length;
      const run = (hosts: string, command: string) => bytesOf('scout_query', { hosts, command });
      const read = (host: string, path: string) => bytesOf('scout_read', { targets: [`${host}:${path}`] });
      const beam = (from: string, to: string) => bytesOf('scout_beam', { from, to, overwrite: true });
      return {
        pid: client.pid,
        listTools: () => client.request('tools/list'),
        run,
        read,
        list: read,
        broadcast: (hosts, command) => run(hosts.join(','), command),
        upload: (host, from, to) => beam(join(local, from), `${host}:${to}`),
        download: (host, from, to) => beam(`${host}:${from}`, join(local, to)),
        stop: () => client.stop(),
      };
    },
  };
}
