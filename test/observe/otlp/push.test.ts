import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createPush, type Push } from '../../../src/observe/otlp/push.ts';
import { until } from '../../fixtures/until.ts';
import { decodeMetrics, decodeTraces, facts } from './decoded.ts';
import { type Receiver, startReceiver } from './receiver.ts';

let receiver: Receiver;
let push: Push | undefined;
const log = vi.fn();

beforeEach(async () => {
  receiver = await startReceiver();
  log.mockClear();
});
afterEach(async () => {
  await push?.close();
  push = undefined;
  await receiver.stop();
});

const gauge = { name: 'scout_x', help: 'X.', type: 'gauge', samples: [{ labels: {}, value: 4 }] } as const;

/** Pushes to the receiver, every 5 ms unless told otherwise. */
function pushing(env: Readonly<Record<string, string>> = {}): Push {
  push = createPush(
    {
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_BSP_SCHEDULE_DELAY: '5',
      OTEL_METRIC_EXPORT_INTERVAL: '5',
      ...env,
    },
    log,
  );
  push.start(async () => [gauge]);
  return push;
}

const tracesOnly = { OTEL_METRICS_EXPORTER: 'none' };

function makeSpans({ tracer }: Push, count: number): void {
  for (let at = 1; at <= count; at += 1) {
    tracer?.begin(`tools/call ${at}`, at.toString(16).padStart(16, '0'), undefined).end();
  }
}

const sent = (path: string) => receiver.received.filter((one) => one.path === path);

async function figure(of: Push, name: string, labels: Record<string, string> = {}): Promise<number> {
  const samples = (await of.figures()).find((family) => family.name === name)?.samples ?? [];
  const found = samples.find((one) => JSON.stringify(one.labels) === JSON.stringify(labels));
  return found && 'value' in found ? found.value : 0;
}

