import { createECDH, randomBytes } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { type Certificate, parseCertificate } from './certificate.ts';
import { WireReader, wireString } from './wire.ts';

/** RFC 4253 section 12, RFC 5656 section 7.1. */
const messages = { kexInit: 20, ecdhInit: 30, ecdhReply: 31 } as const;
/** RFC 8731, RFC 5656; one of them is with every server of these years that ssh2 can talk to by default. */
const exchanges = ['curve25519-sha256', 'curve25519-sha256@libssh.org', 'ecdh-sha2-nistp256'];
/** RFC 4253 section 6.1 lets a server send no larger packet. */
const maxPacketBytes = 35_000;
/** What a server says before its version (RFC 4253 section 4.2), and that. */
const maxBannerBytes = 64 * 1024;

/**
 * The certificate that the server at the other end of `stream` has for its host key, of one of these algorithms:
 * the first half of a key exchange, which ssh2 cannot negotiate. It proves nothing before it is verified. Undefined
 * where the server has none, or what it sends is malformed. Never rejects; the caller closes the stream, which
 * ends the wait.
 */
export async function askForCertificate(
  stream: Duplex,
  algorithms: readonly string[],
): Promise<Certificate | undefined> {
  stream.write('SSH-2.0-scout\r\n');
  stream.write(packet(kexInit(algorithms)));
  try {
    for await (const payload of payloads(stream)) {
      if (payload[0] === messages.kexInit) stream.write(packet(ecdhInit(exchangesOf(payload))));
      if (payload[0] === messages.ecdhReply)
        return parseCertificate(new WireReader(payload.subarray(1)).string());
    }
  } catch {
    // closed, or not SSH
  }
  return undefined;
}

/** The payloads of the packets that a server sends in the clear (RFC 4253 section 6). */
async function* payloads(stream: Duplex): AsyncGenerator<Buffer> {
  let held = Buffer.alloc(0);
  let greeted = false;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    held = Buffer.concat([held, chunk]);
    if (!greeted) {
      const version = /(^|\n)SSH-[^\n]*\n/.exec(held.toString('latin1'));
      if (!version && held.length > maxBannerBytes) return;
      if (!version) continue;
      greeted = true;
      held = held.subarray(version.index + version[0].length);
    }
    while (held.length >= 5) {
      const length = held.readUInt32BE(0);
      const padding = held.readUInt8(4);
      if (length > maxPacketBytes || length < padding + 2) return;
      if (held.length < 4 + length) break;
      yield held.subarray(5, 4 + length - padding);
      held = held.subarray(4 + length);
    }
  }
}

/** In the clear: a length, blanks up to a multiple of eight bytes, and no more. */
function packet(payload: Buffer): Buffer {
  const padding = 4 + ((8 - ((payload.length + 9) % 8)) % 8);
  const head = Buffer.alloc(5);
  head.writeUInt32BE(1 + payload.length + padding);
  head.writeUInt8(padding, 4);
  return Buffer.concat([head, payload, Buffer.alloc(padding)]);
}

/** RFC 4253 section 7.1. Nothing is ever encrypted, so the other algorithms only have to be there. */
function kexInit(algorithms: readonly string[]): Buffer {
  const ciphers =
    'aes128-ctr,aes256-ctr,aes128-gcm@openssh.com,aes256-gcm@openssh.com,chacha20-poly1305@openssh.com';
  const macs = 'hmac-sha2-256,hmac-sha2-512,hmac-sha2-256-etm@openssh.com,hmac-sha2-512-etm@openssh.com';
  const none = ['none', 'none', '', ''];
  const lists = [exchanges.join(','), algorithms.join(','), ciphers, ciphers, macs, macs, ...none];
  const fields = lists.map((list) => wireString(Buffer.from(list)));
  return Buffer.concat([Buffer.of(messages.kexInit), randomBytes(16), ...fields, Buffer.alloc(5)]);
}

/** The first list of a KEXINIT, after its cookie. */
function exchangesOf(payload: Buffer): readonly string[] {
  return new WireReader(payload.subarray(17)).text().split(',');
}

/** RFC 5656 section 4, RFC 8731 section 3: our half of the secret, which is never made. */
function ecdhInit(offered: readonly string[]): Buffer {
  const chosen = exchanges.find((name) => offered.includes(name)); // RFC 4253 section 7.1
  const point = chosen?.startsWith('curve25519') ? randomBytes(32) : createECDH('prime256v1').generateKeys();
  return Buffer.concat([Buffer.of(messages.ecdhInit), wireString(point)]);
}
