import { readFileSync } from 'node:fs';
import type { IncomingMessage, RequestOptions } from 'node:http';
import { gzipSync } from 'node:zlib';
import { withTimeout } from '../../call.ts';
import { ScoutError } from '../../errors.ts';
import { version } from '../../version.ts';
import type { Message } from './messages.ts';
import { protobuf, requests } from './protobuf.ts';
import type { Target } from './push-settings.ts';

/** What came of a push. `again`: the specification lets the same be sent once more. */
export type Sent =
  | { readonly ok: true }
  | { readonly ok: false; readonly again: boolean; readonly why: string };

/** Throttled, or out of order for a while (OTLP, "Retryable Response Codes"). */
const retryable: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/**
 * Push one request; never rejects. A redirect is not followed, for what is in the headers was meant for this place
 * alone. `why` holds no text of the other side.
 */
export async function send(target: Target, message: Message, signal: AbortSignal): Promise<Sent> {
  try {
    const body = bodyOf(target, message);
    const status = await withTimeout(signal, target.timeoutMs, late, (limited) =>
      post(target, body, limited),
    );
    if (status >= 200 && status < 300) return { ok: true };
    return { ok: false, again: retryable.has(status), why: `HTTP ${status}` };
  } catch (thrown) {
    const { code, name } = thrown as NodeJS.ErrnoException; // what node:http rejects with
    return { ok: false, again: true, why: code === 'ABORT_ERR' ? 'no answer in time' : (code ?? name) };
  }
}

function late(): ScoutError {
  return new ScoutError(
    'connect_timeout',
    'the collector did not answer in time',
    'Look whether it is there.',
  );
}

interface Body {
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Buffer;
}

function bodyOf({ protocol, signal, compression }: Target, message: Message): Body {
  const isJson = protocol === 'http/json';
  const plain = isJson ? Buffer.from(JSON.stringify(message)) : protobuf(message, requests[signal]);
  const type = { 'content-type': isJson ? 'application/json' : 'application/x-protobuf' };
  if (compression === 'none') return { headers: type, bytes: plain };
  return { headers: { ...type, 'content-encoding': 'gzip' }, bytes: gzipSync(plain) };
}

/** The status of the answer. Its text is not read: it is of no use, and might never end. */
async function post(target: Target, { headers, bytes }: Body, signal: AbortSignal): Promise<number> {
  const { request } = await (target.url.protocol === 'https:' ? import('node:https') : import('node:http'));
  const { ca, key, cert } = target.tls;
  const options: RequestOptions = {
    method: 'POST',
    signal,
    headers: {
      'user-agent': `scout-mcp/${version}`,
      ...target.headers,
      ...headers,
      'content-length': bytes.length,
    },
    ...(ca !== undefined && { ca: readFileSync(ca) }),
    ...(key !== undefined && { key: readFileSync(key) }),
    ...(cert !== undefined && { cert: readFileSync(cert) }),
  };
  return await new Promise<number>((resolve, reject) => {
    const sending = request(target.url, options, (response: IncomingMessage) => {
      resolve(response.statusCode ?? 0);
      response.on('error', () => {});
      response.destroy();
    });
    sending.on('error', reject);
    sending.end(bytes);
  });
}
