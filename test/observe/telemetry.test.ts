import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { prometheusText } from '../../src/observe/metrics/prometheus-text.ts';
import { makeScout, type TestScout } from '../fixtures/scout.ts';
import { type Sshd, startSshd } from '../fixtures/sshd.ts';
import { until } from '../fixtures/until.ts';
import { makeFifo } from '../ssh/pool/fifo.ts';
import { type Exposed, readExposition } from './metrics/exposition.ts';

const caller = () => ({ signal: new AbortController().signal });
const key = [
  '-----BEGIN OPENSSH PRIVATE KEY-----',
  'b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW',
  '-----END OPENSSH PRIVATE KEY-----',
].join('\n');

let sshd: Sshd;
let scout: TestScout;
let directory: string;
let exposed: Exposed;

/** Do what moves everything that is measured, with one place in the pool and one channel on each connection. */
beforeAll(async () => {
  sshd = await startSshd();
  directory = realpathSync(mkdtempSync(join(tmpdir(), 'scout-telemetry-')));
  mkdirSync(join(directory, 'local'));
  writeFileSync(join(directory, 'key'), `a note\n${key}\n`);
  writeFileSync(join(directory, 'long'), 'line\n'.repeat(20_000));
  const unknown = sshd.configFor('web2', {
    UserKnownHostsFile: join(directory, 'known_hosts'),
    StrictHostKeyChecking: 'accept-new',
  });
  scout = makeScout(sshd.writeConfig('web1', unknown, sshd.configFor('off1', { Port: '1' })), {
    SCOUT_MAX_POOL_SIZE: '1',
    SCOUT_MAX_CHANNELS_PER_HOST: '1',
    SCOUT_SLOW_THRESHOLD_MS: '1',
    SCOUT_RATE_LIMIT_PER_MINUTE: '1',
    SCOUT_RATE_LIMIT_BURST: '14',
    SCOUT_BEAM: 'on',
    SCOUT_BEAM_ROOTS: join(directory, 'local'),
  });
  const query = (hosts: string, command: string) => scout.call('scout_query', { hosts, command });
  await query('web1', 'echo hello');
  await Promise.all([query('web1', 'ls -l /etc'), query('web1', 'ls /'), query('web1', 'uptime')]);
  const fifo = makeFifo(sshd.directory, 'held');
  const holding = query('web1', `cat ${fifo.path}`);
  await until(async () => (await look()).value('scout_connections_active', { host: 'web1' }) === 1);
  const waiting = query('web2', 'echo y');
  await until(async () => (await look()).value('scout_pool_waiting') === 1);
  await fifo.write('done');
  await Promise.all([holding, waiting]);
  await query('off1', 'echo z');
  await query('web1', 'rm -rf /');
  await scout.call('scout_read', { targets: ['web1:/etc/shadow', `web1:${join(directory, 'key')}`] });
  await scout.call('scout_read', { targets: [`web1:${join(directory, 'long')}`] });
  const copied = await scout.call('scout_beam', {
    from: `web1:${join(directory, 'long')}`,
    to: join(directory, 'local', 'long'),
  });
  expect(copied.text).toMatch(/long/);
  await scout.scout.answerer.readResource('scout-mcp://health', caller());
  for (let more = 0; more < 4; more += 1) await scout.call('scout_hosts', {});
  exposed = await look();
});
afterAll(async () => {
  await scout.close();
  await sshd.stop();
  rmSync(directory, { recursive: true, force: true });
});

async function look(): Promise<Exposed> {
  return readExposition(prometheusText(await scout.scout.metrics.collect()));
}

const query = { kind: 'tool', name: 'scout_query' };

