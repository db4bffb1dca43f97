import { existsSync } from 'node:fs';
import { Duplex } from 'node:stream';
import type { SFTPWrapper } from 'ssh2';
import { ScoutError } from '../../errors.ts';
import type { Connection, ExecChannel, Exit } from '../engine.ts';
import { openPassenger, type Passenger, type PassengerEnd, type PassengerOptions } from './passenger.ts';
import { sftpOver } from './stdio-sftp.ts';

export interface OpensshConnectionOptions extends PassengerOptions {
  /** The name that errors say; an argument of `ssh`, so it must not start with a dash. */
  readonly host: string;
  readonly roundTripMs: number;
  /** The master is gone. Settles; never rejects. */
  readonly gone: Promise<void>;
  /** Does the master still answer? */
  readonly isAlive: () => Promise<boolean>;
  /** Let go of the master; `gone` settles. */
  readonly end: () => void;
}

/** The connection of an `ssh` master behind the engine seam: one `ssh -S` for each channel. */
export class OpensshConnection implements Connection {
  readonly engine = 'openssh';
  readonly roundTripMs: number;
  readonly gone: Promise<void>;
  #isOpen = true;
  readonly #options: OpensshConnectionOptions;
  readonly #passengers = new Set<Passenger>();
  #count = 0;

  constructor(options: OpensshConnectionOptions) {
    this.#options = options;
    this.roundTripMs = options.roundTripMs;
    this.gone = options.gone.then(() => {
      this.#isOpen = false;
      for (const passenger of this.#passengers) passenger.kill();
    });
  }

  /** A master that ends removes its socket before its passengers hear of it; that it is gone is known later. */
  get isOpen(): boolean {
    return this.#isOpen && existsSync(this.#options.controlPath);
  }

  /** Open a session channel and run a command on it. Rejects as the interface says. */
  async exec(command: string): Promise<ExecChannel> {
    const { host } = this.#options;
    const { stdin, stdout, stderr, ended, kill } = await this.#open(['--', host, command], refusedSession);
    return {
      stdin,
      stdout,
      stderr,
      closed: ended.then((end) => this.#exit(end)),
      signal: (name) => {
        if (name === 'KILL') kill(); // no other signal passes a master; the end of the channel does
      },
      close: kill,
    };
  }

  /** Open the sftp subsystem on a session channel of its own. Rejects as the interface says. */
  async sftp(): Promise<SFTPWrapper> {
    const { host } = this.#options;
    const passenger = await this.#open(['-s', '--', host, 'sftp'], refusedSession);
    try {
      return await sftpOver(passenger);
    } catch (error) {
      passenger.kill();
      if (!(await this.#stillThere())) throw lost(host, error);
      throw new ScoutError(
        'no_sftp',
        `${host} offers no SFTP`,
        'Add `Subsystem sftp internal-sftp` to its sshd_config.',
        error,
      );
    }
  }

  /** Open a direct-tcpip channel. Rejects with ScoutError `unreachable` or `connection_lost`. */
  async forward(host: string, port: number): Promise<Duplex> {
    const jump = this.#options.host;
    const target = `${host.includes(':') ? `[${host}]` : host}:${port}`;
    const { stdin, stdout, stderr, kill } = await this.#open(['-W', target, '--', jump], (cause) =>
      refusedForward(jump, target, cause),
    );
    stderr.resume();
    const stream = Duplex.from({ readable: stdout, writable: stdin });
    stream.on('error', () => {}); // Node calls it one when we destroy it; who uses the stream hears 'close'
    stream.once('close', kill);
    return stream;
  }

  /** Let go of the connection; safe to call again. */
  end(): void {
    this.#isOpen = false;
    for (const passenger of this.#passengers) passenger.kill();
    this.#options.end();
  }

  async #open(
    words: readonly string[],
    refused: (cause: Error, host: string) => ScoutError,
  ): Promise<Passenger> {
    const { host } = this.#options;
    if (!this.isOpen) throw lost(host);
    this.#count += 1;
    const opened = await openPassenger(this.#options, this.#count, words);
    if ('kill' in opened) {
      this.#passengers.add(opened);
      void opened.ended.then(() => this.#passengers.delete(opened));
      if (this.isOpen) return opened;
      opened.kill();
      throw lost(host);
    }
    const cause = new Error(opened.log);
    throw /refused by peer/.test(opened.log) ? refused(cause, host) : lost(host, cause);
  }

  /** A master hands on a status, but neither a signal nor that a request was refused. */
  async #exit({ status }: PassengerEnd): Promise<Exit> {
    if (status !== undefined) return { code: status };
    return (await this.#stillThere()) ? { signal: 'UNKNOWN' } : {};
  }

  async #stillThere(): Promise<boolean> {
    return this.isOpen && (await this.#options.isAlive());
  }
}

function refusedSession(cause: Error, host: string): ScoutError {
  return new ScoutError(
    'busy',
    `${host} refuses a further channel on this connection`,
    'Wait for other calls to this host to end; sshd allows as many as its MaxSessions says.',
    cause,
  );
}

function refusedForward(jump: string, target: string, cause: Error): ScoutError {
  return new ScoutError(
    'unreachable',
    `the jump ${jump} cannot connect to ${target}, or does not forward to it`,
    `Check HostName and Port, that sshd runs there, and AllowTcpForwarding and PermitOpen on ${jump}.`,
    cause,
  );
}

function lost(host: string, cause?: unknown): ScoutError {
  return new ScoutError(
    'connection_lost',
    `the connection to ${host} was lost`,
    'Call again; if it is lost each time, look at the log of sshd there.',
    cause,
  );
}