describe('a push', () => {
  it('sends spans and metrics that a receiver can read, with who sends them', async () => {
    const of = pushing({ OTEL_SERVICE_NAME: 'mine', OTEL_EXPORTER_OTLP_HEADERS: 'x-token=secret' });
    makeSpans(of, 2);
    await until(() => sent('/v1/traces').length > 0 && sent('/v1/metrics').length > 0);
    const traces = sent('/v1/traces')[0];
    const { spans, resource } = decodeTraces(traces?.body ?? Buffer.alloc(0));
    expect(spans.map(({ name }) => name)).toEqual(['tools/call 1', 'tools/call 2']);
    expect(facts(spans[1]?.attributes ?? [])).toEqual({ 'scout.call_id': '0000000000000002' });
    expect(resource).toMatchObject({ 'service.name': 'mine', 'process.pid': String(process.pid) });
    expect(traces?.headers).toMatchObject({ 'x-token': 'secret', 'content-type': 'application/json' });
    const { metrics } = decodeMetrics(sent('/v1/metrics')[0]?.body ?? Buffer.alloc(0));
    expect(metrics).toMatchObject([{ name: 'scout_x', gauge: { dataPoints: [{ asDouble: 4 }] } }]);
    await until(
      async () => (await figure(of, 'scout_otlp_exports_total', { signal: 'metrics', outcome: 'ok' })) > 0,
    );
    expect(await figure(of, 'scout_otlp_exports_total', { signal: 'traces', outcome: 'ok' })).toBe(1);
    expect(log).not.toHaveBeenCalled();
  });

  it('is compressed where that is asked for, and protobuf where that is', async () => {
    makeSpans(pushing({ ...tracesOnly, OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip' }), 1);
    await until(() => sent('/v1/traces').length === 1);
    expect(sent('/v1/traces')[0]?.headers['content-encoding']).toBe('gzip');
    expect(decodeTraces(sent('/v1/traces')[0]?.body ?? Buffer.alloc(0)).spans).toHaveLength(1);
    await push?.close();
    makeSpans(pushing({ ...tracesOnly, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf' }), 1);
    await until(() => sent('/v1/traces').length === 2);
    expect(sent('/v1/traces')[1]?.headers['content-type']).toBe('application/x-protobuf');
    expect(sent('/v1/traces')[1]?.body.includes('tools/call 1')).toBe(true);
  });

  it('follows no redirect: the headers were meant for one place', async () => {
    const other = await startReceiver();
    receiver.answers.push({ status: 307, headers: { location: `${other.url}/v1/traces` } });
    const of = pushing({ ...tracesOnly, OTEL_EXPORTER_OTLP_HEADERS: 'x-token=secret' });
    makeSpans(of, 1);
    await until(() => log.mock.calls.length > 0);
    expect(log.mock.calls).toEqual([['warn', 'otlp', { signal: 'traces', problem: 'HTTP 307' }]]);
    expect(other.received).toEqual([]);
    expect(await figure(of, 'scout_otlp_dropped_spans_total')).toBe(1);
    await other.stop();
  });

  it('comes again after an answer that says later, and each reason is logged once', async () => {
    receiver.answers.push({ status: 503 }, { status: 503 }, { status: 429 });
    const of = pushing(tracesOnly);
    makeSpans(of, 3);
    await until(
      async () => (await figure(of, 'scout_otlp_exports_total', { signal: 'traces', outcome: 'ok' })) === 1,
    );
    expect(decodeTraces(sent('/v1/traces')[3]?.body ?? Buffer.alloc(0)).spans).toHaveLength(3);
    expect(await figure(of, 'scout_otlp_exports_total', { signal: 'traces', outcome: 'failed' })).toBe(3);
    expect(log.mock.calls.map(([, , { problem }]) => problem)).toEqual(['HTTP 503', 'HTTP 429']);
  });

  it('is given up where the answer says never', async () => {
    receiver.answers.push({ status: 400 });
    const of = pushing(tracesOnly);
    makeSpans(of, 3);
    await until(async () => (await figure(of, 'scout_otlp_dropped_spans_total')) === 3);
    makeSpans(of, 1);
    await until(() => sent('/v1/traces').length === 2);
    expect(decodeTraces(sent('/v1/traces')[1]?.body ?? Buffer.alloc(0)).spans).toHaveLength(1);
  });

  it('holds as many spans as it may while nobody listens, and counts the others', async () => {
    const of = pushing({
      ...tracesOnly,
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1',
      OTEL_BSP_MAX_QUEUE_SIZE: '10',
      OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '4',
    });
    makeSpans(of, 25);
    await until(() => log.mock.calls.length > 0);
    expect(await figure(of, 'scout_otlp_dropped_spans_total')).toBe(15);
    expect(log.mock.calls).toEqual([['warn', 'otlp', { signal: 'traces', problem: 'ECONNREFUSED' }]]);
  });

  it('has its time, and ends with it', async () => {
    receiver.hangs = true;
    makeSpans(pushing({ ...tracesOnly, OTEL_EXPORTER_OTLP_TIMEOUT: '30' }), 1);
    await until(() => log.mock.calls.length > 0);
    expect(log.mock.calls).toEqual([['warn', 'otlp', { signal: 'traces', problem: 'no answer in time' }]]);
  });
});

describe('the end of a push', () => {
  const rarely = { OTEL_BSP_SCHEDULE_DELAY: '100000', OTEL_METRIC_EXPORT_INTERVAL: '100000' };

  it('sends what there is, in pieces of the size that is wanted', async () => {
    const of = pushing({ ...rarely, OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '4' });
    makeSpans(of, 10);
    await of.close();
    const sizes = sent('/v1/traces').map(({ body }) => decodeTraces(body).spans.length);
    expect(sizes).toEqual([4, 4, 2]);
    expect(sent('/v1/metrics')).toHaveLength(1);
  });

  it('does not wait for a collector that hangs', async () => {
    receiver.hangs = true;
    const of = pushing(rarely);
    makeSpans(of, 10);
    const startedMs = performance.now();
    await of.close();
    expect(performance.now() - startedMs).toBeLessThan(1_000);
  });
});
