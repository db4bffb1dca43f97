import { setTimeout as delay } from 'node:timers/promises';
import ssh2, { type AuthHandlerMiddleware } from 'ssh2';
import crypto from 'ssh2/lib/protocol/crypto.js';
import { abortReason, raceAbort } from '../../call.ts';
import { ScoutError } from '../../errors.ts';
import { KeyFiles } from '../auth/key-files.ts';
import { type Auth, prepareAuth } from '../auth/prepare-auth.ts';
import type { Connection } from '../engine.ts';
import type { HostSettings } from '../hosts/settings.ts';
import type { HostKeyGate, OpenGate } from '../known-hosts/host-key-gate.ts';
import { offeredAlgorithms } from './algorithms.ts';
import { dialError, droppedBeforeHandshake, refineDrop } from './dial-error.ts';
import { beginLoginEarly } from './early-login.ts';
import { gatherWrites } from './gather-writes.ts';
import { HandshakePace } from './handshake-pace.ts';
import { keepaliveOf, watchSilence } from './keepalive.ts';
import { spawnProxy } from './proxy-command.ts';
import { Ssh2Connection } from './ssh2-connection.ts';
import { connectTcp, type Transport } from './transport.ts';

/** Further tries at a server that drops connections, with pauses of 0.1, 0.2 … 1 s and half as much by chance. */
const dropRetries = 8;
const firstPauseMs = 100;
const longestPauseMs = 1_000;
/** Between two tries of ConnectionAttempts, as in ssh(1). */
const attemptPauseMs = 1_000;
/** Of what a server says first, as much tells what it is. */
const saidChars = 255;

export interface DialerOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly hostKeys: HostKeyGate;
}

/** Makes authenticated connections by the built-in engine; remembers what it has read of key files. */
export class Dialer {
  readonly #options: DialerOptions;
  readonly #keyFiles: KeyFiles;
  readonly #pace = new HandshakePace();

  constructor(options: DialerOptions) {
    this.#options = options;
    this.#keyFiles = new KeyFiles(options.env);
  }

  /**
   * Transport, key exchange, host key and login (RFC 4253, RFC 4252), through the connection `via` to the last
   * jump where there is one. A server that drops connections before the handshake (MaxStartups of
   * sshd_config(5)) is tried again for some seconds. Rejects with ScoutError `dns_failed`, `unreachable`,
   * `host_key_*`, `auth_failed`, `proxy_failed` or the signal's reason.
   */
  async dial(settings: HostSettings, via: Connection | undefined, signal: AbortSignal): Promise<Connection> {
    return await this.#pace.run(signal, async () => await this.#dial(settings, via, signal));
  }

  async #dial(settings: HostSettings, via: Connection | undefined, signal: AbortSignal): Promise<Connection> {
    const { env, hostKeys } = this.#options;
    for (let attempt = 1; ; attempt += 1) {
      const [auth, gate] = await Promise.all([
        prepareAuth(settings, env, signal, this.#keyFiles),
        hostKeys.open(settings, signal, async () => await openTransport(settings, env, via, signal)),
      ]);
      const transport = await openTransport(settings, env, via, signal);
      try {
        return await handshake(settings, transport, auth, gate, signal);
      } catch (error) {
        transport.destroy();
        if (signal.aborted) throw abortReason(signal);
        const again = !auth.started && droppedBeforeHandshake(error) && attempt <= dropRetries;
        if (!again) throw dialError(error, settings, auth);
      }
      const waitMs = Math.min(firstPauseMs * 2 ** (attempt - 1), longestPauseMs);
      await pause(waitMs * (0.5 + Math.random()), signal);
    }
  }
}

async function openTransport(
  settings: HostSettings,
  env: NodeJS.ProcessEnv,
  via: Connection | undefined,
  signal: AbortSignal,
): Promise<Transport> {
  if (via) {
    const askedMs = performance.now();
    const stream = await raceAbort(via.forward(settings.hostName, settings.port), signal, (late) =>
      late.destroy(),
    );
    const roundTripMs = performance.now() - askedMs;
    return { stream, roundTripMs, lendChunks: () => {}, destroy: () => stream.destroy() };
  }
  if (settings.proxyCommand !== undefined) return spawnProxy(settings.proxyCommand, settings.alias, env);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await connectTcp(settings, signal);
    } catch (error) {
      const again = error instanceof ScoutError && error.code === 'unreachable';
      if (!again || attempt >= settings.connectionAttempts) throw error;
    }
    await pause(attemptPauseMs, signal);
  }
}

async function handshake(
  settings: HostSettings,
  transport: Transport,
  auth: Auth,
  gate: OpenGate,
  signal: AbortSignal,
): Promise<Connection> {
  const algorithms = offeredAlgorithms(settings, gate.algorithms);
  const keepalive = keepaliveOf(settings);
  const client = new ssh2.Client();
  const startedMs = performance.now();
  const { stream, destroy } = transport;
  let said = '';
  const hear = (chunk: Buffer) => {
    said += chunk.toString('latin1', 0, saidChars);
    if (said.length >= saidChars) stream.off('data', hear);
  };
  const ready = new Promise<Connection>((resolve, reject) => {
    gatherWrites(stream);
    stream.on('data', hear);
    // for as long as the client lives: two errors come for one failure
    client.on('error', (error) => reject(refineDrop(error, said, settings)));
    client.once('close', () => reject(new Error('the connection was closed')));
    let mayLend = false;
    client.on('handshake', ({ sc }) => {
      mayLend = keepsNoChunk(sc.cipher);
      if (!mayLend) transport.lendChunks(false);
    });
    client.once('ready', () => {
      // without a better measure: a handshake and login take about four round trips
      const roundTripMs = transport.roundTripMs ?? (performance.now() - startedMs) / 4;
      stream.off('data', hear);
      transport.lendChunks(mayLend);
      watchSilence(stream, keepalive, destroy);
      resolve(new Ssh2Connection(client, { host: settings.alias, roundTripMs, destroy }));
    });
    client.connect({
      sock: stream,
      username: settings.user,
      authHandler: auth.handler as AuthHandlerMiddleware, // the auth room gives only methods that ssh2 takes
      algorithms,
      hostVerifier: (key: Buffer, accept: (ok: boolean) => void) => {
        gate.accept(key).then(
          () => accept(true),
          (refusal) => {
            reject(refusal);
            accept(false);
          },
        );
      },
      readyTimeout: 0,
      // ssh2 only asks; it would take megabytes of output for silence, so the judging is ours
      keepaliveInterval: keepalive.intervalMs,
      keepaliveCountMax: Number.POSITIVE_INFINITY,
    });
    auth.attach(client);
    beginLoginEarly(client);
  });
  return await raceAbort(ready, signal);
}

/**
 * Whether ssh2 is done with what it has read when it has decrypted it. For ChaCha20 it keeps a packet where it was read
 * until its tag is there, and what its native binding gives on is part of what that was given.
 */
function keepsNoChunk(cipher: string): boolean {
  return cipher.startsWith('aes') && !crypto.bindingAvailable;
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => {
    throw abortReason(signal);
  });
}
