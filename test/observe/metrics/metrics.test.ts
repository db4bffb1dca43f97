import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Family } from '../../../src/observe/metrics/family.ts';
import { Metrics } from '../../../src/observe/metrics/metrics.ts';
import { prometheusText } from '../../../src/observe/metrics/prometheus-text.ts';
import { createPush } from '../../../src/observe/otlp/push.ts';
import type { Observed } from '../../../src/observer.ts';
import { makeScout } from '../../fixtures/scout.ts';
import { type Exposed, readExposition } from './exposition.ts';

const aliases = new Set(['web1', 'web2', 'off']);

async function exposedAfter(...events: readonly Observed[]): Promise<Exposed> {
  const metrics = new Metrics({ slowThresholdMs: 1_000, isListed: (host) => aliases.has(host) });
  for (const event of events) metrics.observe(event);
  return readExposition(prometheusText(await metrics.collect()));
}

const call = { kind: 'answered', of: 'tool', door: 'scout_read', durationMs: 40, bytes: 10 } as const;
const read = { kind: 'tool', name: 'scout_read' };

describe('what is observed moves', () => {
  it.each<[string, Observed, string, Record<string, string>, number]>([
    ['calls', call, 'scout_calls_total', read, 1],
    ['durations of calls', call, 'scout_call_duration_seconds_bucket', { ...read, le: '0.05' }, 1],
    ['bytes of answers', call, 'scout_answer_bytes_total', read, 10],
    [
      'resource reads',
      { ...call, of: 'resource', door: 'health' },
      'scout_calls_total',
      { kind: 'resource', name: 'health' },
      1,
    ],
    ['slow calls', { ...call, durationMs: 1_001 }, 'scout_slow_calls_total', read, 1],
    [
      'errors',
      { ...call, code: 'unknown_host' },
      'scout_call_errors_total',
      { ...read, code: 'unknown_host' },
      1,
    ],
    ['the rate limit', { ...call, code: 'rate_limited' }, 'scout_rate_limited_total', {}, 1],
    [
      'refusals',
      { kind: 'refused', door: 'scout_query', code: 'command_refused' },
      'scout_refusals_total',
      { code: 'command_refused' },
      1,
    ],
    [
      'redactions',
      { kind: 'redacted', door: 'scout_read', secret: 'jwt', count: 3 },
      'scout_redactions_total',
      { secret: 'jwt' },
      3,
    ],
    [
      'work on hosts',
      { kind: 'worked', host: 'web1', durationMs: 7, bytes: 5 },
      'scout_host_requests_total',
      { host: 'web1' },
      1,
    ],
    [
      'their time',
      { kind: 'worked', host: 'web1', durationMs: 7, bytes: 5 },
      'scout_host_duration_seconds_bucket',
      { le: '0.01' },
      1,
    ],
    [
      'their bytes',
      { kind: 'worked', host: 'web1', durationMs: 7, bytes: 5 },
      'scout_received_bytes_total',
      { host: 'web1' },
      5,
    ],
    [
      'failures of hosts',
      { kind: 'failed', host: 'web1', code: 'no_shell', durationMs: 1 },
      'scout_host_errors_total',
      { host: 'web1', code: 'no_shell' },
      1,
    ],
    [
      'commands',
      { kind: 'ran', host: 'web1', durationMs: 7, bytes: 1 },
      'scout_command_duration_seconds_count',
      {},
      1,
    ],
    [
      'copies',
      { kind: 'copied', direction: 'upload', bytes: 9 },
      'scout_copied_bytes_total',
      { direction: 'upload' },
      9,
    ],
    [
      'walls',
      { kind: 'walled', host: 'web1', wall: 'files' },
      'scout_host_wall',
      { host: 'web1', level: 'files' },
      1,
    ],
    [
      'hosts that are up',
      { kind: 'dialed', host: 'web1', durationMs: 5 },
      'scout_host_up',
      { host: 'web1' },
      1,
    ],
    ['dials', { kind: 'dialed', host: 'web1', durationMs: 5 }, 'scout_dials_total', { host: 'web1' }, 1],
    [
      'durations of dials',
      { kind: 'dialed', host: 'web1', durationMs: 5 },
      'scout_dial_duration_seconds_count',
      { outcome: 'ok' },
      1,
    ],
    [
      'failed dials',
      { kind: 'dial_failed', host: 'off', code: 'unreachable', durationMs: 5 },
      'scout_dial_errors_total',
      { host: 'off', code: 'unreachable' },
      1,
    ],
    [
      'hosts that are down',
      { kind: 'dial_failed', host: 'off', code: 'unreachable', durationMs: 5 },
      'scout_host_up',
      { host: 'off' },
      0,
    ],
    ['reuse', { kind: 'reused', host: 'web1' }, 'scout_connections_reused_total', { host: 'web1' }, 1],
    [
      'closes',
      { kind: 'closed', host: 'web1', why: 'idle' },
      'scout_connections_closed_total',
      { why: 'idle' },
      1,
    ],
    ['evictions', { kind: 'closed', host: 'web1', why: 'evicted' }, 'scout_pool_evictions_total', {}, 1],
    [
      'waits',
      { kind: 'waited', host: 'web1', for: 'channel', durationMs: 5 },
      'scout_queue_wait_seconds_count',
      { queue: 'channel' },
      1,
    ],
    [
      'accepted host keys',
      { kind: 'host_key_accepted', host: 'web1', rule: 'no' },
      'scout_host_keys_accepted_total',
      { rule: 'no' },
      1,
    ],
  ])('%s', async (_, event, name, labels, value) => {
    expect((await exposedAfter()).value(name, labels) ?? 0).toBe(0);
    expect((await exposedAfter(event)).value(name, labels)).toBe(value);
  });

  it('nothing by a dial that was given up', async () => {
    const { series } = await exposedAfter({
      kind: 'dial_failed',
      host: 'web1',
      code: 'cancelled',
      durationMs: 5,
    });
    expect(series.filter(({ labels }) => labels.host === 'web1')).toEqual([]);
  });

  it('the level of a wall, which a host has one of', async () => {
    const { series } = await exposedAfter(
      { kind: 'walled', host: 'web1', wall: 'none' },
      { kind: 'walled', host: 'web1', wall: 'full' },
    );
    expect(series.filter(({ name }) => name === 'scout_host_wall')).toEqual([
      { name: 'scout_host_wall', labels: { host: 'web1', level: 'full' }, value: 1 },
    ]);
  });
});

