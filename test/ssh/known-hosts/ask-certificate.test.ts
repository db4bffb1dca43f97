import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { askForCertificate } from '../../../src/ssh/known-hosts/ask-certificate.ts';
import { generateKey, keyTypes, publicKey } from '../../fixtures/keys.ts';
import { type Sshd, startSshd } from '../../fixtures/sshd.ts';

let directory: string;
let sshd: Sshd;
let curveOnly: Sshd;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'scout-ask-'));
  const authority = join(directory, 'authority');
  generateKey(authority, 'ed25519');
  for (const type of keyTypes) {
    generateKey(join(directory, type), type);
    execFileSync('ssh-keygen', ['-q', '-s', authority, '-h', '-I', 'test', join(directory, `${type}.pub`)]);
  }
  const own = keyTypes.flatMap((type) => [
    `HostKey ${join(directory, type)}`,
    `HostCertificate ${join(directory, `${type}-cert.pub`)}`,
  ]);
  [sshd, curveOnly] = await Promise.all([
    startSshd({ hostKeys: [], config: [...own, 'KexAlgorithms ecdh-sha2-nistp256'] }),
    startSshd({ hostKeys: [], config: [...own.slice(0, 2), 'KexAlgorithms curve25519-sha256@libssh.org'] }),
  ]);
});
afterAll(async () => {
  await Promise.all([sshd?.stop(), curveOnly?.stop()]);
  rmSync(directory, { recursive: true, force: true });
});

it.each([
  ['ed25519', 'ssh-ed25519-cert-v01@openssh.com'],
  ['ecdsa', 'ecdsa-sha2-nistp256-cert-v01@openssh.com'],
  ['rsa', 'rsa-sha2-512-cert-v01@openssh.com'],
] as const)('a server shows the certificate of its %s key', async (type, algorithm) => {
  const certificate = await askForCertificate(streamTo(sshd.port), [algorithm]);
  const [, blob = ''] = publicKey(join(directory, type)).split(' ');
  expect(certificate?.publicKey.toString('base64')).toBe(blob);
  expect(certificate?.kind).toBe('host');
});

it('also one that has Curve25519 only', async () => {
  const ed25519 = ['ssh-ed25519-cert-v01@openssh.com'];
  expect(await askForCertificate(streamTo(curveOnly.port), ed25519)).toBeDefined();
});

it('there is none where the server has no such key, though it has others', async () => {
  const ecdsa = ['ecdsa-sha2-nistp256-cert-v01@openssh.com'];
  expect(await askForCertificate(streamTo(curveOnly.port), ecdsa)).toBeUndefined();
});

it.each([
  ['closes the connection', (client: Socket) => client.end()],
  ['is no SSH server', (client: Socket) => client.end('HTTP/1.1 400 Bad Request\r\n\r\n')],
  ['talks without end', (client: Socket) => client.write('x'.repeat(100_000))],
  [
    'sends a packet of a length that no packet has',
    (client: Socket) => client.write(`SSH-2.0-x\r\n${'\xff'.repeat(9)}`),
  ],
  ['sends an empty packet', (client: Socket) => client.write('SSH-2.0-x\r\n\0\0\0\u0001\0\0\0\0')],
  [
    'sends a reply that is cut off',
    (client: Socket) => client.write('SSH-2.0-x\r\n\0\0\0\u000c\u0004\u001f\0\0\0\u0009aaaaaa'),
  ],
])('there is none where the other end %s', async (_, talk) => {
  const server = createServer((client) => {
    client.on('error', () => {});
    talk(client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  const stream = streamTo(typeof address === 'object' && address ? address.port : 0);
  expect(await askForCertificate(stream, ['ssh-ed25519-cert-v01@openssh.com'])).toBeUndefined();
});

it('a wait ends when the stream is closed', async () => {
  const server = createServer((client) => void client.on('error', () => {}).write('SSH-2.0-x\r\n'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  const stream = streamTo(typeof address === 'object' && address ? address.port : 0);
  const asked = askForCertificate(stream, ['ssh-ed25519-cert-v01@openssh.com']);
  stream.destroy();
  expect(await asked).toBeUndefined();
});

function streamTo(port: number): Socket {
  const stream = connect(port, '127.0.0.1');
  stream.on('error', () => {});
  onTestFinished(() => void stream.destroy());
  return stream;
}
