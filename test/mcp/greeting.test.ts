import { PassThrough } from 'node:stream';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { expect, it } from 'vitest';
import { answersFor, firstAnswers } from '../../src/mcp/first-answers.ts';
import type { Greeting } from '../../src/mcp/front-desk.ts';
import { LineTransport } from '../../src/mcp/line-transport.ts';
import { until } from '../fixtures/until.ts';

const greeting: Greeting = [
  {
    jsonrpc: '2.0',
    id: 1,
    method: 'initialize',
    params: {
      protocolVersion: '2025-06-18',
      capabilities: { elicitation: { form: {} } },
      clientInfo: { name: 'test', version: '1' },
    },
  },
  { jsonrpc: '2.0', method: 'notifications/initialized' },
];

it('A server hears the greeting of its client, and the client hears no second answer to it', async () => {
  const input = new PassThrough();
  const output = new PassThrough();
  let said = '';
  output.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const server = new Server({ name: 'test', version: '1' }, { capabilities: {} });
  let initialized = false;
  server.oninitialized = () => {
    initialized = true;
  };
  input.pause();
  input.write('{"jsonrpc":"2.0","id":2,"method":"ping"}\n');
  await server.connect(new LineTransport(input, output, greeting));
  await until(() => said.includes('\n'));
  input.write('{"jsonrpc":"2.0","id":1,"method":"ping"}\n'); // an id that a careless client uses again
  await until(() => said.split('\n').length > 2);
  const ids = said
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).id);
  expect(ids).toEqual([2, 1]);
  expect(server.getClientCapabilities()?.elicitation?.form).toBeDefined();
  expect(initialized).toBe(true);
  await server.close();
});

it('The tools that are listed without the server are those of the settings', () => {
  const recorded = {
    versions: ['v'],
    results: { ping: {} },
    tools: ['read', 'copy', 'copy up'].map((name) => ({ name })),
    offers: { 'readonly off': [0], 'readonly upload': [0, 2] },
  };
  const listed = answersFor({ queryPolicy: 'readonly', beam: 'upload' }, recorded)?.results['tools/list'];
  expect(listed).toEqual({ tools: [{ name: 'read' }, { name: 'copy up' }] });
  expect(answersFor({ queryPolicy: 'walled', beam: 'on' }, recorded)).toBeUndefined();
});

it('A server that runs from its source has no answers before it is loaded', () => {
  expect(firstAnswers({ queryPolicy: 'readonly', beam: 'off' })).toBeUndefined();
});
