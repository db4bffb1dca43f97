import * as z from 'zod';

/**
 * The requests of OTLP/HTTP as opentelemetry-proto's JSON mapping has them, members that scout-mcp sends, strictly: an
 * unknown member, a number where text belongs, an id of the wrong length fails.
 */
const uint64 = z.string().regex(/^\d{1,20}$/);
const time = z.string().regex(/^1\d{18}$/); // in nanoseconds, between 2001 and 2033
const traceId = z.string().regex(/^(?!0+$)[0-9a-f]{32}$/);
const spanId = z.string().regex(/^(?!0+$)[0-9a-f]{16}$/);

const anyValue = z.union([
  z.strictObject({ stringValue: z.string() }),
  z.strictObject({ boolValue: z.boolean() }),
  z.strictObject({ intValue: z.string().regex(/^-?\d+$/) }),
  z.strictObject({ doubleValue: z.number() }),
]);
const attributes = z
  .array(z.strictObject({ key: z.string().min(1), value: anyValue }))
  .refine((all) => new Set(all.map(({ key }) => key)).size === all.length, 'a key comes twice');
const resource = z.strictObject({ attributes });
const scope = z.strictObject({ name: z.string(), version: z.string() });

const span = z
  .strictObject({
    traceId,
    spanId,
    parentSpanId: spanId.optional(),
    flags: z.literal(1),
    name: z.string().min(1),
    kind: z.number().int().min(1).max(5),
    startTimeUnixNano: time,
    endTimeUnixNano: time,
    attributes,
    status: z.strictObject({ code: z.literal(2) }).optional(),
  })
  .refine((one) => BigInt(one.endTimeUnixNano) >= BigInt(one.startTimeUnixNano), 'it ends before it starts');

const traces = z.strictObject({
  resourceSpans: z.array(
    z.strictObject({
      resource,
      scopeSpans: z.array(z.strictObject({ scope, spans: z.array(span).min(1) })).length(1),
    }),
  ),
});

const times = { startTimeUnixNano: time, timeUnixNano: time, attributes };
const numbers = z.array(z.strictObject({ ...times, asDouble: z.number() })).min(1);
const distributions = z
  .array(
    z
      .strictObject({
        ...times,
        count: uint64,
        sum: z.number(),
        bucketCounts: z.array(uint64),
        explicitBounds: z.array(z.number()),
      })
      .refine(
        ({ count, bucketCounts, explicitBounds }) =>
          bucketCounts.length === explicitBounds.length + 1 &&
          bucketCounts.reduce((sum, each) => sum + BigInt(each), 0n) === BigInt(count),
        'the buckets do not add up',
      ),
  )
  .min(1);
const named = { name: z.string().min(1), description: z.string().min(1), unit: z.enum(['1', 's', 'By']) };
const cumulative = z.literal(2);
const metric = z.union([
  z.strictObject({ ...named, gauge: z.strictObject({ dataPoints: numbers }) }),
  z.strictObject({
    ...named,
    sum: z.strictObject({
      aggregationTemporality: cumulative,
      isMonotonic: z.literal(true),
      dataPoints: numbers,
    }),
  }),
  z.strictObject({
    ...named,
    histogram: z.strictObject({ aggregationTemporality: cumulative, dataPoints: distributions }),
  }),
]);
const metrics = z.strictObject({
  resourceMetrics: z.array(
    z.strictObject({
      resource,
      scopeMetrics: z.array(z.strictObject({ scope, metrics: z.array(metric).min(1) })).length(1),
    }),
  ),
});

export type SentSpan = z.output<typeof span>;
export type SentMetric = z.output<typeof metric>;

/** ExportTraceServiceRequest; throws for what is none. */
export function decodeTraces(body: Buffer): { resource: Record<string, unknown>; spans: SentSpan[] } {
  const [first] = traces.parse(JSON.parse(body.toString())).resourceSpans;
  if (!first) throw new Error('no resource');
  return {
    resource: facts(first.resource.attributes),
    spans: first.scopeSpans.flatMap(({ spans }) => spans),
  };
}

/** ExportMetricsServiceRequest; throws for what is none. */
export function decodeMetrics(body: Buffer): { resource: Record<string, unknown>; metrics: SentMetric[] } {
  const [first] = metrics.parse(JSON.parse(body.toString())).resourceMetrics;
  if (!first) throw new Error('no resource');
  return {
    resource: facts(first.resource.attributes),
    metrics: first.scopeMetrics.flatMap((each) => each.metrics),
  };
}

/** Attributes as an object. */
export function facts(all: z.output<typeof attributes>): Record<string, unknown> {
  return Object.fromEntries(all.map(({ key, value }) => [key, Object.values(value)[0]]));
}
