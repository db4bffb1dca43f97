import type { Context } from '../context.ts';
import { asScoutError } from '../errors.ts';
import { version } from '../version.ts';

/** How this server is, without asking any machine. A configuration that cannot be read makes it `unhealthy`. */
export async function readHealth({ config, hosts, pool, kept, startedMs }: Context) {
  const listed = await hosts.list().then(
    (all) => ({ count: all.length }),
    (error) => ({ count: 0, error: asScoutError(error).message }),
  );
  const connections = pool.stats();
  const isFull = connections.open >= connections.capacity && connections.waiting > 0;
  return {
    status: 'error' in listed ? 'unhealthy' : isFull ? 'degraded' : 'healthy',
    version,
    uptime_s: Math.round((Date.now() - startedMs) / 1_000),
    hosts: listed,
    connections,
    walls: pool.walls(),
    kept_results: kept.size,
    policy: { query: config.queryPolicy, kernel_wall: config.kernelWall },
    memory_bytes: process.memoryUsage.rss(),
  };
}
