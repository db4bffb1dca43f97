import type { Message, Value } from './messages.ts';

/** How a member is written: its number, and the kind of its value or the members of a message. */
type Field = readonly [number: number, kind: Scalar | (() => Fields)];
type Fields = Readonly<Record<string, Field>>;
type Scalar = 'string' | 'hex' | 'bool' | 'varint' | 'fixed32' | 'fixed64' | 'double';

const [varintWire, wire64, lengthWire, wire32] = [0, 1, 2, 5];

/** Members of OTLP 1.x that we send: opentelemetry/proto/{common,resource,trace,metrics}/v1. */
const anyValue: Fields = {
  stringValue: [1, 'string'],
  boolValue: [2, 'bool'],
  intValue: [3, 'varint'],
  doubleValue: [4, 'double'],
};
const keyValue: Fields = { key: [1, 'string'], value: [2, () => anyValue] };
const resource: Fields = { attributes: [1, () => keyValue] };
const scope: Fields = { name: [1, 'string'], version: [2, 'string'] };

const span: Fields = {
  traceId: [1, 'hex'],
  spanId: [2, 'hex'],
  parentSpanId: [4, 'hex'],
  name: [5, 'string'],
  kind: [6, 'varint'],
  startTimeUnixNano: [7, 'fixed64'],
  endTimeUnixNano: [8, 'fixed64'],
  attributes: [9, () => keyValue],
  status: [15, () => ({ code: [3, 'varint'] })],
  flags: [16, 'fixed32'],
};
const scopeSpans: Fields = { scope: [1, () => scope], spans: [2, () => span] };
const resourceSpans: Fields = { resource: [1, () => resource], scopeSpans: [2, () => scopeSpans] };

const numberPoint: Fields = {
  startTimeUnixNano: [2, 'fixed64'],
  timeUnixNano: [3, 'fixed64'],
  asDouble: [4, 'double'],
  attributes: [7, () => keyValue],
};
const histogramPoint: Fields = {
  startTimeUnixNano: [2, 'fixed64'],
  timeUnixNano: [3, 'fixed64'],
  count: [4, 'fixed64'],
  sum: [5, 'double'],
  bucketCounts: [6, 'fixed64'],
  explicitBounds: [7, 'double'],
  attributes: [9, () => keyValue],
};
const metric: Fields = {
  name: [1, 'string'],
  description: [2, 'string'],
  unit: [3, 'string'],
  gauge: [5, () => ({ dataPoints: [1, () => numberPoint] })],
  sum: [
    7,
    () => ({
      dataPoints: [1, () => numberPoint],
      aggregationTemporality: [2, 'varint'],
      isMonotonic: [3, 'bool'],
    }),
  ],
  histogram: [9, () => ({ dataPoints: [1, () => histogramPoint], aggregationTemporality: [2, 'varint'] })],
};
const scopeMetrics: Fields = { scope: [1, () => scope], metrics: [2, () => metric] };
const resourceMetrics: Fields = { resource: [1, () => resource], scopeMetrics: [2, () => scopeMetrics] };

export const requests: Readonly<Record<'traces' | 'metrics', Fields>> = {
  traces: { resourceSpans: [1, () => resourceSpans] },
  metrics: { resourceMetrics: [1, () => resourceMetrics] },
};

/** A message in protobuf's wire format (protobuf.dev, "Encoding"), members by their numbers, numbers that repeat packed. */
export function protobuf(message: Message, fields: Fields): Buffer {
  const members = Object.entries(message).map(([name, value]) => {
    const field = fields[name];
    if (!field) throw new Error(`OTLP: no number is known for ${name}`);
    return { field, value };
  });
  const inOrder = members.sort((a, b) => a.field[0] - b.field[0]);
  return Buffer.concat(
    inOrder.flatMap(({ field, value }) => (value === undefined ? [] : member(field, value))),
  );
}

function member([number, kind]: Field, value: Value): readonly Buffer[] {
  const values: readonly (Message | string | number | boolean)[] = Array.isArray(value) ? value : [value];
  if (typeof kind === 'function')
    // a message where the fields say one
    return values.flatMap((each) => withLength(number, protobuf(each as Message, kind())));
  const scalars = values as readonly (string | number | boolean)[]; // and none where they do not
  if (Array.isArray(value))
    return withLength(number, Buffer.concat(scalars.map((each) => scalar(kind, each))));
  if (kind === 'string' || kind === 'hex')
    return withLength(number, Buffer.from(String(value), kind === 'hex' ? 'hex' : 'utf8'));
  return [tag(number, wireOf(kind)), ...scalars.map((each) => scalar(kind, each))];
}

function withLength(number: number, bytes: Buffer): readonly Buffer[] {
  return [tag(number, lengthWire), varint(BigInt(bytes.length)), bytes];
}

function tag(number: number, wire: number): Buffer {
  return varint(BigInt((number << 3) | wire));
}

function wireOf(kind: Scalar): number {
  if (kind === 'fixed32') return wire32;
  return kind === 'fixed64' || kind === 'double' ? wire64 : varintWire;
}

function scalar(kind: Scalar, value: string | number | boolean): Buffer {
  const bytes = Buffer.alloc(kind === 'fixed32' ? 4 : 8);
  if (kind === 'double') bytes.writeDoubleLE(Number(value));
  else if (kind === 'fixed64') bytes.writeBigUInt64LE(BigInt(value));
  else if (kind === 'fixed32') bytes.writeUInt32LE(Number(value));
  else return varint(BigInt.asUintN(64, BigInt(value)));
  return bytes;
}

function varint(value: bigint): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return Buffer.from([...bytes, Number(rest)]);
}
