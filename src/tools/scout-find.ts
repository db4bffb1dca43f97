import * as z from 'zod';
import { defineTool, readOnly } from '../define.ts';
import { formatFound } from '../format/format-found.ts';
import { findFiles } from '../operations/find-files.ts';
import { hostsOutput, tableOutput, targetsParam } from '../params.ts';

export const scoutFind = defineTool({
  name: 'scout_find',
  title: 'Find files by name or content',
  description: () =>
    'Find files below a directory by name, kind, size, age and content, on one or many hosts. Changes nothing.',
  input: z.strictObject({
    targets: targetsParam,
    name: z.string().min(1).max(255).optional().describe('glob of the file name: "*.log"'),
    pattern: z
      .string()
      .min(1)
      .max(2_000)
      .optional()
      .describe('POSIX extended regular expression for a line; [0-9], not \\d'),
    type: z.enum(['file', 'directory', 'symlink']).optional().describe('kind'),
    depth: z.int().min(1).max(100).optional().describe('levels below the target (5)'),
    since: z.string().min(1).max(64).optional().describe('changed since: 2h, 3d, yesterday, ISO date'),
    larger_than: z.string().min(1).max(32).optional().describe('size: 10M'),
    context: z.int().min(0).max(50).optional().describe('lines around each match (0)'),
    limit: z.int().min(1).max(10_000).optional().describe('paths, or lines with pattern (100)'),
    cross_devices: z.boolean().optional().describe('enter other file systems (false)'),
  }),
  output: hostsOutput({
    path: z.string().optional(),
    total: z.number().optional(),
    matches: z.number().optional(),
    more: z.boolean().optional(),
    cut: z.number().optional(),
    unreadable: z.number().optional(),
    denied: z.number().optional(),
    skipped: z.number().optional(),
    ...tableOutput('found', {
      path: z.string().optional(),
      kind: z.string().optional(),
      size: z.number().optional(),
      modified: z.string().optional(),
      modified_first: z.string().optional(),
      binary: z.boolean().optional(),
      line: z.number().optional(),
      text: z.string().optional(),
      context: z.boolean().optional(),
    }),
  }),
  offered: () => true,
  annotations: () => readOnly,
  operation: findFiles,
  format: formatFound,
});
