import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { ElicitRequestSchema, type ElicitResult } from '@modelcontextprotocol/sdk/types.js';
import { afterEach, expect, test } from 'vitest';
import { ScoutError } from '../../src/errors.ts';
import { askHuman } from '../../src/mcp/ask-human.ts';
import { until } from '../fixtures/until.ts';

const never = new AbortController().signal;
const open: Client[] = [];
afterEach(async () => {
  for (const client of open.splice(0)) await client.close();
});

/** A server whose client answers every question so; undefined: a client that cannot. */
async function connected(
  answer: ((message: string, signal: AbortSignal) => Promise<ElicitResult>) | undefined,
) {
  const info = { name: 'test', version: '1' };
  const server = new Server(info, { capabilities: {} });
  const client = new Client(info, { capabilities: answer ? { elicitation: { form: {} } } : {} });
  if (answer) {
    client.setRequestHandler(ElicitRequestSchema, ({ params }, { signal }) => answer(params.message, signal));
  }
  const [here, there] = InMemoryTransport.createLinkedPair();
  await Promise.all([server.connect(here), client.connect(there)]);
  open.push(client);
  return server;
}

test.each([
  ['accept', true],
  ['decline', false],
  ['cancel', false],
] as const)('the action %s is the answer %s', async (action, expected) => {
  const asked: string[] = [];
  const server = await connected(async (message) => {
    asked.push(message);
    return { action };
  });
  expect(await askHuman(server, 'Go on?', never)).toBe(expected);
  expect(asked).toEqual(['Go on?']);
});

test('a client that cannot ask, and one that fails, is a no', async () => {
  expect(await askHuman(await connected(undefined), 'Go on?', never)).toBe(false);
  const failing = await connected(async () => {
    throw new Error('no window');
  });
  expect(await askHuman(failing, 'Go on?', never)).toBe(false);
});

test('a question that is given up is withdrawn at the client, and is a no', async () => {
  let shown: AbortSignal | undefined;
  const server = await connected((_, signal) => {
    shown = signal;
    return new Promise(() => {});
  });
  await server.ping(); // the SDK's client overlooks the cancellation of the first request, whose id is 0
  const controller = new AbortController();
  const answer = askHuman(server, 'Go on?', controller.signal);
  await until(() => shown !== undefined);
  controller.abort(new ScoutError('cancelled', 'over', 'Nothing.'));
  expect(await answer).toBe(false);
  await until(() => shown?.aborted === true);
});
