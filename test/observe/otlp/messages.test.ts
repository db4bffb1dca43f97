import { describe, expect, it } from 'vitest';
import { Counter, Histogram } from '../../../src/observe/metrics/instruments.ts';
import { metricsMessage, tracesMessage } from '../../../src/observe/otlp/messages.ts';
import { protobuf, requests } from '../../../src/observe/otlp/protobuf.ts';
import { decodeMetrics, decodeTraces, facts } from './decoded.ts';

const traces = tracesMessage(
  [
    {
      traceId: '0af7651916cd43dd8448eb211c80319c',
      spanId: 'b7ad6b7169203331',
      parentSpanId: '00f067aa0ba902b7',
      name: 'tools/call é',
      kind: 'server',
      startMs: 1_700_000_000_000.5,
      endMs: 1_700_000_000_123.25,
      facts: { bytes: 300, neg: -5, ok: true, ratio: 0.5, host: 'web1' },
      errorCode: 'unreachable',
    },
  ],
  { 'service.name': 'x' },
);

function metrics() {
  const counter = new Counter('scout_a_total', 'A.', 'host');
  counter.add({ host: 'web1' }, 3.5);
  const histogram = new Histogram('scout_b_seconds', 'B.');
  histogram.observeMs({}, 7);
  histogram.observeMs({}, 99_000);
  const unmoved = new Counter('scout_d_total', 'D.', 'host');
  const gauge = {
    name: 'scout_c_bytes',
    help: 'C.',
    type: 'gauge',
    samples: [{ labels: {}, value: 0 }],
  } as const;
  const families = [counter.read(), histogram.read(), gauge, unmoved.read()];
  return metricsMessage(families, { 'service.name': 'x', n: 1 }, 1_700_000_000_000, 1_700_000_060_000);
}

describe('a message of OTLP', () => {
  it('has a span with its parent, times, facts and error', () => {
    const { resource, spans } = decodeTraces(Buffer.from(JSON.stringify(traces)));
    expect(resource).toEqual({ 'service.name': 'x' });
    expect(spans).toMatchObject([
      {
        traceId: '0af7651916cd43dd8448eb211c80319c',
        spanId: 'b7ad6b7169203331',
        parentSpanId: '00f067aa0ba902b7',
        kind: 2,
        startTimeUnixNano: '1700000000000500000',
        endTimeUnixNano: '1700000000123250000',
        status: { code: 2 },
      },
    ]);
    expect(facts(spans[0]?.attributes ?? [])).toEqual({
      'scout.bytes': '300',
      'scout.neg': '-5',
      'scout.ok': true,
      'scout.ratio': 0.5,
      'scout.host': 'web1',
      'error.type': 'unreachable',
    });
  });

  it('has metrics with their units and points, and none that was never moved', () => {
    const decoded = decodeMetrics(Buffer.from(JSON.stringify(metrics()))).metrics;
    expect(decoded.map(({ name, unit }) => [name, unit])).toEqual([
      ['scout_a_total', '1'],
      ['scout_b_seconds', 's'],
      ['scout_c_bytes', 'By'],
    ]);
    expect(decoded).toMatchObject([
      { sum: { dataPoints: [{ asDouble: 3.5, timeUnixNano: '1700000060000000000' }] } },
      { histogram: { dataPoints: [{ count: '2', sum: 99.007 }] } },
      { gauge: { dataPoints: [{ asDouble: 0 }] } },
    ]);
  });

  // What the messages above are as bytes by opentelemetry-proto 1.45.0 for Python (protobuf 7.36.2).
  const tracesBytes =
    'CpYCChUKEwoMc2VydmljZS5uYW1lEgMKAXgS/AEKGQoJc2NvdXQtbWNwEgwwLjAuMC1zb3VyY2US3gEKEAr3ZRkWzUPdhEjrIRyAMZwSCLeta3FpIDMxIggA8GeqC6kCtyoNdG9vbHMvY2FsbCDDqTACOSChMTb+nJcXQVClgj3+nJcXShIKC3Njb3V0LmJ5dGVzEgMYrAJKGAoJc2NvdXQubmVnEgsY+///////////AUoOCghzY291dC5vaxICEAFKGAoLc2NvdXQucmF0aW8SCSEAAAAAAADgP0oUCgpzY291dC5ob3N0EgYKBHdlYjFKGwoKZXJyb3IudHlwZRINCgt1bnJlYWNoYWJsZXoCGAKFAQEAAAA=';
  const metricsBytes =
    'CvQDCh4KEwoMc2VydmljZS5uYW1lEgMKAXgKBwoBbhICGAES0QMKGQoJc2NvdXQtbWNwEgwwLjAuMC1zb3VyY2USSQoNc2NvdXRfYV90b3RhbBICQS4aATE6MQorEQAAKjb+nJcXGQBYcS4MnZcXIQAAAAAAAAxAOg4KBGhvc3QSBgoEd2ViMRACGAESsAIKD3Njb3V0X2Jfc2Vjb25kcxICQi4aAXNKlQIKkAIRAAAqNv6clxcZAFhxLgydlxchAgAAAAAAAAApnMQgsHLAWEAyeAAAAAAAAAAAAQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAABAAAAAAAAADpwexSuR+F6dD97FK5H4XqEP5qZmZmZmZk/mpmZmZmZqT+amZmZmZm5PwAAAAAAANA/AAAAAAAA4D8AAAAAAADwPwAAAAAAAABAAAAAAAAAFEAAAAAAAAAkQAAAAAAAADRAAAAAAAAAPkAAAAAAAABJQBACEjYKDXNjb3V0X2NfYnl0ZXMSAkMuGgJCeSodChsRAAAqNv6clxcZAFhxLgydlxchAAAAAAAAAAA=';

  it('is, in protobuf, what the published library makes of it', () => {
    expect(protobuf(traces, requests.traces).toString('base64')).toBe(tracesBytes);
    expect(protobuf(metrics(), requests.metrics).toString('base64')).toBe(metricsBytes);
  });

  it('is not written where a member of it has no number', () => {
    expect(() => protobuf({ resourceSpans: [{ more: 1 }] }, requests.traces)).toThrow(/more/);
  });
});
