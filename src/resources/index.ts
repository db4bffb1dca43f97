import type { Resource } from '../define.ts';
import { health } from './health.ts';
import { hostPath } from './host-path.ts';
import { hostsList } from './hosts-list.ts';
import { keptResult } from './kept-result.ts';

/** Every resource and template there is, in the order a client lists them. */
export const resources: readonly Resource[] = [hostsList, health, hostPath, keptResult];
