import * as z from 'zod';
import type { Config } from '../config.ts';
import { defineTool, readOnly } from '../define.ts';
import { formatQuery } from '../format/format-query.ts';
import { runQuery } from '../operations/run-query.ts';
import { briefOutput, hostsOutput, hostsParam, textOutput } from '../params.ts';

const readOnlyPromise =
  'Run a command that cannot change anything, on one or many hosts: pipelines, && || ;, globs. A parser checks every word; ' +
  'what could write, run other programs or use the network is refused with what to use instead.';

const walledPromise =
  'Run a command that cannot change anything, on one or many hosts. Where the wall of a host is full, any shell command: ' +
  'its kernel refuses writes outside of $TMPDIR (memory, gone with the command), network, sockets and signals, and bounds ' +
  'memory, processes and time. Elsewhere a parser refuses what could write, run other programs or use the network.';

export const scoutQuery = defineTool({
  name: 'scout_query',
  title: 'Run a read-only command',
  description: ({ queryPolicy }: Config) => {
    if (queryPolicy === 'unrestricted') return 'Run any command on one or many hosts. It may change them.';
    return queryPolicy === 'walled' ? walledPromise : readOnlyPromise;
  },
  input: z.strictObject({
    hosts: hostsParam,
    command: z.string().min(1).describe('as for sh'),
    cwd: z.string().max(16_384).optional().describe('directory to run in (home)'),
    timeout_s: z.number().min(0.1).max(86_400).optional().describe('seconds a host'),
  }),
  output: hostsOutput({
    exit_code: z.number().optional(),
    duration_ms: z.number().optional(),
    wall: z.string().optional(),
    wall_varies: z.string().optional(),
    held_by: z.string().optional(),
    scratch: z.string().optional(),
    stdout_dropped_bytes: z.number().optional(),
    stderr_dropped_bytes: z.number().optional(),
    ...textOutput('stdout'),
    ...textOutput('stderr'),
    ...briefOutput('stdout'),
  }),
  offered: ({ queryPolicy }) => queryPolicy !== 'off',
  annotations: ({ queryPolicy }) =>
    queryPolicy === 'unrestricted'
      ? { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true }
      : readOnly,
  operation: runQuery,
  format: formatQuery,
});
