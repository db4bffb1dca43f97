import * as z from 'zod';
import { defineTool } from '../define.ts';
import { formatBeam } from '../format/format-beam.ts';
import { beamFiles } from '../operations/beam-files.ts';
import { answerOutput, tableOutput } from '../params.ts';

const end = z.string().min(1).max(16_384);
const left = { path: z.string().optional(), why: z.string().optional() };

export const scoutBeam = defineTool({
  name: 'scout_beam',
  title: 'Copy files',
  description: ({ beam }) =>
    `Copy a file or a directory over SFTP (${ways[beam]}), verified by SHA-256. An interrupted copy goes on when it is called again. WRITES FILES: the only tool that does.`,
  input: z.strictObject({
    from: end.describe('HOST:PATH, or a local path'),
    to: end.describe('HOST:PATH, or a local path; a trailing / means into that directory'),
    recursive: z.boolean().optional().describe('copy a directory and all in it (false)'),
    overwrite: z.boolean().optional().describe('replace what is there (false)'),
    resume: z.boolean().optional().describe('go on with what an interrupted copy left (true)'),
  }),
  output: answerOutput({
    hosts: z.array(z.string()).optional(),
    from: z.string().optional(),
    to: z.string().optional(),
    size: z.number().optional(),
    moved: z.number().optional(),
    resumed_at: z.number().optional(),
    sha256: z.string().optional(),
    verified: z.boolean().optional(),
    grew: z.boolean().optional(),
    files: z.number().optional(),
    directories: z.number().optional(),
    links: z.number().optional(),
    unchanged: z.number().optional(),
    skipped_count: z.number().optional(),
    failed_count: z.number().optional(),
    duration_ms: z.number().optional(),
    ...tableOutput('skipped', left),
    ...tableOutput('failed', left),
  }),
  offered: ({ beam }) => beam !== 'off',
  // to call again with the same arguments ends in the same files, or is refused
  annotations: () => ({
    readOnlyHint: false,
    destructiveHint: true,
    idempotentHint: true,
    openWorldHint: true,
  }),
  deadline: 'none',
  operation: beamFiles,
  format: formatBeam,
});

const ways = {
  off: 'off',
  download: 'from hosts to this machine',
  upload: 'from this machine to hosts',
  on: 'down, up, or between hosts',
} as const;
