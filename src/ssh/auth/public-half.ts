import { constants } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { parseCertificate } from '../known-hosts/certificate.ts';
import { isPublicKey } from '../known-hosts/public-key.ts';
import { WireReader } from '../known-hosts/wire.ts';

export interface PublicHalf {
  /** The public key; undefined where it is only in a private key that must be opened for it. */
  readonly blob: Buffer | undefined;
  /** The private key in the file wants a passphrase. */
  readonly encrypted: boolean;
}

/**
 * What an identity file tells without a passphrase. The public half is found as ssh(1) finds it: the file itself
 * where it is a public key, the `.pub` beside it, or the clear part of OpenSSH's private format.
 */
export async function readPublicHalf(path: string): Promise<PublicHalf> {
  const own = await readText(path);
  const clear = clearPart(own);
  const blob = publicKeyIn(own) ?? publicKeyIn(await readText(`${path}.pub`)) ?? clear?.blob;
  return { blob, encrypted: clear?.encrypted ?? isEncryptedPem(own) };
}

/** A user certificate in `path` or in `path.pub`, as CertificateFile names it; undefined where there is none. */
export async function readCertificate(path: string): Promise<Buffer | undefined> {
  for (const file of [path, `${path}.pub`]) {
    const blob = publicKeyIn(await readText(file));
    if (blob && parseCertificate(blob)?.kind === 'user') return blob;
  }
  return undefined;
}

/** The first line that is a whole public key or certificate; nothing of a private key is looked at. */
function publicKeyIn(text: string): Buffer | undefined {
  if (text.trimStart().startsWith('-----BEGIN')) return undefined;
  for (const line of text.split(/\r?\n/)) {
    const [, type = '', base64 = ''] =
      /^[ \t]*([^ \t#]\S*)[ \t]+([A-Za-z0-9+/]+=*)(?=[ \t]|$)/.exec(line) ?? [];
    const blob = Buffer.from(base64, 'base64');
    if (isPublicKey(blob, type) || parseCertificate(blob)?.type === type) return blob;
  }
  return undefined;
}

/** PROTOCOL.key: magic, cipher, KDF, its options, number of keys, then the public key in the clear. */
function clearPart(text: string): PublicHalf | undefined {
  const base64 = /^-----BEGIN OPENSSH PRIVATE KEY-----\r?\n([\s\S]*?)-----END/.exec(text.trimStart())?.[1];
  const content = Buffer.from(base64 ?? '', 'base64');
  const magic = 'openssh-key-v1\0';
  if (content.toString('latin1', 0, magic.length) !== magic) return undefined;
  try {
    const reader = new WireReader(content.subarray(magic.length));
    const encrypted = reader.text() !== 'none';
    reader.string(); // key derivation
    reader.string(); // its options
    return { blob: reader.uint32() === 1 ? Buffer.from(reader.string()) : undefined, encrypted };
  } catch {
    return undefined;
  }
}

/** PKCS#8 says so in its first line, PKCS#1 and SEC1 in a header. */
function isEncryptedPem(text: string): boolean {
  const start = text.trimStart();
  return start.startsWith('-----BEGIN') && start.includes('ENCRYPTED');
}

/** Without waiting where the path is a FIFO. */
const readFlags = constants.O_RDONLY | constants.O_NONBLOCK;

/** Empty where the file cannot be read or is too long for a key. */
async function readText(path: string): Promise<string> {
  const content = await readFile(path, { flag: readFlags }).catch(() => Buffer.alloc(0));
  return content.length > 1024 * 1024 ? '' : content.toString('latin1');
}
