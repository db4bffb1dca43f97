import { describe, expect, it } from 'vitest';
import { traced, untraced } from '../../../src/call.ts';
import { ScoutError } from '../../../src/errors.ts';
import { type EndedSpan, TraceRecorder } from '../../../src/observe/otlp/trace-recorder.ts';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const spanId = '00f067aa0ba902b7';
const callId = 'b7ad6b7169203331';

function recorder(): { tracer: TraceRecorder; spans: EndedSpan[] } {
  const spans: EndedSpan[] = [];
  return { tracer: new TraceRecorder((span) => spans.push(span)), spans };
}

function rootOf(traceparent: string | undefined): EndedSpan | undefined {
  const { tracer, spans } = recorder();
  tracer.begin('tools/call x', callId, traceparent).end();
  return spans[0];
}

describe('the trace that a call came with', () => {
  it.each([
    ['version 00', `00-${traceId}-${spanId}-01`],
    ['flags of a later specification', `00-${traceId}-${spanId}-ff`],
    ['a later version, which may say more', `cc-${traceId}-${spanId}-01-what-it-says`],
  ])('goes on by %s', (_, traceparent) => {
    expect(rootOf(traceparent)).toMatchObject({ traceId, parentSpanId: spanId, spanId: callId });
  });

  it.each([
    ['nothing', undefined],
    ['the forbidden version', `ff-${traceId}-${spanId}-01`],
    ['more than version 00 has', `00-${traceId}-${spanId}-01-more`],
    ['capitals', `00-${traceId.toUpperCase()}-${spanId}-01`],
    ['a trace id of zeros', `00-${'0'.repeat(32)}-${spanId}-01`],
    ['a span id of zeros', `00-${traceId}-${'0'.repeat(16)}-01`],
    ['a short id', `00-${traceId.slice(1)}-${spanId}-01`],
    ['words', 'hello'],
    ['a line feed', `00-${traceId}-${spanId}-01\n`],
  ])('is one of its own by %s', (_, traceparent) => {
    const root = rootOf(traceparent);
    expect(root?.traceId).toMatch(/^(?!0+$)[0-9a-f]{32}$/);
    expect(root?.traceId).not.toBe(traceId);
    expect(root?.parentSpanId).toBeUndefined();
  });

  it('is not recorded where the client does not', () => {
    expect(rootOf(`00-${traceId}-${spanId}-00`)).toBeUndefined();
  });
});

describe('a span', () => {
  it('is told once, when it ends, with what it knew and what it learned', () => {
    const { tracer, spans } = recorder();
    const root = tracer.begin('tools/call x', callId, undefined);
    const host = root.child('host', { host: 'web1' });
    const dial = host.child('dial');
    dial.end(new ScoutError('unreachable', 'the secret is hunter2', 'Fix it.'));
    dial.end();
    host.end(undefined, { bytes: 5 });
    expect(spans).toMatchObject([
      { name: 'dial', kind: 'client', parentSpanId: spans[1]?.spanId, errorCode: 'unreachable' },
      { name: 'host', kind: 'internal', parentSpanId: callId, facts: { host: 'web1', bytes: 5 } },
    ]);
    root.end();
    expect(spans[2]).toMatchObject({ kind: 'server', spanId: callId, facts: { call_id: callId } });
    expect(new Set(spans.map((span) => span.traceId)).size).toBe(1);
    expect(JSON.stringify(spans)).not.toContain('hunter2');
    for (const { startMs, endMs } of spans) {
      expect(endMs).toBeGreaterThanOrEqual(startMs);
      expect(Math.abs(startMs - Date.now())).toBeLessThan(5_000);
    }
  });

  it('of a piece of work ends as the work does', async () => {
    const { tracer, spans } = recorder();
    const root = tracer.begin('tools/call x', callId, undefined);
    expect(await traced(root, 'command', async () => 7)).toBe(7);
    await expect(traced(root, 'channel', () => Promise.reject(new TypeError('x')))).rejects.toThrow('x');
    expect(spans.map(({ name, errorCode }) => [name, errorCode])).toEqual([
      ['command', undefined],
      ['channel', 'internal'],
    ]);
    expect(await traced(untraced, 'command', async () => 8)).toBe(8);
  });
});
