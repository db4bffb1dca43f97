import { version } from '../../version.ts';
import type { Distribution, Family } from '../metrics/family.ts';
import type { EndedSpan } from './trace-recorder.ts';

/**
 * Requests of OTLP 1.x as the JSON mapping of its messages has them (opentelemetry-proto, "JSON Protobuf Encoding"):
 * ids in hexadecimal, enumerations as numbers, 64-bit integers as decimal text.
 */
export type Message = { readonly [name: string]: Value | undefined };
export type Value = string | number | boolean | Message | readonly (Message | string | number)[];

type Facts = Readonly<Record<string, string | number | boolean>>;

const spanKinds = { internal: 1, server: 2, client: 3 } as const;
const statusError = 2;
const cumulative = 2;
const isSampled = 1;

/** ExportTraceServiceRequest */
export function tracesMessage(spans: readonly EndedSpan[], resource: Facts): Message {
  const scopeSpans = [{ scope, spans: spans.map(spanMessage) }];
  return { resourceSpans: [{ resource: { attributes: attributes(resource) }, scopeSpans }] };
}

/** ExportMetricsServiceRequest. `startMs`: since when things are counted; both since 1970. */
export function metricsMessage(
  families: readonly Family[],
  resource: Facts,
  startMs: number,
  nowMs: number,
): Message {
  const times = { startTimeUnixNano: nanoseconds(startMs), timeUnixNano: nanoseconds(nowMs) };
  const metrics = families
    .filter(({ samples }) => samples.length > 0)
    .map((family) => metricMessage(family, times));
  return {
    resourceMetrics: [{ resource: { attributes: attributes(resource) }, scopeMetrics: [{ scope, metrics }] }],
  };
}

const scope = { name: 'scout-mcp', version };

function spanMessage(span: EndedSpan): Message {
  const { traceId, spanId, parentSpanId, name, kind, startMs, endMs, facts, errorCode } = span;
  const named = Object.entries(facts).map(([key, value]) => [`scout.${key}`, value] as const);
  const error = errorCode === undefined ? {} : { 'error.type': errorCode };
  return {
    traceId,
    spanId,
    ...(parentSpanId !== undefined && { parentSpanId }),
    flags: isSampled,
    name,
    kind: spanKinds[kind],
    startTimeUnixNano: nanoseconds(startMs),
    endTimeUnixNano: nanoseconds(endMs),
    attributes: attributes({ ...Object.fromEntries(named), ...error }),
    ...(errorCode !== undefined && { status: { code: statusError } }),
  };
}

function metricMessage(family: Family, times: Message): Message {
  const { name, help } = family;
  const about = { name, description: help, unit: unitOf(name) };
  if (family.type === 'histogram') {
    const dataPoints = family.samples.map((sample) => distribution(sample, family.bounds, times));
    return { ...about, histogram: { aggregationTemporality: cumulative, dataPoints } };
  }
  const dataPoints = family.samples.map(({ labels, value }) => ({
    ...times,
    attributes: attributes(labels),
    asDouble: value,
  }));
  if (family.type === 'gauge') return { ...about, gauge: { dataPoints } };
  return { ...about, sum: { aggregationTemporality: cumulative, isMonotonic: true, dataPoints } };
}

function distribution({ labels, counts, sum }: Distribution, bounds: readonly number[], times: Message) {
  return {
    ...times,
    attributes: attributes(labels),
    count: String(counts.reduce((total, count) => total + count, 0)),
    sum,
    bucketCounts: counts.map(String),
    explicitBounds: [...bounds],
  };
}

function attributes(facts: Facts): readonly Message[] {
  return Object.entries(facts).map(([key, value]) => ({ key, value: anyValue(value) }));
}

function anyValue(value: string | number | boolean): Message {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}

/** By the Unified Code for Units of Measure. */
function unitOf(name: string): string {
  if (/_seconds(_total)?$/.test(name)) return 's';
  return /_bytes(_total)?$/.test(name) ? 'By' : '1';
}

/** More digits than a number has: whole microseconds, then three zeros. */
function nanoseconds(ms: number): string {
  return `${Math.round(ms * 1_000)}000`;
}
