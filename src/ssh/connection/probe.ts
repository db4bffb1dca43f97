import type { Duplex } from 'node:stream';
import { abortReason } from '../../call.ts';
import { ScoutError } from '../../errors.ts';
import { type RemoteText, toRemoteLine } from '../../remote-text.ts';
import type { HostSettings } from '../hosts/settings.ts';
import { connectTcp } from './transport.ts';

/** RFC 4253 section 4.2: an identification line has at most 255 bytes; other lines may stand before it. */
const maxBytes = 8_192;

/**
 * Connect to a host's address and read what the server says first; nothing is sent and nobody logs in. Rejects
 * with ScoutError `dns_failed`, `unreachable`, or the signal's reason.
 */
export async function readBanner(settings: HostSettings, signal: AbortSignal): Promise<RemoteText> {
  const transport = await connectTcp(settings, signal);
  try {
    return toRemoteLine(await identification(settings, transport.stream, signal));
  } finally {
    transport.destroy();
  }
}

async function identification(settings: HostSettings, stream: Duplex, signal: AbortSignal): Promise<string> {
  return await new Promise((resolve, reject) => {
    let seen = '';
    const noServer = () => {
      const where = `${settings.hostName} port ${settings.port}`;
      reject(
        new ScoutError(
          'unreachable',
          `${settings.alias}: no SSH server answers on ${where}`,
          'Check Port and sshd there.',
        ),
      );
    };
    const stop = () => reject(abortReason(signal));
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    stream.on('error', noServer);
    stream.on('close', () => {
      signal.removeEventListener('abort', stop);
      noServer();
    });
    stream.on('data', (chunk: Buffer) => {
      seen += chunk.toString('latin1');
      const line = /^SSH-[^\r\n]{1,251}(?=\r?\n)/m.exec(seen)?.[0];
      if (line !== undefined) resolve(line);
      else if (seen.length > maxBytes) noServer();
    });
  });
}
