import type { KeptResults } from '../../context.ts';
import type { HealthStatus } from '../../operations/read-health.ts';
import type { HostBook } from '../../ssh/hosts/host-book.ts';
import type { SessionPool } from '../../ssh/pool/session-pool.ts';
import type { Family } from './family.ts';
import { HostLabels } from './host-labels.ts';
import { gauge } from './process-figures.ts';

const statuses: readonly HealthStatus[] = ['healthy', 'degraded', 'unhealthy'];

interface State {
  readonly pool: Pick<SessionPool, 'connections' | 'stats'>;
  readonly hosts: Pick<HostBook, 'list' | 'isListed'>;
  readonly kept: KeptResults;
  readonly callsInProgress: () => number;
  readonly health: () => Promise<HealthStatus>;
}

/** What there is now, each time it is asked for. A host that was connected once stays, with 0. */
export function stateFigures({ pool, hosts, kept, callsInProgress, health }: State) {
  const labels = new HostLabels((host) => hosts.isListed(host));
  const seen = new Set<string>();

  const connections = (): readonly Family[] => {
    const open = pool.connections().map(({ host, isActive }) => ({ host: labels.label(host), isActive }));
    for (const { host } of open) seen.add(host);
    const count = (host: string, active: boolean) =>
      open.filter((one) => one.host === host && one.isActive === active).length;
    const samples = (active: boolean) =>
      [...seen].map((host) => ({ labels: { host }, value: count(host, active) }));
    return [
      {
        name: 'scout_connections_active',
        help: 'Open connections that a call is using.',
        type: 'gauge',
        samples: samples(true),
      },
      {
        name: 'scout_connections_idle',
        help: 'Open connections that no call is using.',
        type: 'gauge',
        samples: samples(false),
      },
    ];
  };

  return async (): Promise<readonly Family[]> => {
    const { taken, waiting, capacity } = pool.stats();
    const listed = await hosts.list().then(
      (all) => all.length,
      () => 0,
    );
    const status = await health();
    return [
      ...connections(),
      gauge('scout_pool_capacity', 'SCOUT_MAX_POOL_SIZE.', capacity),
      gauge('scout_pool_utilization', 'Places taken of the capacity, 0 to 1.', taken / capacity),
      gauge('scout_pool_waiting', 'Calls that wait for a place.', waiting),
      gauge('scout_calls_in_progress', 'Calls under way.', callsInProgress()),
      gauge('scout_hosts_configured', 'Hosts that the ssh configuration names for this server.', listed),
      gauge('scout_kept_results', 'Rests of earlier answers that are kept.', kept.size.results),
      gauge('scout_kept_results_bytes', 'Bytes of the rests that are kept.', kept.size.bytes),
      {
        name: 'scout_health_status',
        help: '1 for what scout-mcp://health says.',
        type: 'gauge',
        samples: statuses.map((each) => ({ labels: { status: each }, value: each === status ? 1 : 0 })),
      },
    ];
  };
}
