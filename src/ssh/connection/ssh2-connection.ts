import type { Duplex } from 'node:stream';
import type { Client, ClientChannel, SFTPWrapper } from 'ssh2';
import { ScoutError } from '../../errors.ts';
import type { Connection, ExecChannel, Exit } from '../engine.ts';
import { widenWindow } from '../sftp/transfer/wide-window.ts';
import { joinRequests } from './join-requests.ts';

/** Reasons of RFC 4254 section 5.1. Beyond its MaxSessions OpenSSH answers CONNECT_FAILED to a session channel. */
const openFailure = { prohibited: 1, connectFailed: 2, resourceShortage: 4 } as const;

/** What a program may print ahead: at 100 ms of round trip, 160 MB/s. Who reads bounds what is kept. */
const windowBytes = 16 * 1024 * 1024;

/** How long a goodbye may take: a peer that is gone never answers it. */
const goodbyeMs = 500;

export interface Ssh2ConnectionOptions {
  /** The name that errors say. */
  readonly host: string;
  readonly roundTripMs: number;
  /** Close what the connection runs over for good. */
  readonly destroy: () => void;
}

/** A ready ssh2 client behind the engine seam. */
export class Ssh2Connection implements Connection {
  readonly engine = 'ssh2';
  readonly roundTripMs: number;
  readonly gone: Promise<void>;
  isOpen = true;
  readonly #client: Client;
  readonly #host: string;
  readonly #destroy: () => void;
  /** Requests that ssh2 would leave without an answer when the connection is lost. */
  readonly #waiting = new Set<() => void>();

  /** `client` has authenticated. */
  constructor(client: Client, { host, roundTripMs, destroy }: Ssh2ConnectionOptions) {
    this.#client = client;
    this.#host = host;
    this.#destroy = destroy;
    this.roundTripMs = roundTripMs;
    this.gone = new Promise((resolve) => {
      const close = () => {
        this.isOpen = false;
        for (const lose of this.#waiting) lose();
        destroy();
        resolve();
      };
      client.once('close', close);
      client.once('end', close);
    });
  }

  /** Open a session channel and run a command on it. Rejects as the interface says. */
  async exec(command: string): Promise<ExecChannel> {
    // at once: what ends with its first packet says its status before any later turn
    return await this.#open<ExecChannel>('no_shell', (done) =>
      this.#client.exec(command, (error, stream) => done(error, stream && asExecChannel(stream))),
    );
  }

  /** Open the sftp subsystem on a session channel of its own. Rejects as the interface says. */
  async sftp(): Promise<SFTPWrapper> {
    const sftp = await this.#open<SFTPWrapper>('no_sftp', (done) => this.#client.sftp(done));
    joinRequests(sftp);
    return sftp;
  }

  /** Open a direct-tcpip channel. Rejects with ScoutError `proxy_failed`, `unreachable` or `connection_lost`. */
  async forward(host: string, port: number): Promise<Duplex> {
    const ask = (done: (error: Error | undefined, channel: ClientChannel) => void) =>
      this.#client.forwardOut('127.0.0.1', 0, host, port, done);
    return await this.#open<ClientChannel>('proxy_failed', ask, `${host} port ${port}`);
  }

  /** Close the connection; safe to call again. */
  end(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.#client.end();
    const timer = setTimeout(this.#destroy, goodbyeMs);
    void this.gone.then(() => clearTimeout(timer));
  }

  async #open<T>(
    refused: 'no_shell' | 'no_sftp' | 'proxy_failed',
    ask: (done: (error: Error | undefined, channel: T) => void) => void,
    destination = '',
  ): Promise<T> {
    if (!this.isOpen) throw this.#lost();
    let lose: (() => void) | undefined;
    try {
      return await new Promise<T>((resolve, reject) => {
        lose = () => reject(this.#lost());
        this.#waiting.add(lose);
        // ssh2 throws at once on a client that has ended: a rejection of this promise as well
        ask((error, channel) => (error ? reject(error) : resolve(channel)));
      });
    } catch (error) {
      throw error instanceof ScoutError ? error : this.#channelError(error, refused, destination);
    } finally {
      if (lose) this.#waiting.delete(lose);
    }
  }

  #channelError(
    error: unknown,
    refused: 'no_shell' | 'no_sftp' | 'proxy_failed',
    destination: string,
  ): ScoutError {
    if (!this.isOpen || !(error instanceof Error)) return this.#lost(error);
    if (/^(Not connected|No response from server|Channel is not open)$/.test(error.message)) {
      return this.#lost(error);
    }
    const reason = 'reason' in error && typeof error.reason === 'number' ? error.reason : undefined;
    if (refused === 'proxy_failed') return this.#forwardError(error, reason, destination);
    if (reason === openFailure.connectFailed || reason === openFailure.resourceShortage) {
      return new ScoutError(
        'busy',
        `${this.#host} refuses a further channel on this connection`,
        'Wait for other calls to this host to end; sshd allows as many as its MaxSessions says.',
        error,
      );
    }
    const [what, fix] = {
      no_shell: ['does not let this account run commands', 'Give the account a shell and no ForceCommand.'],
      no_sftp: ['offers no SFTP', 'Add `Subsystem sftp internal-sftp` to its sshd_config.'],
    }[refused] as [string, string];
    return new ScoutError(refused, `${this.#host} ${what}`, fix, error);
  }

  #forwardError(error: Error, reason: number | undefined, destination: string): ScoutError {
    if (reason === openFailure.connectFailed) {
      return new ScoutError(
        'unreachable',
        `the jump ${this.#host} cannot connect to ${destination}`,
        `Check HostName and Port, that sshd runs there, and that ${this.#host} reaches it.`,
        error,
      );
    }
    return new ScoutError(
      'proxy_failed',
      `the jump ${this.#host} does not forward to ${destination}`,
      `Check AllowTcpForwarding, PermitOpen and the account's key options on ${this.#host}.`,
      error,
    );
  }

  #lost(cause?: unknown): ScoutError {
    return new ScoutError(
      'connection_lost',
      `the connection to ${this.#host} was lost`,
      'Call again; if it is lost each time, look at the log of sshd there.',
      cause,
    );
  }
}

function asExecChannel(stream: ClientChannel): ExecChannel {
  widenWindow(stream, windowBytes);
  let exit: Exit = {};
  const closed = new Promise<Exit>((resolve) => {
    stream.once('exit', (code: number | null, signal?: string) => {
      exit = code === null ? { signal: signal ?? 'UNKNOWN' } : { code };
    });
    stream.once('close', () => resolve(exit));
  });
  stream.on('error', () => {}); // 'close' follows and says what matters
  return {
    stdin: stream,
    stdout: stream,
    stderr: stream.stderr,
    closed,
    signal: (name) => quietly(() => stream.signal(name)),
    close: () => quietly(() => stream.destroy()),
  };
}

/** ssh2 throws from a channel of a connection that is gone. */
function quietly(action: () => void): void {
  try {
    action();
  } catch {
    // there is nothing left to signal or to close
  }
}
