import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RunningServer, startServer } from '../fixtures/server.ts';
import { type Sshd, startSshd } from '../fixtures/sshd.ts';
import { dice } from '../operations/beam/dice.ts';

/** The built program: from source ssh2 has its native binding, with which no chunk is lent. */
const ciphers = [
  'chacha20-poly1305@openssh.com',
  'aes128-gcm@openssh.com',
  'aes256-gcm@openssh.com',
  'aes128-ctr',
] as const;

let sshd: Sshd;
let relay: Server;
let server: RunningServer;
const sockets = new Set<Socket>();

/** Of what the server sends the last bytes come a little later: mostly a part of a packet's tag (16 bytes). */
function forward(from: Socket, to: Socket): void {
  const random = dice(7);
  let waiting: Promise<void> = Promise.resolve();
  from.on('data', (data: Buffer) => {
    waiting = waiting.then(async () => {
      const cut = Math.max(0, data.length - 1 - Math.floor(random() * 16));
      to.write(data.subarray(0, cut));
      await new Promise((resolve) => setTimeout(resolve, 2)); // so that they are read apart
      to.write(data.subarray(cut));
    });
  });
  from.on('close', () => to.destroy());
  from.on('error', () => to.destroy());
}

beforeAll(async () => {
  sshd = await startSshd({ config: [`Ciphers ${ciphers.join(',')}`] });
  relay = createServer({ noDelay: true }, (socket) => {
    const far = connect({ host: '127.0.0.1', port: sshd.port, noDelay: true });
    for (const one of [socket, far]) sockets.add(one);
    socket.pipe(far);
    socket.on('error', () => far.destroy());
    forward(far, socket);
  });
  relay.listen(0, '127.0.0.1');
  await once(relay, 'listening');
  const port = String((relay.address() as AddressInfo).port); // it listens on TCP
  const known = join(sshd.directory, 'known-by-relay');
  writeFileSync(
    known,
    `${sshd.hostKeyLines.map((line) => line.replace(String(sshd.port), port)).join('\n')}\n`,
  );
  const hosts = ciphers.map((cipher, index) =>
    sshd.configFor(`h${index}`, { Port: port, UserKnownHostsFile: known, Ciphers: cipher }),
  );
  server = await startServer(sshd.writeConfig(...hosts));
});

afterAll(async () => {
  await server.stop();
  for (const socket of sockets) socket.destroy();
  relay.close();
  await sshd.stop();
});

it('a packet that comes in many pieces is whole, whatever the cipher and whoever else reads meanwhile', async () => {
  const path = join(sshd.directory, 'numbers');
  const text = Array.from({ length: 8_000 }, (_, line) => `line ${line}`).join('\n');
  writeFileSync(path, `${text}\n`);
  for (let round = 0; round < 5; round += 1) {
    const answers = await Promise.all(
      ciphers.map((_, index) =>
        server.callTool('scout_query', {
          hosts: `h${index}`,
          command: `sha256sum ${path}; tail -n 3 ${path}`,
        }),
      ),
    );
    const answer = await server.callTool('scout_query', { hosts: 'h*', command: `cat ${path}` });
    for (const one of [...answers, answer]) expect(one.isError ?? false, one.content[0].text).toBe(false);
    for (const { content } of answers) expect(content[0].text).toContain('line 7999');
    expect(answer.content[0].text).toContain('line 100\n');
  }
  expect(server.stderr()).not.toMatch(/lost|Invalid MAC/);
});
