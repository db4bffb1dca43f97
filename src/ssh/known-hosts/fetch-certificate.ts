import { execFile } from 'node:child_process';
import type { Duplex } from 'node:stream';
import type { HostSettings } from '../hosts/settings.ts';
import { askForCertificate } from './ask-certificate.ts';
import { type Certificate, parseCertificate } from './certificate.ts';
import { keyTypeOf } from './public-key.ts';

const limitMs = 5_000;
const maxOutputBytes = 1024 * 1024;

/** A second connection to a host that is not reached directly, and how to close it. */
export interface AnotherWay {
  readonly stream: Duplex;
  destroy(): void;
}

/**
 * The certificate that a server has for the key it showed, which ssh2 cannot ask for: by ssh-keyscan(1), and
 * `anotherWay` where the host is behind a jump or ProxyCommand. Undefined where ssh-keyscan is not installed or
 * the other way is not given, or where there is none within 5 s. It proves nothing before it is verified. Never
 * rejects.
 */
export async function fetchHostCertificate(
  settings: HostSettings,
  shown: Buffer,
  signal: AbortSignal,
  anotherWay: (() => Promise<AnotherWay>) | undefined,
): Promise<Certificate | undefined> {
  const { hostName, port, proxyJump, proxyCommand } = settings;
  const type = keyTypeOf(shown).replace(/^ssh-|-sha2-.*$/g, ''); // ed25519, ecdsa, rsa
  if (proxyJump.length > 0 || proxyCommand !== undefined) {
    const certificate = await behindProxy(keyTypeOf(shown), signal, anotherWay);
    return certificate?.publicKey.equals(shown) ? certificate : undefined;
  }
  if (hostName.startsWith('-')) return undefined;
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

async function behindProxy(
  type: string,
  signal: AbortSignal,
  anotherWay: (() => Promise<AnotherWay>) | undefined,
): Promise<Certificate | undefined> {
  const way = await anotherWay?.().catch(() => undefined);
  if (!way) return undefined;
  const stop = () => way.destroy();
  const timer = setTimeout(stop, limitMs);
  signal.addEventListener('abort', stop, { once: true });
  const plain = type === 'ssh-rsa' ? ['rsa-sha2-512', 'rsa-sha2-256'] : [type];
  try {
    if (signal.aborted) return undefined;
    return await askForCertificate(
      way.stream,
      plain.map((name) => `${name}-cert-v01@openssh.com`),
    );
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
    stop();
  }
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
