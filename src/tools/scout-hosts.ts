import * as z from 'zod';
import { defineTool, readOnly } from '../define.ts';
import { formatHosts } from '../format/format-hosts.ts';
import { listHosts } from '../operations/list-hosts.ts';
import { answerOutput, hostsParam, tableOutput } from '../params.ts';

export const scoutHosts = defineTool({
  name: 'scout_hosts',
  title: 'List hosts',
  description: () =>
    'Hosts of the ssh configuration: address, user, jumps, last known state. Sends no packet unless probe is true.',
  input: z.strictObject({
    hosts: hostsParam.optional(),
    probe: z.boolean().optional().describe('ask each for its banner (TCP, 3 s, never a login)'),
  }),
  output: answerOutput({
    total: z.number(),
    ...tableOutput('hosts', {
      host: z.string(),
      address: z.string(),
      port: z.number().optional(),
      user: z.string().optional(),
      jump: z.string().optional(),
      proxy_command: z.boolean().optional(),
      connected: z.boolean(),
      problem: z.string().optional(),
      engine: z.string().optional(),
      wall: z.string().optional(),
      last_error: z.string().optional(),
      reachable: z.boolean().optional(),
      probe_ms: z.number().optional(),
      banner: z.string().optional(),
      probe_error: z.string().optional(),
    }),
  }),
  offered: () => true,
  annotations: () => readOnly,
  operation: listHosts,
  format: formatHosts,
});
