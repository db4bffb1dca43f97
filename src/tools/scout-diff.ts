import * as z from 'zod';
import { defineTool, readOnly } from '../define.ts';
import { formatDiff } from '../format/format-diff.ts';
import { diffTargets } from '../operations/diff-targets.ts';
import { hostsOutput, targetsParam, textOutput } from '../params.ts';

export const scoutDiff = defineTool({
  name: 'scout_diff',
  title: 'Compare a file across hosts',
  description: () =>
    'Which hosts have the same version of a file, and a unified diff of each other version against the most common one, or against `content`.',
  input: z.strictObject({
    targets: targetsParam,
    content: z.string().max(1_048_576).optional().describe('text to compare with instead'),
  }),
  output: hostsOutput({
    path: z.string().optional(),
    same: z.boolean().optional(),
    sha256: z.string().optional(),
    size: z.number().optional(),
    mode: z.string().optional(),
    owner: z.string().optional(),
    group: z.string().optional(),
    modes: z.string().optional(),
    modified: z.string().optional(),
    modified_last: z.string().optional(),
    removed: z.number().optional(),
    added: z.number().optional(),
    note: z.string().optional(),
    ...textOutput('diff'),
  }),
  offered: () => true,
  annotations: () => readOnly,
  operation: diffTargets,
  format: formatDiff,
});
