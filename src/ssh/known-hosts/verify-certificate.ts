import { verify } from 'node:crypto';
import { lowerAscii } from '../hosts/pattern.ts';
import type { Certificate } from './certificate.ts';
import { publicKeyObject } from './public-key.ts';
import { WireReader } from './wire.ts';

/** CASignatureAlgorithms' default, hardware keys aside: the hash that each signs with, null for Ed25519. */
const hashes: Readonly<Record<string, string | null>> = {
  'ssh-ed25519': null,
  'ecdsa-sha2-nistp256': 'sha256',
  'ecdsa-sha2-nistp384': 'sha384',
  'ecdsa-sha2-nistp521': 'sha512',
  'rsa-sha2-256': 'sha256',
  'rsa-sha2-512': 'sha512',
};

/**
 * Does `certificate` vouch for the host `name` (no port), by the rules of ssh(1) and PROTOCOL.certkeys: a host
 * certificate, in its time (`nowMs` since 1970), for this name or for any, without critical options, signed by
 * its authority by one of `algorithms` (CASignatureAlgorithms; undefined: any)? Whether the authority is to be trusted
 * is the caller's question.
 */
export function isValidHostCertificate(
  certificate: Certificate,
  name: string,
  nowMs: number,
  algorithms: readonly string[] | undefined,
): boolean {
  const { kind, principals, validAfter, validBefore, criticalOptions } = certificate;
  const now = BigInt(Math.floor(nowMs / 1_000));
  if (kind !== 'host' || criticalOptions.length > 0) return false;
  if (now < validAfter || now >= validBefore) return false;
  if (principals.length > 0 && !principals.includes(lowerAscii(name))) return false;
  return isSigned(certificate, algorithms);
}

function isSigned(
  { authority, signed, signature }: Certificate,
  algorithms: readonly string[] | undefined,
): boolean {
  try {
    const reader = new WireReader(signature);
    const algorithm = reader.text();
    const hash = (algorithms?.includes(algorithm) ?? true) ? hashes[algorithm] : undefined;
    const keyType = new WireReader(authority).text();
    const expectedType = algorithm.startsWith('rsa-sha2-') ? 'ssh-rsa' : algorithm;
    const key = publicKeyObject(authority);
    if (hash === undefined || keyType !== expectedType || key === 'ssh-dss') return false;
    const value = reader.string();
    if (!reader.isAtEnd) return false;
    const raw = algorithm.startsWith('ecdsa-') ? fixedNumbers(value, algorithm) : value;
    return verify(hash, signed, { key, dsaEncoding: 'ieee-p1363' }, raw);
  } catch {
    return false; // malformed somewhere
  }
}

/** The two numbers of an ECDSA signature (RFC 5656 section 3.1.2), each padded to the size of the curve. */
function fixedNumbers(value: Buffer, algorithm: string): Buffer {
  const size = Math.ceil(Number(algorithm.slice(-3)) / 8);
  const reader = new WireReader(value);
  const numbers = [reader.string(), reader.string()].map((mpint) => {
    const bytes = mpint[0] === 0 ? mpint.subarray(1) : mpint;
    return Buffer.concat([Buffer.alloc(size - bytes.length), bytes]);
  });
  return Buffer.concat(numbers);
}
