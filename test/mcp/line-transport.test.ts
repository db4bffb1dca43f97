import { PassThrough } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { beforeEach, expect, it } from 'vitest';
import { LineTransport } from '../../src/mcp/line-transport.ts';

let input: PassThrough;
let output: PassThrough;
let heard: unknown[];

beforeEach(async () => {
  [input, output, heard] = [new PassThrough(), new PassThrough(), []];
  const transport = new LineTransport(input, output);
  transport.onmessage = (message) => heard.push(message);
  await transport.start();
});

it.each([
  { jsonrpc: '2.0', id: 1, method: 'ping' },
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
