import { describe, expect, it, vi } from 'vitest';
import { loadPush } from '../../../src/observe/otlp/load-push.ts';
import { pushSettings } from '../../../src/observe/otlp/push-settings.ts';

const base = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4318' };
const silent = () => {};

describe('what the standard variables ask for', () => {
  it.each<[string, Record<string, string>]>([
    ['none of them', {}],
    ['an empty one', { OTEL_EXPORTER_OTLP_ENDPOINT: ' ' }],
    ['a name alone', { OTEL_SERVICE_NAME: 'x', OTEL_EXPORTER_OTLP_HEADERS: 'a=b' }],
    ['all of it turned off', { ...base, OTEL_SDK_DISABLED: 'TRUE' }],
  ])('is nothing by %s', async (_, env) => {
    expect(await loadPush(env, silent)).toBeUndefined();
  });

  it.each<[string, Record<string, string>, string | undefined, string | undefined]>([
    ['one place for both', base, 'http://c:4318/v1/traces', 'http://c:4318/v1/metrics'],
    [
      'a directory',
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'https://c/otlp/' },
      'https://c/otlp/v1/traces',
      'https://c/otlp/v1/metrics',
    ],
    ['a place as it is', { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://t:1/x' }, 'http://t:1/x', undefined],
    [
      'a place of its own for one',
      { ...base, OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'http://m:1' },
      'http://c:4318/v1/traces',
      'http://m:1/',
    ],
    ['traces off', { ...base, OTEL_TRACES_EXPORTER: 'none' }, undefined, 'http://c:4318/v1/metrics'],
    ['metrics off', { ...base, OTEL_METRICS_EXPORTER: 'none' }, 'http://c:4318/v1/traces', undefined],
    [
      'an exporter that is not here',
      { ...base, OTEL_TRACES_EXPORTER: 'zipkin' },
      undefined,
      'http://c:4318/v1/metrics',
    ],
    ['the usual place', { OTEL_TRACES_EXPORTER: 'otlp' }, 'http://localhost:4318/v1/traces', undefined],
  ])('is %s', (_, env, traces, metrics) => {
    const settings = pushSettings(env, silent);
    expect([settings.traces?.url.href, settings.metrics?.url.href]).toEqual([traces, metrics]);
  });

  it('is how to send: the variable of one signal before the one for both', () => {
    const { traces, metrics } = pushSettings(
      {
        ...base,
        OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Basic%20abc, x-a = 1 ,broken,%zz=%zz',
        OTEL_EXPORTER_OTLP_METRICS_HEADERS: 'x-b=2',
        OTEL_EXPORTER_OTLP_TIMEOUT: '1500',
        OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
        OTEL_EXPORTER_OTLP_METRICS_COMPRESSION: 'none',
        OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'http/protobuf',
        OTEL_EXPORTER_OTLP_CERTIFICATE: '/ca.pem',
      },
      silent,
    );
    expect(traces).toMatchObject({
      headers: { authorization: 'Basic abc', 'x-a': '1', '%zz': '%zz' },
      timeoutMs: 1_500,
      compression: 'gzip',
      protocol: 'http/protobuf',
      tls: { ca: '/ca.pem' },
    });
    expect(metrics).toMatchObject({ headers: { 'x-b': '2' }, compression: 'none', protocol: 'http/json' });
  });

  it('is who says it, and how often', () => {
    const settings = pushSettings(
      {
        ...base,
        OTEL_SERVICE_NAME: 'mine',
        OTEL_RESOURCE_ATTRIBUTES: 'service.name=other,deployment.environment=lab%2C1',
        OTEL_METRIC_EXPORT_INTERVAL: '5000',
        OTEL_BSP_SCHEDULE_DELAY: 'soon',
      },
      silent,
    );
    expect(settings.resource).toEqual({ 'service.name': 'mine', 'deployment.environment': 'lab,1' });
    expect([settings.metricsIntervalMs, settings.spansDelayMs]).toEqual([5_000, 5_000]);
  });

  it.each<[string, Record<string, string>, RegExp]>([
    ['no URL', { OTEL_EXPORTER_OTLP_ENDPOINT: 'c:4318' }, /OTLP_ENDPOINT must be an http/],
    ['another scheme', { OTEL_EXPORTER_OTLP_ENDPOINT: 'ftp://c' }, /OTLP_ENDPOINT must be an http/],
    ['a password', { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://u:hunter2@c' }, /must hold no password/],
    [
      'gRPC',
      { ...base, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' },
      /PROTOCOL must be http\/json or http\/protobuf/,
    ],
    [
      'another compression',
      { ...base, OTEL_EXPORTER_OTLP_COMPRESSION: 'zstd' },
      /COMPRESSION must be none or gzip/,
    ],
  ])('%s turns it off with a line in the log, which does not show the value', (_, env, problem) => {
    const log = vi.fn();
    const { traces, metrics } = pushSettings(env, log);
    expect([traces, metrics]).toEqual([undefined, undefined]);
    expect(log).toHaveBeenCalledTimes(2);
    expect(log).toHaveBeenCalledWith('error', 'otlp', {
      signal: 'traces',
      problem: expect.stringMatching(problem),
    });
    expect(JSON.stringify(log.mock.calls)).not.toContain('hunter2');
  });
});
