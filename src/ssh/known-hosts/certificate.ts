import { WireReader, wireString } from './wire.ts';

/** An OpenSSH certificate (PROTOCOL.certkeys), as it claims to be: nothing in it is verified yet. */
export interface Certificate {
  /** `ssh-ed25519-cert-v01@openssh.com` and its kind. */
  readonly type: string;
  /** The certified key as a plain public key blob. */
  readonly publicKey: Buffer;
  readonly kind: 'user' | 'host';
  readonly principals: readonly string[];
  /** Seconds since 1970; valid from `validAfter` until just before `validBefore`. */
  readonly validAfter: bigint;
  readonly validBefore: bigint;
  readonly criticalOptions: readonly string[];
  /** The CA's public key blob. */
  readonly authority: Buffer;
  /** What the CA signed, and its signature blob. */
  readonly signed: Buffer;
  readonly signature: Buffer;
}

/** Read a certificate; undefined for any other key, or where it is malformed. */
export function parseCertificate(blob: Buffer): Certificate | undefined {
  try {
    return read(blob);
  } catch {
    return undefined;
  }
}

/** Fields of the public key between the nonce and the serial number, by the plain key type. */
const keyFields: Readonly<Record<string, number>> = {
  'ssh-ed25519': 1,
  'ssh-rsa': 2,
  'ecdsa-sha2-nistp256': 2,
  'ecdsa-sha2-nistp384': 2,
  'ecdsa-sha2-nistp521': 2,
  'sk-ssh-ed25519@openssh.com': 2,
  'sk-ecdsa-sha2-nistp256@openssh.com': 3,
};

function read(blob: Buffer): Certificate | undefined {
  const reader = new WireReader(blob);
  const type = reader.text();
  const plain = plainType(type);
  const fields = plain === undefined ? undefined : keyFields[plain];
  if (plain === undefined || fields === undefined) return undefined;
  reader.string(); // nonce
  const key = Array.from({ length: fields }, () => wireString(reader.string()));
  reader.uint64(); // serial
  const kind = reader.uint32();
  if (kind !== 1 && kind !== 2) return undefined;
  reader.string(); // key id
  const principals = strings(reader.string());
  const [validAfter, validBefore] = [reader.uint64(), reader.uint64()];
  const criticalOptions = strings(reader.string()).filter((_, index) => index % 2 === 0);
  reader.string(); // extensions
  reader.string(); // reserved
  const authority = reader.string();
  const signed = blob.subarray(0, reader.position);
  const signature = reader.string();
  if (!reader.isAtEnd) return undefined;
  const publicKey = Buffer.concat([wireString(plain), ...key]);
  const claims = { principals, validAfter, validBefore, criticalOptions };
  return { type, publicKey, kind: kind === 1 ? 'user' : 'host', ...claims, authority, signed, signature };
}

/** `X-cert-v01@openssh.com` → `X`, with the suffix that hardware keys keep. */
function plainType(type: string): string | undefined {
  const base = /^(.*)-cert-v01@openssh\.com$/.exec(type)?.[1];
  return base?.startsWith('sk-') ? `${base}@openssh.com` : base;
}

function strings(packed: Buffer): string[] {
  const reader = new WireReader(packed);
  const found: string[] = [];
  while (!reader.isAtEnd) found.push(reader.string().toString());
  return found;
}
