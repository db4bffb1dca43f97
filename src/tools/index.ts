import type { Tool } from '../define.ts';
import { scoutBeam } from './scout-beam.ts';
import { scoutDiff } from './scout-diff.ts';
import { scoutFind } from './scout-find.ts';
import { scoutHosts } from './scout-hosts.ts';
import { scoutInspect } from './scout-inspect.ts';
import { scoutLogs } from './scout-logs.ts';
import { scoutQuery } from './scout-query.ts';
import { scoutRead } from './scout-read.ts';

/** Every tool there is, in the order a client lists them. */
export const tools: readonly Tool[] = [
  scoutHosts,
  scoutRead,
  scoutFind,
  scoutQuery,
  scoutDiff,
  scoutLogs,
  scoutInspect,
  scoutBeam,
];
