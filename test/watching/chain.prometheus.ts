import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RunningServer, startServer } from '../fixtures/server.ts';
import { type Sshd, startSshd } from '../fixtures/sshd.ts';
import { until } from '../fixtures/until.ts';
import { readDashboards, readMetrics } from './committed.ts';
import { type Stack, startStack } from './stack.ts';

/** The built program writes, node_exporter serves, Prometheus answers. */

let directory: string;
let sshd: Sshd;
let stack: Stack;
let server: RunningServer;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'scout-chain-'));
  sshd = await startSshd();
  stack = await startStack(directory);
  const local = join(directory, 'local');
  mkdirSync(local);
  server = await startServer(sshd.writeConfig('web1', 'web2', sshd.configFor('off1', { Port: '1' })), {
    SCOUT_METRICS_FILE: join(stack.textfiles, 'scout-%p.prom'),
    SCOUT_KNOWN_HOSTS: join(directory, 'known_hosts'),
    SCOUT_STRICT_HOST_KEY_CHECKING: 'accept-new',
    SCOUT_MAX_POOL_SIZE: '1',
    SCOUT_MAX_CHANNELS_PER_HOST: '1',
    SCOUT_PAGE_SIZE: '4KiB',
    SCOUT_SLOW_THRESHOLD_MS: '1',
    SCOUT_RATE_LIMIT_PER_MINUTE: '60',
    SCOUT_RATE_LIMIT_BURST: '40',
    SCOUT_BEAM: 'on',
    SCOUT_BEAM_ROOTS: local,
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1',
    OTEL_METRIC_EXPORT_INTERVAL: '1000',
    OTEL_BSP_SCHEDULE_DELAY: '500',
  });
  await moveEverything(local);
  await until(async () => (await stack.query('scout_build_info')).length === 1, 60_000);
  await until(async () => (await stack.rules()).every(({ health }) => health !== 'unknown'), 60_000);
}, 180_000);
afterAll(async () => {
  await server?.stop();
  await stack?.stop();
  await sshd?.stop();
  rmSync(directory, { recursive: true, force: true });
});

/** Calls that move every counter. */
async function moveEverything(local: string): Promise<void> {
  const remote = join(directory, 'remote');
  mkdirSync(remote);
  const secret = join(remote, 'secret');
  const long = join(remote, 'long');
  writeFileSync(secret, `token ghp_${'aB3dE6gH9'.repeat(4)}\n`);
  writeFileSync(long, 'a line of a long file\n'.repeat(2_000));
  const query = (hosts: string, command: string) => server.callTool('scout_query', { hosts, command });
  await query('web1,web2,off1', 'uname'); // one place for two hosts: a wait, an eviction
  await query('web2', 'rm x');
  await query('nobody', 'uname');
  await Promise.all(['id', 'date', 'uptime', 'hostname'].map((command) => query('web2', command)));
  await server.callTool('scout_read', { targets: [`web2:${secret}`] });
  await server.callTool('scout_read', { targets: [`web2:${long}`] });
  await server.callTool('scout_beam', { from: `web2:${long}`, to: `${local}/` });
  await Promise.all(Array.from({ length: 60 }, () => server.callTool('scout_hosts', {})));
}

it('Prometheus answers for every metric, and what was moved is not 0', async () => {
  const values = new Map<string, number>();
  for (const [name, { type }] of readMetrics()) {
    const found = await stack.query(type === 'histogram' ? `${name}_count` : name);
    for (const { metric } of found)
      expect(metric, name).toMatchObject({ job: 'node', pid: String(server.child.pid) });
    if (found.length > 0) values.set(name, Math.max(...found.map(({ value }) => value)));
  }
  expect([...readMetrics().keys()].filter((name) => !values.has(name))).toEqual([]);
  const mayBeZero = [
    'scout_calls_in_progress',
    'scout_connections_active',
    'scout_otlp_dropped_spans_total', // they are queued for the collector that is not there
    'scout_pool_waiting',
  ];
  const zero = [...values].filter(([, value]) => !(value > 0)).map(([name]) => name);
  expect(zero.filter((name) => !mayBeZero.includes(name))).toEqual([]);
});

it('The figures are right', async () => {
  const one = async (expression: string) => (await stack.query(expression)).map(({ value }) => value);
  expect(await one('scout_calls_total{name="scout_read"}')).toEqual([2]);
  expect(await one('scout_host_up{host="off1"}')).toEqual([0]);
  expect(await one('scout_host_up{host="web2"}')).toEqual([1]);
  expect(await one('scout_refusals_total{code="command_refused"}')).toEqual([1]);
  expect(await one('scout_call_errors_total{code="unknown_host"}')).toEqual([1]);
  expect(await one('scout_host_keys_accepted_total{rule="accept-new"}')).toEqual([1]);
  expect(await one('scout_copied_bytes_total{direction="download"}')).toEqual([44_000]);
  expect(await one('scout_pool_utilization')).toEqual([1]);
});

it('Every rule is evaluated without an error, and the first refusal of a process counts', async () => {
  const failing = (await stack.rules()).filter(({ health }) => health !== 'ok');
  expect(failing).toEqual([]);
  await until(
    async () => (await stack.query('instance:scout_refusals:increase5m == 1')).length === 1,
    30_000,
  );
});

it('Every panel of every dashboard has something to show', async () => {
  // there is nothing of the kind here: other host keys, failed logins, hosts without the full wall
  const mayBeEmpty = [
    'Failed logins, by host',
    'Host keys refused, in 5 minutes',
    'Hosts without the full wall',
  ];
  let empty: readonly string[] = [];
  const isAllShown = async () => {
    empty = (await emptyPanels()).filter((title) => !mayBeEmpty.includes(title));
    return empty.length === 0;
  };
  await until(isAllShown, 30_000).catch(() => {}); // rates want a second scrape, records their turn
  expect(empty).toEqual([]);
});

async function emptyPanels(): Promise<string[]> {
  const empty: string[] = [];
  for (const { file, panels } of readDashboards())
    for (const { title, targets } of panels)
      for (const { expr } of targets) {
        const expression = expr.replaceAll('$instance', '.*').replaceAll('$__rate_interval', '1m');
        try {
          if ((await stack.query(expression)).length === 0) empty.push(title);
        } catch (error) {
          empty.push(`${file}, ${title}: ${(error as Error).message}`); // it throws nothing else
        }
      }
  return empty;
}

it('A host that cannot be reached raises the alert, and a full pool', async () => {
  const isFiring = async (name: string, matchers = '') =>
    (await stack.query(`ALERTS{alertname="${name}", alertstate="firing"${matchers}}`)).length === 1;
  await until(() => isFiring('ScoutHostOffline', ', host="off1"'), 30_000);
  await until(() => isFiring('ScoutPoolFull'), 30_000);
  expect(await stack.query('ALERTS{alertname="ScoutHostOffline", host!="off1"}')).toEqual([]);
  expect(await stack.query('ALERTS{alertname="ScoutMetricsStale"}')).toEqual([]);
});

it('A process that is killed leaves a file that grows old, and that raises the alert', async () => {
  server.child.kill('SIGKILL');
  await until(
    async () =>
      (await stack.query('ALERTS{alertname="ScoutMetricsStale", alertstate="firing"}')).length === 1,
    60_000,
  );
});
