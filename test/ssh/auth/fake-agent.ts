import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WireReader, wireString, wireUint32 } from '../../../src/ssh/known-hosts/wire.ts';

export interface FakeAgent {
  readonly socket: string;
  stop(): void;
}

/** An agent that gives `answer`'s message to each request; null closes the connection, undefined never answers. */
export async function startFakeAgent(
  answer: (request: Buffer) => Buffer | null | undefined,
): Promise<FakeAgent> {
  const directory = mkdtempSync(join(tmpdir(), 'scout-fake-agent-'));
  const socket = join(directory, 'socket');
  const server = createServer((connection) => {
    connection.on('error', () => {});
    let received = Buffer.alloc(0);
    connection.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      if (received.length < 4 || received.length < 4 + received.readUInt32BE(0)) return;
      const reply = answer(received.subarray(4));
      if (reply === null) connection.destroy();
      else if (reply) connection.write(wireString(reply));
    });
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  const stop = () => {
    server.close();
    rmSync(directory, { recursive: true, force: true });
  };
  return { socket, stop };
}

/** The answer to a request for the list of keys. */
export function keyList(...blobs: Buffer[]): Buffer {
  const keys = blobs.flatMap((blob) => [wireString(blob), wireString('a comment')]);
  return Buffer.concat([Buffer.of(12), wireUint32(blobs.length), ...keys]);
}

/** A hardware key as sshd sees one (PROTOCOL.u2f), made in software, and an agent that signs with it. */
export async function startHardwareKeyAgent(): Promise<
  FakeAgent & { publicKey: string; signatures(): number }
> {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const type = 'sk-ssh-ed25519@openssh.com';
  const point = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
  const blob = Buffer.concat([wireString(type), wireString(point), wireString('ssh:')]);
  let signatures = 0;
  const agent = await startFakeAgent((request) => {
    if (request[0] === 11) return keyList(blob);
    const reader = new WireReader(request.subarray(1));
    reader.string();
    const data = reader.string();
    signatures += 1;
    const flagsAndCounter = Buffer.from('0100000001', 'hex'); // user present
    const signed = Buffer.concat([sha256(Buffer.from('ssh:')), flagsAndCounter, sha256(data)]);
    const signature = Buffer.concat([
      wireString(type),
      wireString(sign(null, signed, privateKey)),
      flagsAndCounter,
    ]);
    return Buffer.concat([Buffer.of(14), wireString(signature)]);
  });
  return { ...agent, publicKey: `${type} ${blob.toString('base64')}`, signatures: () => signatures };
}

function sha256(data: Buffer): Buffer {
  return createHash('sha256').update(data).digest();
}
