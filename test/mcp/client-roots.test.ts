import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { ListRootsRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { expect, test } from 'vitest';
import { clientRoots } from '../../src/mcp/client-roots.ts';

const never = new AbortController().signal;

async function connected(roots: (() => readonly string[]) | undefined) {
  const info = { name: 'test', version: '1' };
  const server = new Server(info, { capabilities: {} });
  const client = new Client(info, { capabilities: roots ? { roots: {} } : {} });
  if (roots) {
    client.setRequestHandler(ListRootsRequestSchema, () => ({ roots: roots().map((uri) => ({ uri })) }));
  }
  const [here, there] = InMemoryTransport.createLinkedPair();
  await Promise.all([server.connect(here), client.connect(there)]);
  return { server, close: () => client.close() };
}

test('the roots of a client are those that it tells now', async () => {
  let roots = ['file:///srv/a'];
  const { server, close } = await connected(() => roots);
  expect(await clientRoots(server, never)).toEqual(['file:///srv/a']);
  roots = ['file:///srv/b', 'file:///srv/c'];
  expect(await clientRoots(server, never)).toEqual(['file:///srv/b', 'file:///srv/c']);
  await close();
});

test('a client that has none, and one that fails, tells none', async () => {
  const without = await connected(undefined);
  expect(await clientRoots(without.server, never)).toEqual([]);
  const failing = await connected(() => {
    throw new Error('no window');
  });
  expect(await clientRoots(failing.server, never)).toEqual([]);
  await Promise.all([without.close(), failing.close()]);
});
