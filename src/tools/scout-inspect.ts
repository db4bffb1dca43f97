import * as z from 'zod';
import { defineTool, readOnly } from '../define.ts';
import { formatInspect } from '../format/format-inspect.ts';
import { inspectHosts, subjects } from '../operations/inspect-hosts.ts';
import { hostsOutput, hostsParam } from '../params.ts';

export const scoutInspect = defineTool({
  name: 'scout_inspect',
  title: 'Facts about a machine',
  description: () =>
    'Parsed facts about one or many hosts. overview: a first look in one go. docker: why a container stopped. ' +
    'compose: projects, their containers and files. zfs, services, storage, network, processes.',
  input: z.strictObject({
    hosts: hostsParam,
    what: z.enum(subjects).describe('which facts'),
    name: z
      .string()
      .min(1)
      .max(256)
      .optional()
      .describe(
        'one in detail: container, compose project, pool (or POOL/datasets, snapshots), unit, process',
      ),
  }),
  // the tables are called by what they hold: containers, units, pools, file_systems, ports, …
  output: hostsOutput({ what: z.string().optional() }),
  offered: () => true,
  annotations: () => readOnly,
  operation: inspectHosts,
  format: formatInspect,
});
