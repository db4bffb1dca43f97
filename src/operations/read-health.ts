import type { Context } from '../context.ts';
import { asScoutError } from '../errors.ts';
import { version } from '../version.ts';

export type HealthStatus = 'healthy' | 'degraded' | 'unhealthy';

interface Check {
  readonly name: string;
  readonly status: HealthStatus;
  readonly duration_ms: number;
  /** What is the matter. */
  readonly detail?: string;
}

type Finding = Pick<Check, 'detail'> & { readonly status: HealthStatus };

/** Later than this the event loop answers nobody in time. */
const lateMs = 500;
const mostNamed = 10;

/**
 * How this server is, without asking any machine: `unhealthy` where no call can work, `degraded` where some must wait or
 * fail. Every check says how long it took.
 */
export async function readHealth(context: Context) {
  const { config, hosts, pool, kept, startedMs } = context;
  const listed = await hosts.list().then(
    (all) => ({ count: all.length }),
    (error) => ({ count: 0, error: asScoutError(error).message }),
  );
  const checks = [
    await check('config', () => configuration(context)),
    await check('event_loop', eventLoop),
    await check('pool', async () => places(context)),
    await check('hosts', () => reachability(context)),
  ];
  return {
    status: worst(checks),
    checks,
    version,
    uptime_s: Math.round((Date.now() - startedMs) / 1_000),
    hosts: listed,
    connections: pool.stats(),
    walls: pool.walls(),
    kept_results: kept.size,
    policy: { query: config.queryPolicy, kernel_wall: config.kernelWall },
    memory_bytes: process.memoryUsage.rss(),
  };
}

async function check(name: string, look: () => Promise<Finding>): Promise<Check> {
  const startedMs = performance.now();
  const finding = await look();
  return { name, ...finding, duration_ms: Math.round((performance.now() - startedMs) * 100) / 100 };
}

async function configuration({ hosts }: Context): Promise<Finding> {
  try {
    const listed = await hosts.list();
    const [first] = listed;
    if (!first || listed.some(({ problem }) => problem === undefined)) return { status: 'healthy' };
    return {
      status: 'unhealthy',
      detail: `ssh would refuse every host, such as ${first.alias}: ${first.problem}`,
    };
  } catch (thrown) {
    return { status: 'unhealthy', detail: asScoutError(thrown).message };
  }
}

async function eventLoop(): Promise<Finding> {
  const askedMs = performance.now();
  await new Promise((resolve) => setImmediate(resolve));
  const tookMs = Math.round(performance.now() - askedMs);
  return tookMs < lateMs
    ? { status: 'healthy' }
    : { status: 'degraded', detail: `the event loop was ${tookMs} ms late` };
}

function places({ pool }: Context): Finding {
  const { taken, capacity, waiting } = pool.stats();
  return taken < capacity || waiting === 0
    ? { status: 'healthy' }
    : { status: 'degraded', detail: `${waiting} calls wait for one of ${capacity} connections` };
}

/** Hosts whose last connection failed, by what they answered to earlier calls. */
async function reachability({ hosts, pool }: Context): Promise<Finding> {
  const listed = await hosts.list().catch(() => []);
  const failing = listed.flatMap(({ alias }) => {
    const { lastError } = pool.state(alias);
    return lastError === undefined ? [] : [`${alias} (${lastError})`];
  });
  if (failing.length === 0) return { status: 'healthy' };
  const more = failing.length > mostNamed ? ` and ${failing.length - mostNamed} more` : '';
  return {
    status: 'degraded',
    detail: `the last try failed: ${failing.slice(0, mostNamed).join(', ')}${more}`,
  };
}

function worst(checks: readonly Check[]): HealthStatus {
  for (const status of ['unhealthy', 'degraded'] as const)
    if (checks.some((each) => each.status === status)) return status;
  return 'healthy';
}
