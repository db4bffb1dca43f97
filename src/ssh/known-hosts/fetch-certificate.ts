import { execFile } from 'node:child_process';
import type { HostSettings } from '../hosts/settings.ts';
import { type Certificate, parseCertificate } from './certificate.ts';
import { keyTypeOf } from './public-key.ts';

const limitMs = 5_000;
const maxOutputBytes = 1024 * 1024;

/**
 * The certificate that a server has for the key it showed, by ssh-keyscan(1): ssh2 cannot ask for one. Undefined
 * where ssh-keyscan is not installed, where the host is not reached directly, or where there is none within 5 s.
 * It proves nothing before it is verified. Never rejects.
 */
export async function fetchHostCertificate(
  settings: HostSettings,
  shown: Buffer,
  signal: AbortSignal,
): Promise<Certificate | undefined> {
  const { hostName, port, proxyJump, proxyCommand } = settings;
  const type = keyTypeOf(shown).replace(/^ssh-|-sha2-.*$/g, ''); // ed25519, ecdsa, rsa
  if (proxyJump.length > 0 || proxyCommand !== undefined || hostName.startsWith('-')) return undefined;
  const printed = await run(
    ['-c', '-T', String(limitMs / 1_000), '-t', type, '-p', String(port), hostName],
    signal,
  );
  for (const [, base64 = ''] of printed.matchAll(/-cert-v01@openssh\.com (\S+)$/gm)) {
    const certificate = parseCertificate(Buffer.from(base64, 'base64'));
    if (certificate?.publicKey.equals(shown)) return certificate;
  }
  return undefined;
}

function run(words: readonly string[], signal: AbortSignal): Promise<string> {
  const options = {
    signal,
    timeout: limitMs + 500,
    maxBuffer: maxOutputBytes,
    killSignal: 'SIGKILL',
  } as const;
  return new Promise((resolve) => {
    execFile('ssh-keyscan', words, options, (error, stdout) => resolve(error ? '' : stdout));
  });
}
