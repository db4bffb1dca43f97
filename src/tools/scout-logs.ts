import * as z from 'zod';
import { defineTool, readOnly } from '../define.ts';
import { formatLogs } from '../format/format-logs.ts';
import { readLogs } from '../operations/read-logs.ts';
import { hostsOutput, hostsParam, textOutput } from '../params.ts';

export const scoutLogs = defineTool({
  name: 'scout_logs',
  title: 'Newest log lines',
  description: () =>
    'The newest lines of a log on one or many hosts, oldest first: the system journal (else /var/log/syslog or ' +
    'messages), a unit, containers, a file and what it was rotated to. Times in UTC unless the log has its own.',
  input: z.strictObject({
    hosts: hostsParam,
    source: z
      .string()
      .min(1)
      .max(4_200)
      .describe('system, journal:UNIT, docker:NAME, compose:PROJECT[/SERVICE] or file:PATH'),
    limit: z.number().int().min(1).max(10_000).optional().describe('lines (100)'),
    since: z.string().max(100).optional().describe('2h, 3d, yesterday or ISO'),
    pattern: z.string().max(2_000).optional().describe('POSIX extended regular expression, case counts'),
    priority: z
      .string()
      .max(20)
      .optional()
      .describe('emerg to debug, and more urgent; system and journal only'),
    merge: z.boolean().optional().describe('one stream in time order over all hosts'),
  }),
  output: hostsOutput({
    from: z.string().optional(),
    lines: z.number().optional(),
    note: z.string().optional(),
    ...textOutput('log'),
  }),
  offered: () => true,
  annotations: () => readOnly,
  operation: readLogs,
  format: formatLogs,
});
