import { connect } from 'node:net';
import { abortReason } from '../../call.ts';
import { WireReader, wireString, wireUint32 } from '../known-hosts/wire.ts';
import { IdentityUnusable, LeftToOpenssh } from './identity-unusable.ts';

export interface AgentKey {
  /** A public key or a certificate. */
  readonly blob: Buffer;
  /** As the agent gives it: not yet clean. */
  readonly comment: string;
}

const answerLimitMs = 2_000;
/** A person may have to touch a hardware key or confirm (ssh-add -c). */
const signLimitMs = 60_000;
const maxMessageBytes = 4 * 1024 * 1024;

/** ssh-agent protocol (draft-ietf-sshm-ssh-agent): requests, answers and the flags of RSA signatures. */
const message = { listKeys: 11, keys: 12, sign: 13, signature: 14 } as const;
const rsaFlags: Readonly<Record<string, number>> = { 'rsa-sha2-256': 2, 'rsa-sha2-512': 4 };

/**
 * The keys that an agent holds, in its order. Rejects with IdentityUnusable where it does not answer within
 * 2 s, or with the signal's reason.
 */
export async function listAgentKeys(socketPath: string, signal: AbortSignal): Promise<readonly AgentKey[]> {
  const answer = await ask(socketPath, Buffer.of(message.listKeys), answerLimitMs, signal);
  try {
    const reader = new WireReader(answer);
    if (reader.byte() !== message.keys) throw new IdentityUnusable('the agent refused to list its keys');
    const count = Math.min(reader.uint32(), 2048);
    return Array.from({ length: count }, () => ({
      blob: Buffer.from(reader.string()),
      comment: reader.string().toString(),
    }));
  } catch (error) {
    throw error instanceof IdentityUnusable ? error : new IdentityUnusable('the agent’s answer is malformed');
  }
}

/**
 * A signature blob (RFC 4253 section 6.6) by a key of the agent. Rejects with IdentityUnusable where the agent
 * refuses or is not heard of for 60 s, or with the signal's reason.
 */
export async function signByAgent(
  socketPath: string,
  blob: Buffer,
  data: Buffer,
  algorithm: string,
  signal: AbortSignal,
): Promise<Buffer> {
  const flags = wireUint32(rsaFlags[algorithm] ?? 0);
  const request = Buffer.concat([Buffer.of(message.sign), wireString(blob), wireString(data), flags]);
  const answer = await ask(socketPath, request, signLimitMs, signal);
  if (answer[0] !== message.signature) {
    // it does so for a key that is bound to destinations: only ssh tells it where the connection goes
    throw new LeftToOpenssh(
      'the agent refused to sign',
      'Unlock the agent (`ssh-add -X`) or confirm the use of the key; one bound to destinations (`ssh-add -h`) must allow this host, and wants SCOUT_SSH_ENGINE=auto.',
    );
  }
  return new WireReader(answer.subarray(1)).string();
}

/** One request on a connection of its own; agents serve any number, and a stuck one blocks nobody else. */
function ask(socketPath: string, request: Buffer, limitMs: number, signal: AbortSignal): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(abortReason(signal));
    const socket = connect(socketPath);
    let received = Buffer.alloc(0);
    const settle = (finish: () => void) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      socket.destroy();
      finish();
    };
    const fail = (reason: string) => settle(() => reject(new IdentityUnusable(reason)));
    const onAbort = () => settle(() => reject(abortReason(signal)));
    const timer = setTimeout(() => fail('the agent does not answer'), limitMs);
    signal.addEventListener('abort', onAbort, { once: true });
    socket.on('error', () => fail('the agent cannot be reached'));
    socket.on('close', () => fail('the agent closed the connection'));
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      const length = received.length < 4 ? 0 : received.readUInt32BE(0);
      if (length > maxMessageBytes) fail('the agent’s answer is too long');
      else if (length > 0 && received.length >= 4 + length)
        settle(() => resolve(received.subarray(4, 4 + length)));
    });
    socket.write(wireString(request));
  });
}
