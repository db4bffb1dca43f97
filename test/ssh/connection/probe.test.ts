import { createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { ScoutError } from '../../../src/errors.ts';
import { readBanner } from '../../../src/ssh/connection/probe.ts';
import type { HostSettings } from '../../../src/ssh/hosts/settings.ts';
import { type Sshd, startSshd } from '../../fixtures/sshd.ts';

let sshd: Sshd;
beforeAll(async () => {
  sshd = await startSshd();
});
afterAll(() => sshd.stop());

const { signal } = new AbortController();

function at(port: number): HostSettings {
  const facts = { alias: 'web1', hostName: '127.0.0.1', port, addressFamily: 'any', tcpKeepAlive: true };
  return facts as HostSettings; // no other field is looked at
}

async function serverThat(serve: (socket: Socket) => void): Promise<number> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    serve(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

test('the identification of a server is read, and nothing is sent', async () => {
  expect(await readBanner(at(sshd.port), signal)).toMatch(/^SSH-2\.0-OpenSSH_/);
  let received = 0;
  const port = await serverThat((socket) => {
    socket.on('data', (data) => {
      received += data.length;
    });
    socket.write('hello\r\nSSH-2.0-in');
    setTimeout(() => socket.write(' pieces\r\n'), 20);
  });
  expect(await readBanner(at(port), signal)).toBe('SSH-2.0-in pieces');
  expect(received).toBe(0);
});

test.each([
  ['hangs up', (socket: Socket) => socket.end()],
  ['is no SSH server', (socket: Socket) => socket.end('HTTP/1.1 200 OK\r\n')],
  ['talks without end', (socket: Socket) => socket.write('x'.repeat(10_000))],
])('a server that %s is unreachable', async (_, serve) => {
  const port = await serverThat(serve);
  await expect(readBanner(at(port), signal)).rejects.toMatchObject({
    code: 'unreachable',
    message: expect.stringContaining('web1'),
  });
});

test('a server that says nothing ends with the reason of the signal', async () => {
  const port = await serverThat(() => {});
  const controller = new AbortController();
  const reason = new ScoutError('connect_timeout', 'too late', 'Wait.');
  const probing = expect(readBanner(at(port), controller.signal)).rejects.toBe(reason);
  setTimeout(() => controller.abort(reason), 30);
  await probing;
});
