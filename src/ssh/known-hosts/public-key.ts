import { createHash, createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { WireReader } from './wire.ts';

/** `SHA256:…` as ssh-keygen(1) and every OpenSSH message print it. For a certificate, of the key in it. */
export function fingerprintOf(blob: Buffer): string {
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
}

/** The key format identifier of a blob (RFC 4253 section 6.6), made harmless to show. */
export function keyTypeOf(blob: Buffer): string {
  try {
    return new WireReader(blob)
      .text()
      .replace(/[^\w.@-]/g, '?')
      .slice(0, 60);
  } catch {
    return 'unknown';
  }
}

/** The short name that OpenSSH shows to people: ED25519, ECDSA, RSA, DSA, with -SK and -CERT. */
export function keyTypeName(type: string): string {
  const cert = type.includes('-cert-v0') ? '-CERT' : '';
  const sk = type.startsWith('sk-') ? '-SK' : '';
  if (type.includes('ed25519')) return `ED25519${sk}${cert}`;
  if (type.includes('ecdsa')) return `ECDSA${sk}${cert}`;
  if (type.includes('rsa')) return `RSA${cert}`;
  if (type.includes('dss')) return `DSA${cert}`;
  return type;
}

/**
 * Is this a whole public key of the type it claims (RFC 4253 section 6.6, RFC 5656 section 3.1, RFC 8709,
 * PROTOCOL.u2f)? OpenSSH ignores lines whose key is not.
 */
export function isPublicKey(blob: Buffer, type: string): boolean {
  try {
    const reader = new WireReader(blob);
    if (reader.text() !== type) return false;
    return readBody(reader, type) && reader.isAtEnd && (type.startsWith('sk-') || !!publicKeyObject(blob));
  } catch {
    return false;
  }
}

function readBody(reader: WireReader, type: string): boolean {
  const fields = bodyFields[type];
  if (fields === undefined) return false;
  const values = Array.from({ length: fields }, () => reader.string());
  if (type.endsWith('ed25519') || type.startsWith('sk-ssh-ed25519')) return values[0]?.length === 32;
  if (type.includes('ecdsa-sha2-')) return /ecdsa-sha2-(nistp\d+)/.exec(type)?.[1] === values[0]?.toString();
  return type !== 'ssh-rsa' || bitLength(values[1] ?? Buffer.alloc(0)) >= 1024; // OpenSSH reads no shorter one
}

const bodyFields: Readonly<Record<string, number>> = {
  'ssh-ed25519': 1,
  'ssh-rsa': 2,
  'ssh-dss': 4,
  'ecdsa-sha2-nistp256': 2,
  'ecdsa-sha2-nistp384': 2,
  'ecdsa-sha2-nistp521': 2,
  'sk-ssh-ed25519@openssh.com': 2,
  'sk-ecdsa-sha2-nistp256@openssh.com': 3,
};

/** A plain public key blob for node:crypto. Throws where the blob is none, or a type node:crypto has not. */
export function publicKeyObject(blob: Buffer): KeyObject | 'ssh-dss' {
  const reader = new WireReader(blob);
  const type = reader.text();
  if (type === 'ssh-dss') return type;
  return createPublicKey({ key: jsonWebKey(type, reader), format: 'jwk' });
}

function jsonWebKey(type: string, reader: WireReader): JsonWebKey {
  if (type === 'ssh-ed25519') return { kty: 'OKP', crv: 'Ed25519', x: base64Url(reader.string()) };
  if (type === 'ssh-rsa') {
    const e = base64Url(unsigned(reader.string()));
    return { kty: 'RSA', n: base64Url(unsigned(reader.string())), e };
  }
  const curve = curves[type];
  if (curve === undefined) throw new Error('a key type that node:crypto has not');
  reader.string(); // the curve once more
  const point = reader.string();
  const size = (point.length - 1) / 2;
  if (point[0] !== 4 || size !== curve.size) throw new Error('not an uncompressed point of this curve');
  const [x, y] = [point.subarray(1, 1 + size), point.subarray(1 + size)];
  return { kty: 'EC', crv: curve.name, x: base64Url(x), y: base64Url(y) };
}

const curves: Readonly<Record<string, { name: string; size: number }>> = {
  'ecdsa-sha2-nistp256': { name: 'P-256', size: 32 },
  'ecdsa-sha2-nistp384': { name: 'P-384', size: 48 },
  'ecdsa-sha2-nistp521': { name: 'P-521', size: 66 },
};

function base64Url(bytes: Buffer): string {
  return bytes.toString('base64url');
}

function unsigned(mpint: Buffer): Buffer {
  return mpint[0] === 0 ? mpint.subarray(1) : mpint;
}

function bitLength(mpint: Buffer): number {
  const bytes = unsigned(mpint);
  return bytes.length === 0 ? 0 : bytes.length * 8 - Math.clz32(bytes[0] ?? 0) + 24;
}
