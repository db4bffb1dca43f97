import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { gatherWrites } from '../../../src/ssh/connection/gather-writes.ts';

/** A stream that notes what it was given together. */
function noting(): { readonly stream: Duplex; readonly given: string[][] } {
  const given: string[][] = [];
  const stream = new Duplex({
    read() {},
    write(chunk: Buffer, _, done) {
      given.push([String(chunk)]);
      done();
    },
    writev(chunks, done) {
      given.push(chunks.map(({ chunk }) => String(chunk)));
      done();
    },
  });
  return { stream, given };
}

describe('writes', () => {
  it('of one turn leave together, in their order', async () => {
    const { stream, given } = noting();
    gatherWrites(stream);
    for (const word of ['length', 'body', 'tag']) stream.write(word);
    await turn();
    stream.write('next');
    await turn();
    expect(given).toEqual([['length', 'body', 'tag'], ['next']]);
  });

  it('of promises that follow one another leave together too', async () => {
    const { stream, given } = noting();
    gatherWrites(stream);
    await Promise.resolve().then(() => {
      stream.write('a');
      return Promise.resolve().then(() => void stream.write('b'));
    });
    await turn();
    expect(given).toEqual([['a', 'b']]);
  });

  it('before the end are not lost', async () => {
    const { received, client } = await pair();
    gatherWrites(client);
    client.write('last ');
    client.end('words');
    expect(await received).toBe('last words');
  });
});

async function turn(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

async function pair(): Promise<{ readonly received: Promise<string>; readonly client: Socket }> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const received = once(server, 'connection').then(async ([socket]: Socket[]) => {
    let text = '';
    for await (const chunk of socket ?? []) text += chunk;
    server.close();
    return text;
  });
  const client = connect(address.port, '127.0.0.1');
  await once(client, 'connect');
  return { received, client };
}
