import { PassThrough } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { beforeEach, expect, it } from 'vitest';
import { LineTransport } from '../../src/mcp/line-transport.ts';

let input: PassThrough;
let output: PassThrough;
let heard: unknown[];
let transport: LineTransport;

const ping = { jsonrpc: '2.0', id: 1, method: 'ping' } as const;

beforeEach(async () => {
  [input, output, heard] = [new PassThrough(), new PassThrough(), []];
  transport = new LineTransport(input, output);
  transport.onmessage = (message) => heard.push(message);
  await transport.start();
});

it.each([
  ping,
  {
    jsonrpc: '2.0',
    id: 'a',
    method: 'tools/call',
    params: { name: 'x', arguments: { a: [1] }, _meta: { progressToken: 1 } },
  },
  { jsonrpc: '2.0', method: 'notifications/initialized' },
  { jsonrpc: '2.0', id: 2, result: { roots: [] } },
  { jsonrpc: '2.0', id: 2, error: { code: -32601, message: 'Method not found' } },
])('hands over what is a message, as it is: %j', async (message) => {
  input.write(`${JSON.stringify(message)}\n`);
  await setImmediate();
  expect(heard).toEqual([message]);
  expect(output.read()).toBe(null);
});

it.each([
  [{ id: 1, method: 'ping' }, 1],
  [{ jsonrpc: '1.0', id: 1, method: 'ping' }, 1],
  [{ jsonrpc: '2.0', id: 'b', method: 7 }, 'b'],
  [{ jsonrpc: '2.0', id: [], method: 'ping' }, null],
  [{ jsonrpc: '2.0', id: 3, method: 'ping', params: [] }, 3],
  [{ jsonrpc: '2.0', id: 3, method: 'ping', params: null }, 3],
  [{ jsonrpc: '2.0', id: 3, method: 'ping', more: 1 }, 3],
  [{ jsonrpc: '2.0', id: 3, method: 'ping', params: { _meta: 5 } }, 3],
  [{ jsonrpc: '2.0', id: 3, method: 'ping', params: { _meta: { progressToken: {} } } }, 3],
  [{ jsonrpc: '2.0', id: 1.5, method: 'ping' }, 1.5],
  [{ jsonrpc: '2.0', id: 3 }, 3],
  [[], null],
  ['ping', null],
  [null, null],
])('answers what is none with an error of the same id: %j', async (json, id) => {
  input.write(`${JSON.stringify(json)}\n`);
  await setImmediate();
  expect(heard).toEqual([]);
  expect(JSON.parse(String(output.read()))).toMatchObject({ jsonrpc: '2.0', id, error: { code: -32600 } });
});

it('hands a request, and nothing else, to who wants requests', async () => {
  const requests: unknown[] = [];
  transport.onrequest = (request) => requests.push(request);
  const notification = { jsonrpc: '2.0', method: 'notifications/initialized' };
  input.write(`${JSON.stringify(ping)}\n${JSON.stringify(notification)}\n`);
  await setImmediate();
  expect([requests, heard]).toEqual([[ping], [notification]]);
});

it('takes a batch apart once the client has asked for the revision of MCP that has batches', async () => {
  const params = { protocolVersion: '2025-03-26' };
  input.write(`${JSON.stringify([ping])}\n`);
  input.write(`${JSON.stringify({ ...ping, method: 'initialize', params })}\n`);
  input.write(`${JSON.stringify([ping, { ...ping, id: 2 }])}\n`);
  await setImmediate();
  expect(heard.slice(1)).toEqual([ping, { ...ping, id: 2 }]);
  expect(JSON.parse(String(output.read()))).toMatchObject({ id: null, error: { code: -32600 } });
});

it('puts a line together that comes in pieces, and takes several that come at once', async () => {
  const [one, two] = [JSON.stringify(ping), JSON.stringify({ ...ping, id: 'zwölf' })];
  for (const piece of [one.slice(0, 9), `${one.slice(9)}\n\n${two}\n${two.slice(0, 9)}`, `${two.slice(9)}\n`])
    input.write(piece);
  await setImmediate();
  expect(heard).toEqual([ping, { ...ping, id: 'zwölf' }, { ...ping, id: 'zwölf' }]);
});

it('takes a last line that the end of the input ends', async () => {
  input.end(`${JSON.stringify(ping)}\n${JSON.stringify({ ...ping, id: 2 })}`);
  await setImmediate();
  expect(heard).toEqual([ping, { ...ping, id: 2 }]);
  expect(output.read()).toBe(null);
});

it('answers a last line that is cut off with a parse error', async () => {
  input.end(JSON.stringify(ping).slice(0, 20));
  await setImmediate();
  expect(heard).toEqual([]);
  expect(JSON.parse(String(output.read()))).toMatchObject({ id: null, error: { code: -32700 } });
});
