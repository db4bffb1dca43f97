import type { Context } from '../context.ts';
import type { Report } from '../define.ts';
import type { Facts, InspectData } from '../operations/inspect-hosts.ts';
import { formatProject, formatProjects } from './inspect/format-compose.ts';
import { formatDatasets, formatSnapshots } from './inspect/format-datasets.ts';
import { formatContainer, formatContainers } from './inspect/format-docker.ts';
import { formatNetwork } from './inspect/format-network.ts';
import { formatOverview } from './inspect/format-overview.ts';
import { formatProcesses } from './inspect/format-processes.ts';
import { formatServices, formatUnits } from './inspect/format-services.ts';
import { formatStorage } from './inspect/format-storage.ts';
import { formatPool, formatPools } from './inspect/format-zfs.ts';
import { type Say, type Shown, sayWith } from './inspect/shown.ts';
import { reportHosts } from './report-hosts.ts';

/** Facts, machine by machine; machines that say the same once under all their names. */
export function formatInspect({ groups, failures }: InspectData, { clean }: Pick<Context, 'clean'>): Report {
  const say = sayWith(clean);
  const answered = groups.map(({ hosts, values: [{ facts, stopped }] }) => ({
    hosts,
    ...show(facts, say, clean),
    ...(stopped && { error: stopped }),
  }));
  return reportHosts(answered, failures, groups.length);
}

function show(facts: Facts, say: Say, clean: Context['clean']): Shown {
  switch (facts.what) {
    case 'overview':
      return formatOverview(facts, say);
    case 'docker':
      return formatContainers(facts, say);
    case 'container':
      return formatContainer(facts, say);
    case 'compose':
      return formatProjects(facts, say);
    case 'project':
      return formatProject(facts, say, clean);
    case 'zfs':
      return formatPools(facts, say);
    case 'pool':
      return formatPool(facts, say);
    case 'datasets':
      return formatDatasets(facts, say);
    case 'snapshots':
      return formatSnapshots(facts, say);
    case 'services':
      return formatServices(facts, say);
    case 'units':
      return formatUnits(facts, say);
    case 'storage':
      return formatStorage(facts, say);
    case 'network':
      return formatNetwork(facts, say);
    case 'processes':
      return formatProcesses(facts, say);
  }
}
