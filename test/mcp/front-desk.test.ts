import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { FirstAnswers } from '../../src/mcp/first-answers.ts';
import { answerFirst } from '../../src/mcp/front-desk.ts';

const answers: FirstAnswers = {
  versions: ['2025-11-25', '2025-06-18'],
  results: {
    initialize: { protocolVersion: '2025-11-25', capabilities: { tools: {} } },
    ping: {},
    'tools/list': { tools: [{ name: 'x' }] },
  },
};
const hello = {
  jsonrpc: '2.0',
  id: 0,
  method: 'initialize',
  params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
};
const initialized = { jsonrpc: '2.0', method: 'notifications/initialized' };
const list = { jsonrpc: '2.0', id: 'a', method: 'tools/list', params: {} };
const call = { jsonrpc: '2.0', id: 7, method: 'tools/call', params: { name: 'x' } };

afterEach(() => void vi.useRealTimers());

/** A desk with a client before it; what it has said is in `said`. */
function open(quietMs = 60_000) {
  const input = new PassThrough();
  const output = new PassThrough();
  const said: unknown[] = [];
  output.setEncoding('utf8').on('data', (text: string) => {
    said.push(
      ...text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    );
  });
  const handOver = answerFirst({ input, output, answers, quietMs });
  const outcome = handOver.then((client) => client?.greeting);
  const write = (...messages: (object | string)[]) =>
    input.write(
      messages
        .map((message) => `${typeof message === 'string' ? message : JSON.stringify(message)}\n`)
        .join(''),
    );
  /** What is left of the input for the server. */
  const rest = async () => {
    input.end();
    const chunks: Buffer[] = [];
    for await (const chunk of (await handOver)?.input ?? []) chunks.push(chunk);
    return Buffer.concat(chunks).toString();
  };
  return { input, outcome, said, write, rest };
}

describe('the front desk', () => {
  it('answers initialize with the version that was asked for, lists and pings with what was recorded', async () => {
    const { write, said, outcome, rest } = open();
    write(hello, initialized, list, { jsonrpc: '2.0', id: 5, method: 'ping' }, call);
    expect(await outcome).toEqual([hello, initialized]);
    expect(said).toEqual([
      { jsonrpc: '2.0', id: 0, result: { protocolVersion: '2025-06-18', capabilities: { tools: {} } } },
      { jsonrpc: '2.0', id: 'a', result: { tools: [{ name: 'x' }] } },
      { jsonrpc: '2.0', id: 5, result: {} },
    ]);
    expect(await rest()).toBe(`${JSON.stringify(call)}\n`);
  });

  it('offers its newest version to a client that asks for one it does not speak', async () => {
    const { write, said, outcome } = open();
    write({ ...hello, params: { ...hello.params, protocolVersion: '2031-01-01' } }, call);
    await outcome;
    expect(said).toMatchObject([{ result: { protocolVersion: '2025-11-25' } }]);
  });

  it('takes a list asked for with a progress token', async () => {
    const { write, said, outcome } = open();
    write(hello, { ...list, params: { _meta: { progressToken: 1 } } }, call);
    await outcome;
    expect(said).toHaveLength(2);
  });

  it('puts a line together that comes in pieces', async () => {
    const { write, input, said, outcome } = open();
    const line = `${JSON.stringify(hello)}\n`;
    input.write(line.slice(0, 20));
    input.write(line.slice(20));
    write(call);
    expect(await outcome).toEqual([hello]);
    expect(said).toHaveLength(1);
  });

  it.each<[string, object | string]>([
    ['a call', call],
    ['a list with a cursor', { ...list, params: { cursor: 'x' } }],
    ['a list with what no list takes', { ...list, more: 1 }],
    ['a second initialize', { ...hello, id: 1 }],
    ['a method that every object has', { ...list, method: 'toString' }],
    ['a list without an id', { jsonrpc: '2.0', method: 'tools/list' }],
    ['an id that is none', { ...list, id: 1.5 }],
    ['no JSON', 'hello'],
    ['a batch', [list] as object],
    ['another JSON-RPC', { ...list, jsonrpc: '1.0' }],
    ['an answer', { jsonrpc: '2.0', id: 1, result: {} }],
    ['a cancellation', { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 0 } }],
  ])('leaves %s, and all that follows it, to the server', async (_, message) => {
    const { write, said, outcome, rest } = open();
    write(hello, message, list);
    expect(await outcome).toEqual([hello]);
    expect(said).toHaveLength(1);
    const line = typeof message === 'string' ? message : JSON.stringify(message);
    expect(await rest()).toBe(`${line}\n${JSON.stringify(list)}\n`);
  });

  it.each<[string, object]>([
    ['a list', list],
    ['initialized', initialized],
    [
      'an initialize without client',
      { ...hello, params: { protocolVersion: '2025-06-18', capabilities: {} } },
    ],
    [
      'an initialize without capabilities',
      { ...hello, params: { ...hello.params, capabilities: undefined } },
    ],
    ['an initialize without params', { ...hello, params: undefined }],
    ['an initialize without id', { ...hello, id: undefined }],
  ])('leaves %s that comes first to the server', async (_, message) => {
    const { write, said, outcome, rest } = open();
    write(message);
    expect(await outcome).toEqual([]);
    expect(said).toEqual([]);
    expect(await rest()).toBe(`${JSON.stringify(message)}\n`);
  });

  it('leaves a line without end to the server', async () => {
    const { input, write, outcome, rest } = open();
    write(hello);
    input.write('x'.repeat(70_000));
    expect(await outcome).toEqual([hello]);
    expect(await rest()).toBe('x'.repeat(70_000));
  });

  it('closes when a client that has introduced itself stays silent, and not before', async () => {
    vi.useFakeTimers();
    const { write, input, outcome } = open(1_000);
    let closed = false;
    void outcome.then(() => {
      closed = true;
    });
    write(hello);
    await vi.advanceTimersByTimeAsync(5_000);
    write(initialized, list);
    await vi.advanceTimersByTimeAsync(900);
    write({ jsonrpc: '2.0', id: 5, method: 'ping' });
    await vi.advanceTimersByTimeAsync(900);
    expect(closed).toBe(false);
    await vi.advanceTimersByTimeAsync(200);
    expect(await outcome).toEqual([hello, initialized]);
    expect(input.isPaused()).toBe(true);
  });

  it('answers a last line that the end of the input ends', async () => {
    const { input, write, said, outcome } = open();
    write(hello, initialized);
    input.end(JSON.stringify(list));
    expect(await outcome).toBeUndefined();
    expect(said).toHaveLength(2);
  });

  it('leaves such a line to the server where it is not known here', async () => {
    const { input, write, said, outcome, rest } = open();
    write(hello);
    input.end(JSON.stringify(call));
    expect(await outcome).toEqual([hello]);
    expect(await rest()).toBe(JSON.stringify(call));
    expect(said).toHaveLength(1);
  });

  it('has nobody to hand over when the client leaves', async () => {
    const { input, write, outcome } = open();
    write(hello, initialized, list);
    input.end();
    await once(input, 'end');
    expect(await outcome).toBeUndefined();
  });
});
