import { randomBytes } from 'node:crypto';

/** Where a span belongs: W3C Trace Context, section 3.2. */
export interface TraceParent {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 hexadecimal digits; undefined for the first span of a trace. */
  readonly spanId: string | undefined;
  readonly isSampled: boolean;
}

/** What a `traceparent` says, or the begin of a trace where it is missing or not valid. */
export function traceParentOf(text: string | undefined): TraceParent {
  const match = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/.exec(text ?? '');
  const [, version = 'ff', traceId = '', spanId = '', flags = '', more] = match ?? [];
  const isValid = version !== 'ff' && !/^0+$/.test(traceId) && !/^0+$/.test(spanId);
  if (!isValid || (version === '00' && more !== undefined))
    return { traceId: randomBytes(16).toString('hex'), spanId: undefined, isSampled: true };
  return { traceId, spanId, isSampled: (Number.parseInt(flags, 16) & 1) === 1 };
}
