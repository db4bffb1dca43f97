import * as z from 'zod';
import { defineTool, readOnly } from '../define.ts';
import { formatReadings } from '../format/format-readings.ts';
import { readTargets } from '../operations/read-targets.ts';
import { briefOutput, hostsOutput, tableOutput, targetsParam, textOutput } from '../params.ts';

export const scoutRead = defineTool({
  name: 'scout_read',
  title: 'Read a file or directory',
  description: () =>
    'Read files, list directories (depth: as a tree) or read on in a kept result, on one or many hosts. Changes nothing.',
  input: z.strictObject({
    targets: targetsParam,
    offset: z
      .int()
      .min(-1_000_000_000)
      .max(1_000_000_000)
      .refine((line) => line !== 0, 'lines count from 1 (or from -1 for the last)')
      .optional()
      .describe('first line, 1-based; negative counts from the end'),
    limit: z.int().min(1).max(1_000_000_000).optional().describe('lines'),
    depth: z.int().min(1).max(10).optional().describe('levels of a directory (1)'),
  }),
  output: hostsOutput({
    path: z.string().optional(),
    target: z.string().optional(),
    next: z.string().optional(),
    kind: z.string().optional(),
    size: z.number().optional(),
    mode: z.string().optional(),
    owner: z.string().optional(),
    group: z.string().optional(),
    modified: z.string().optional(),
    modified_last: z.string().optional(),
    type: z.string().optional(),
    image: z.string().optional(),
    first_line: z.number().optional(),
    lines: z.number().optional(),
    truncated: z.boolean().optional(),
    next_offset: z.number().optional(),
    total: z.number().optional(),
    listed: z.number().optional(),
    unreadable: z.number().optional(),
    ...textOutput('text'),
    ...briefOutput('text'),
    hex: z.string().optional(),
    ...tableOutput('entries', {
      path: z.string(),
      kind: z.string().optional(),
      size: z.number().optional(),
      mode: z.string().optional(),
      owner: z.string().optional(),
      group: z.string().optional(),
      modified: z.string().optional(),
      link: z.string().optional(),
    }),
  }),
  offered: () => true,
  annotations: () => readOnly,
  operation: readTargets,
  format: formatReadings,
});
