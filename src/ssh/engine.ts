import type { Duplex, Readable, Writable } from 'node:stream';
import type { SFTPWrapper } from 'ssh2';

/** How a program on a session channel ended (RFC 4254 section 6.10). */
export interface Exit {
  /** Undefined when a signal ended it, or when the channel closed without saying. */
  readonly code?: number;
  readonly signal?: string;
}

/** A session channel that runs one program (RFC 4254 section 6.5). */
export interface ExecChannel {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Settles when the channel is closed; never rejects. An Exit without code and signal: the connection was lost. */
  readonly closed: Promise<Exit>;
  /** Ask the server to signal the program (RFC 4254 section 6.9); servers may ignore it. Never throws. */
  signal(name: 'KILL' | 'TERM' | 'INT'): void;
  /** Close the channel now. Never throws. */
  close(): void;
}

/**
 * One authenticated SSH connection, whichever engine carries it. Opening a channel rejects with ScoutError
 * `busy` when the server refuses a further one (MaxSessions), `connection_lost` when the connection is gone,
 * `no_shell` or `no_sftp` when the server refuses the request on an open channel.
 */
export interface Connection {
  readonly engine: 'ssh2' | 'openssh';
  /** One round trip to the host as measured while connecting, in ms. */
  readonly roundTripMs: number;
  readonly isOpen: boolean;
  /** Settles when the connection is gone, for whatever reason; never rejects. */
  readonly gone: Promise<void>;
  exec(command: string): Promise<ExecChannel>;
  sftp(): Promise<SFTPWrapper>;
  /** A direct-tcpip channel (RFC 4254 section 7.2) to where a further hop listens; does not count as a session. */
  forward(host: string, port: number): Promise<Duplex>;
  /** Close politely, then for good. */
  end(): void;
}
