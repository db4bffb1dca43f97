import type { Resource } from '../define.ts';
import { composeHost, composeProject } from './compose.ts';
import { dockerHost } from './docker.ts';
import { health } from './health.ts';
import { hostPath } from './host-path.ts';
import { hostsList } from './hosts-list.ts';
import { keptResult } from './kept-result.ts';
import { containerLogs, projectLogs, syslog } from './logs.ts';
import { metrics } from './metrics.ts';
import { zfsDatasets, zfsHost, zfsPool, zfsSnapshots } from './zfs.ts';

/** Every resource and template there is, in the order a client lists them. */
export const resources: readonly Resource[] = [
  hostsList,
  health,
  metrics,
  hostPath,
  keptResult,
  dockerHost,
  containerLogs,
  composeHost,
  composeProject,
  projectLogs,
  zfsHost,
  zfsSnapshots,
  zfsPool,
  zfsDatasets,
  syslog,
];