it.each<[string, Record<string, string>, (value: number) => boolean]>([
  ['scout_calls_total', query, (value) => value === 8],
  ['scout_calls_total', { kind: 'resource', name: 'health' }, (value) => value === 1],
  ['scout_call_errors_total', { ...query, code: 'command_refused' }, (value) => value === 1],
  ['scout_call_errors_total', { ...query, code: 'unreachable' }, (value) => value === 1],
  ['scout_call_duration_seconds', query, (value) => value === 8],
  ['scout_slow_calls_total', query, (value) => value >= 7],
  ['scout_answer_bytes_total', query, (value) => value > 100],
  ['scout_calls_in_progress', {}, (value) => value === 0],
  ['scout_refusals_total', { code: 'command_refused' }, (value) => value === 1],
  ['scout_refusals_total', { code: 'path_denied' }, (value) => value === 1],
  ['scout_rate_limited_total', {}, (value) => value >= 1],
  ['scout_redactions_total', { secret: 'private-key' }, (value) => value === 1],
  ['scout_host_requests_total', { host: 'web1' }, (value) => value >= 8],
  ['scout_host_errors_total', { host: 'off1', code: 'unreachable' }, (value) => value === 1],
  ['scout_host_duration_seconds', {}, (value) => value >= 10],
  ['scout_command_duration_seconds', {}, (value) => value >= 6],
  ['scout_received_bytes_total', { host: 'web1' }, (value) => value > 50_000],
  ['scout_copied_bytes_total', { direction: 'download' }, (value) => value === 100_000],
  ['scout_host_up', { host: 'web1' }, (value) => value === 1],
  ['scout_host_up', { host: 'off1' }, (value) => value === 0],
  ['scout_host_wall', { host: 'web1' }, (value) => value === 1],
  ['scout_hosts_configured', {}, (value) => value === 3],
  ['scout_connections_active', { host: 'web1' }, (value) => value === 0],
  ['scout_connections_idle', { host: 'web1' }, (value) => value === 1],
  ['scout_connections_reused_total', { host: 'web1' }, (value) => value >= 3],
  ['scout_connections_closed_total', { why: 'evicted' }, (value) => value >= 1],
  ['scout_dials_total', { host: 'web2' }, (value) => value === 1],
  ['scout_dial_errors_total', { host: 'off1', code: 'unreachable' }, (value) => value === 1],
  ['scout_dial_duration_seconds', { outcome: 'ok' }, (value) => value >= 2],
  ['scout_dial_duration_seconds', { outcome: 'failed' }, (value) => value === 1],
  ['scout_pool_capacity', {}, (value) => value === 1],
  ['scout_pool_utilization', {}, (value) => value === 1],
  ['scout_pool_waiting', {}, (value) => value === 0],
  ['scout_pool_evictions_total', {}, (value) => value >= 1],
  ['scout_queue_wait_seconds', { queue: 'channel' }, (value) => value >= 2],
  ['scout_queue_wait_seconds', { queue: 'connection' }, (value) => value >= 1],
  ['scout_host_keys_accepted_total', { rule: 'accept-new' }, (value) => value === 1],
  ['scout_build_info', { node: process.versions.node }, (value) => value === 1],
  ['scout_metrics_timestamp_seconds', {}, (value) => Math.abs(value - Date.now() / 1_000) < 60],
  ['scout_health_status', { status: 'degraded' }, (value) => value === 1],
  [
    'scout_process_start_time_seconds',
    {},
    (value) => Math.abs(value + process.uptime() - Date.now() / 1_000) < 30,
  ],
  ['scout_uptime_seconds', {}, (value) => Math.abs(value - process.uptime()) < 60],
  ['scout_process_resident_memory_bytes', {}, (value) => value > 10e6],
  ['scout_process_heap_bytes', {}, (value) => value > 1e6],
  ['scout_process_cpu_seconds_total', {}, (value) => value > 0.01],
  ['scout_process_open_fds', {}, (value) => value > 3],
  ['scout_event_loop_lag_seconds', {}, (value) => value >= 0 && value < 10],
  ['scout_event_loop_busy_seconds_total', {}, (value) => value > 0],
  ['scout_kept_results', {}, (value) => value >= 1],
  ['scout_kept_results_bytes', {}, (value) => value > 10_000],
])('%s%j is moved by calls', (name, labels, isRight) => {
  const value = exposed.value(name, labels) ?? exposed.value(`${name}_count`, labels);
  expect(value).toSatisfy((seen) => typeof seen === 'number' && isRight(seen));
  if (exposed.types.get(name) === 'histogram')
    expect(exposed.value(`${name}_sum`, labels)).toBeGreaterThan(0);
});

