import { createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import ssh2 from 'ssh2';
import { wireMpint, wireString } from '../known-hosts/wire.ts';
import { IdentityUnusable, LeftToOpenssh } from './identity-unusable.ts';

export interface PrivateKey {
  /** The public half (RFC 4253 section 6.6). */
  readonly blob: Buffer;
  /** A signature blob over `data`; `algorithm` is a signature algorithm such as `rsa-sha2-512`. */
  sign(data: Buffer, algorithm: string): Buffer;
}

/** The key is encrypted and `passphrase` is missing or wrong. */
export class PassphraseNeeded extends Error {}

/**
 * A private key from the content of a file: OpenSSH's own format, PKCS#1, SEC1 or PKCS#8. With a passphrase the
 * derivation of the key takes some 100 ms of processor time. Throws PassphraseNeeded or IdentityUnusable.
 */
export function parsePrivateKey(content: Buffer, passphrase?: string): PrivateKey {
  const text = content.toString('latin1').trim();
  const key = text.startsWith('-----BEGIN OPENSSH PRIVATE KEY-----')
    ? parseOpenSsh(text, passphrase)
    : parsePem(text, passphrase);
  const blob = publicBlob(key);
  return { blob, sign: (data, algorithm) => signatureBlob(key, data, algorithm) };
}

function parseOpenSsh(text: string, passphrase: string | undefined): KeyObject {
  const parsed = ssh2.utils.parseKey(text, passphrase);
  const key = Array.isArray(parsed) ? parsed[0] : parsed;
  if (key !== undefined && !(key instanceof Error)) return createPrivateKey(key.getPrivatePEM());
  const why = key?.message ?? '';
  if (/no passphrase|bad passphrase|integrity check/i.test(why)) throw new PassphraseNeeded();
  if (/cipher/i.test(why)) {
    throw new IdentityUnusable(
      'is encrypted with a cipher that the built-in SSH engine lacks',
      'Load the key into ssh-agent with ssh-add, or encrypt it anew with `ssh-keygen -p -Z aes256-ctr`.',
    );
  }
  throw new IdentityUnusable('is not a private key of a supported type');
}

function parsePem(text: string, passphrase: string | undefined): KeyObject {
  if (!/^-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/m.test(text))
    throw new IdentityUnusable('is not a private key');
  const isEncrypted = /ENCRYPTED/.test(text);
  if (isEncrypted && passphrase === undefined) throw new PassphraseNeeded();
  try {
    return createPrivateKey({ key: text, format: 'pem', ...(isEncrypted && { passphrase }) });
  } catch {
    if (isEncrypted) throw new PassphraseNeeded();
    throw new IdentityUnusable('is damaged or of an unsupported type');
  }
}

/** The curves of RFC 5656, by what node:crypto calls them. */
const curves: Readonly<Record<string, string>> = {
  prime256v1: 'nistp256',
  secp384r1: 'nistp384',
  secp521r1: 'nistp521',
};

function publicBlob(key: KeyObject): Buffer {
  const type = key.asymmetricKeyDetails?.namedCurve ?? key.asymmetricKeyType ?? 'unknown';
  const curve = curves[type];
  // said here, as the export throws an error of its own for DSA and RSA-PSS
  if (!curve && type !== 'rsa' && type !== 'ed25519')
    throw new (type === 'dsa' ? LeftToOpenssh : IdentityUnusable)(
      `is of the type ${type}, which the built-in SSH engine lacks`,
    );
  const { n = '', e = '', x = '', y = '' } = createPublicKey(key).export({ format: 'jwk' });
  const bytes = (text: string) => Buffer.from(text, 'base64url');
  if (type === 'rsa') return Buffer.concat([wireString('ssh-rsa'), wireMpint(bytes(e)), wireMpint(bytes(n))]);
  if (!curve) return Buffer.concat([wireString('ssh-ed25519'), wireString(bytes(x))]);
  const point = Buffer.concat([Buffer.of(4), bytes(x), bytes(y)]);
  return Buffer.concat([wireString(`ecdsa-sha2-${curve}`), wireString(curve), wireString(point)]);
}

const hashes: Readonly<Record<string, string>> = {
  'ssh-rsa': 'sha1',
  'rsa-sha2-256': 'sha256',
  'rsa-sha2-512': 'sha512',
  'ecdsa-sha2-nistp256': 'sha256',
  'ecdsa-sha2-nistp384': 'sha384',
  'ecdsa-sha2-nistp521': 'sha512',
};

/** RFC 4253 section 6.6, RFC 5656 section 3.1.2, RFC 8332, RFC 8709. */
function signatureBlob(key: KeyObject, data: Buffer, algorithm: string): Buffer {
  const raw = sign(hashes[algorithm] ?? null, data, { key, dsaEncoding: 'ieee-p1363' });
  if (!algorithm.startsWith('ecdsa-')) return Buffer.concat([wireString(algorithm), wireString(raw)]);
  const half = raw.length / 2;
  const numbers = Buffer.concat([wireMpint(raw.subarray(0, half)), wireMpint(raw.subarray(half))]);
  return Buffer.concat([wireString(algorithm), wireString(numbers)]);
}