describe('labels are few', () => {
  it('names that only a wildcard describes are one, and have no state', async () => {
    const made = Array.from({ length: 5_000 }, (_, at) => `10.0.${at >> 8}.${at & 255}`);
    const { series, value } = await exposedAfter(
      ...made.flatMap((host): Observed[] => [
        { kind: 'reused', host },
        { kind: 'dialed', host, durationMs: 1 },
        { kind: 'walled', host, wall: 'none' },
      ]),
    );
    expect(value('scout_connections_reused_total', { host: '(other)' })).toBe(5_000);
    expect(new Set(series.flatMap(({ labels }) => labels.host ?? []))).toEqual(new Set(['(other)']));
    expect(series.some(({ name }) => name === 'scout_host_up' || name === 'scout_host_wall')).toBe(false);
  });

  it('a thousand hosts have their own, the next share one', async () => {
    const metrics = new Metrics({ slowThresholdMs: 1, isListed: () => true });
    for (let at = 0; at < 1_200; at += 1) metrics.observe({ kind: 'reused', host: `h${at}` });
    const { value, series } = readExposition(prometheusText(await metrics.collect()));
    expect(value('scout_connections_reused_total', { host: '(other)' })).toBe(200);
    expect(series.filter(({ labels }) => labels.host)).toHaveLength(1_001);
  });
});

it('A source of figures that fails costs its own figures only', async () => {
  const metrics = new Metrics({ slowThresholdMs: 1, isListed: () => true });
  metrics.addSource(() => Promise.reject(new Error('no')));
  metrics.addSource(async () => [
    { name: 'x', help: 'X.', type: 'gauge', samples: [{ labels: {}, value: 1 }] },
  ]);
  expect(readExposition(prometheusText(await metrics.collect())).value('x')).toBe(1);
});

/** Of every metric: its type, and the labels of its samples where it has any. */
function described(families: readonly Family[]): Map<string, { type: string; labels: Set<string> }> {
  return new Map(
    families.map(({ name, type, samples }) => [
      name,
      { type, labels: new Set(samples.flatMap(({ labels }) => Object.keys(labels))) },
    ]),
  );
}

it('docs/telemetry.md lists every metric there is, with its type and labels', async () => {
  const documented = new Map(
    [
      ...readFileSync(join(import.meta.dirname, '../../../docs/telemetry.md'), 'utf8').matchAll(
        /^\| `(scout_\w+)` \| (\w+) \|([^|]*)\|/gm,
      ),
    ].map(([, name = '', type = '', labels = '']) => [
      name,
      { type, labels: new Set([...labels.matchAll(/`(\w+)`/g)].map(([, label = '']) => label)) },
    ]),
  );
  const { scout, close } = makeScout('/dev/null');
  const push = createPush({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' }, () => {});
  const there = described([...(await scout.metrics.collect()), ...(await push.figures())]);
  await close();
  expect([...there.keys()].toSorted()).toEqual([...documented.keys()].toSorted());
  for (const [name, { type, labels }] of there) {
    expect(documented.get(name)?.type, name).toBe(type);
    if (labels.size > 0) expect(documented.get(name)?.labels, name).toEqual(labels);
  }
});
