import { type Span, type SpanFacts, type Tracer, untraced } from '../../call.ts';
import type { ScoutError } from '../../errors.ts';
import { randomHex } from '../../random-hex.ts';
import { type TraceParent, traceParentOf } from './trace-parent.ts';

/** A span that has ended. */
export interface EndedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly name: string;
  readonly kind: 'internal' | 'server' | 'client';
  /** Since 1970. */
  readonly startMs: number;
  readonly endMs: number;
  readonly facts: SpanFacts;
  readonly errorCode: string | undefined;
}

/** Steps that wait for another machine. */
const remoteSteps: ReadonlySet<string> = new Set(['dial', 'command', 'sftp', 'copy']);

/**
 * Traces: a span a call, a host and a step on it. The span of a call has the correlation id as its own; a call that its
 * client does not sample is not recorded. `onEnd` gets every span when it ends.
 */
export class TraceRecorder implements Tracer {
  readonly #onEnd: (span: EndedSpan) => void;

  constructor(onEnd: (span: EndedSpan) => void) {
    this.#onEnd = onEnd;
  }

  begin(name: string, callId: string, traceparent: string | undefined): Span {
    const parent = traceParentOf(traceparent);
    if (!parent.isSampled) return untraced;
    const offsetMs = Date.now() - performance.now(); // one clock for a whole trace, whatever sets the system's
    return this.#begin(parent, callId, { name, kind: 'server' }, { call_id: callId }, offsetMs);
  }

  #begin(
    parent: TraceParent,
    spanId: string,
    what: Pick<EndedSpan, 'name' | 'kind'>,
    facts: SpanFacts,
    offsetMs: number,
  ): Span {
    const { traceId, spanId: parentSpanId } = parent;
    const startMs = performance.now() + offsetMs;
    let isOver = false;
    return {
      child: (name, childFacts = {}) => {
        const kind = remoteSteps.has(name) ? 'client' : 'internal';
        const id = randomHex(16);
        return this.#begin({ ...parent, spanId }, id, { name, kind }, childFacts, offsetMs);
      },
      end: (error?: ScoutError, more: SpanFacts = {}) => {
        if (isOver) return;
        isOver = true;
        const endMs = performance.now() + offsetMs;
        const errorCode = error?.code;
        const ended = { traceId, spanId, parentSpanId, startMs, endMs, errorCode, ...what };
        this.#onEnd({ ...ended, facts: { ...facts, ...more } });
      },
    };
  }
}