it('Nothing is measured that no call moves, and no host is named that is not configured', () => {
  const idle = ['scout_calls_in_progress', 'scout_pool_waiting', 'scout_connections_active'];
  for (const [name, type] of exposed.types) {
    const suffix = type === 'histogram' ? '_count' : '';
    const values = exposed.series.filter((one) => one.name === `${name}${suffix}`).map(({ value }) => value);
    if (!idle.includes(name)) expect(Math.max(0, ...values), name).toBeGreaterThan(0);
  }
  const hosts = new Set(exposed.series.flatMap(({ labels }) => labels.host ?? []));
  expect([...hosts].toSorted()).toEqual(['off1', 'web1', 'web2']);
});

it('What is under way now is seen while it is', async () => {
  const busy = makeScout(sshd.writeConfig('web1', sshd.configFor('web2', { ServerAliveInterval: '7' })), {
    SCOUT_MAX_POOL_SIZE: '1',
  });
  const controller = new AbortController();
  const { path } = makeFifo(sshd.directory, 'busy');
  const call = (host: string) =>
    busy
      .call('scout_query', { hosts: host, command: `cat ${path}` }, { signal: controller.signal })
      .catch(() => {});
  const value = async (name: string, labels = {}) =>
    readExposition(prometheusText(await busy.scout.metrics.collect())).value(name, labels);
  const first = call('web1');
  await until(async () => (await value('scout_connections_active', { host: 'web1' })) === 1);
  const second = call('web2');
  await until(async () => (await value('scout_pool_waiting')) === 1);
  expect(await value('scout_calls_in_progress')).toBe(2);
  expect(await value('scout_health_status', { status: 'degraded' })).toBe(1);
  controller.abort();
  await Promise.all([first, second]);
  await busy.close();
});

it('scout-mcp://metrics is what Prometheus reads', async () => {
  const one = makeScout('/dev/null');
  const read = await one.scout.answerer.readResource('scout-mcp://metrics', caller());
  expect(read.mimeType).toBe('text/plain; version=0.0.4');
  expect(readExposition('text' in read ? read.text : '').value('scout_calls_in_progress')).toBe(1);
  await one.close();
});

it('the log says which wall a host has by a name that is none of its own, which win', () => {
  const walled = scout.log.filter((line) => line.startsWith('debug walled '));
  expect(walled.length).toBeGreaterThan(0);
  for (const line of walled)
    expect(JSON.parse(line.slice('debug walled '.length))).toEqual({
      host: expect.stringMatching(/^web/),
      wall: 'full',
    });
});

it('scout-mcp://health says what is the matter, by check, with the time that each took', async () => {
  const other = makeScout('/nowhere/config');
  const health = async (of: TestScout) => {
    const read = await of.scout.answerer.readResource('scout-mcp://health', caller());
    return JSON.parse('text' in read ? read.text : '');
  };
  expect(await health(other)).toMatchObject({
    status: 'unhealthy',
    checks: [
      { name: 'config', status: 'unhealthy', detail: expect.stringContaining('/nowhere/config') },
      { name: 'event_loop', status: 'healthy' },
      { name: 'pool', status: 'healthy' },
      { name: 'hosts', status: 'healthy' },
    ],
  });
  await other.close();
  const limited = makeScout(sshd.writeConfig('web1', sshd.configFor('off1', { Port: '1' })));
  expect(await health(limited)).toMatchObject({ status: 'healthy' });
  await limited.call('scout_query', { hosts: '*', command: 'echo' });
  const after = await health(limited);
  expect(after).toMatchObject({
    status: 'degraded',
    checks: [{}, {}, {}, { name: 'hosts', detail: 'the last try failed: off1 (unreachable)' }],
  });
  for (const { duration_ms } of after.checks) expect(duration_ms).toBeGreaterThanOrEqual(0);
  await limited.close();
});
