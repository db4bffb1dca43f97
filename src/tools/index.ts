import type { Tool } from '../define.ts';
import { scoutHosts } from './scout-hosts.ts';
import { scoutQuery } from './scout-query.ts';
import { scoutRead } from './scout-read.ts';

/** Every tool there is, in the order a client lists them. */
export const tools: readonly Tool[] = [scoutHosts, scoutRead, scoutQuery];
