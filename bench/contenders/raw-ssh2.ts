import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import ssh2, { type Client, type ClientChannel, type SFTPWrapper } from 'ssh2';
import type { Contender, Place } from '../contender.ts';

/** The library alone, in this process, with Nagle's algorithm off: the floor of what is built on it. */
export const rawSsh2: Contender = {
  name: 'raw ssh2',
  async start(place) {
    const clients = new Map<string, Promise<Client>>();
    const sftps = new Map<string, Promise<SFTPWrapper>>();
    const client = (host: string) => remember(clients, host, () => connect(place));
    const sftp = (host: string) =>
      remember(sftps, host, async () => {
        const connected = await client(host);
        return await promisify<SFTPWrapper>((done) => connected.sftp(done))();
      });
    return {
      run: async (host, command) => await execute(await client(host), command),
      read: async (host, path) => await execute(await client(host), `cat ${path}`),
      async list(host, path) {
        const channel = await sftp(host);
        return (await promisify(channel.readdir.bind(channel))(path)).length;
      },
      async upload(host, from, to) {
        const channel = await sftp(host);
        await promisify<string, string, void>(channel.fastPut.bind(channel))(join(place.local, from), to);
        return 0;
      },
      async download(host, from, to) {
        const channel = await sftp(host);
        await promisify<string, string, void>(channel.fastGet.bind(channel))(from, join(place.local, to));
        return 0;
      },
      async stop() {
        for (const connected of await Promise.all(clients.values())) connected.end();
      },
    };
  },
};

async function connect({ port, user, key }: Place): Promise<Client> {
  const client = new ssh2.Client();
  client.on('error', () => {}); // what waits for it is told by `once`
  const ready = once(client, 'ready');
  client.connect({ host: '127.0.0.1', port, username: user, privateKey: readFileSync(key) });
  await ready;
  client.setNoDelay(true);
  return client;
}

async function execute(client: Client, command: string): Promise<number> {
  const channel = await promisify<string, ClientChannel>(client.exec.bind(client))(command);
  let bytes = 0;
  channel.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
  });
  channel.stderr.resume();
  await once(channel, 'close');
  return bytes;
}

function remember<T>(known: Map<string, Promise<T>>, name: string, make: () => Promise<T>): Promise<T> {
  const made = known.get(name) ?? make();
  known.set(name, made);
  return made;
}
