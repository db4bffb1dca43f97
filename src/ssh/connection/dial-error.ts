import constants from 'ssh2/lib/protocol/constants.js';
import { ScoutError } from '../../errors.ts';
import type { Auth } from '../auth/prepare-auth.ts';
import type { HostSettings } from '../hosts/settings.ts';

/** How ssh2, or we, say that the connection ended before the server had said anything, as MaxStartups does it. */
export function droppedBeforeHandshake(error: unknown): boolean {
  if (!(error instanceof Error) || error instanceof ScoutError) return false;
  return /before handshake|ECONNRESET|EPIPE/.test(`${error.message} ${'code' in error ? error.code : ''}`);
}

/**
 * A drop as what the server said before it tells it: unchanged, and so worth another try, where it said nothing or
 * that too many are logging in just now (MaxStartups).
 */
export function refineDrop(error: unknown, said: string, settings: HostSettings): unknown {
  if (!droppedBeforeHandshake(error) || said === '' || said.startsWith('Exceeded MaxStartups')) return error;
  const { alias, hostName, port } = settings;
  if (/^SSH-/m.test(said)) {
    return new ScoutError(
      'unreachable',
      `${alias}: ${hostName} port ${port} closed the connection in the middle of the key exchange`,
      'Call again; if it happens each time, look at the log of sshd there.',
      error,
    );
  }
  if (said.startsWith('Not allowed at this time')) {
    return new ScoutError(
      'unreachable',
      `${alias}: ${hostName} port ${port} lets nobody in from this address for now`,
      'Wait some minutes: its PerSourcePenalties hold failed logins against this address.',
      error,
    );
  }
  return new ScoutError(
    'unreachable',
    `${alias}: what answers on ${hostName} port ${port} is no SSH server`,
    `Correct HostName or Port of ${alias} in the ssh configuration.`,
    error,
  );
}

/** The failure of a dial as the contract names it. */
export function dialError(error: unknown, settings: HostSettings, auth: Auth): ScoutError {
  if (error instanceof ScoutError) return error;
  const { alias, hostName, port } = settings;
  const level = error instanceof Error && 'level' in error ? error.level : undefined;
  if (level === 'client-authentication' || (auth.started && isRefusal(error, auth)))
    return auth.failure(error);
  if (auth.started) {
    return new ScoutError(
      'unreachable',
      `${alias}: ${hostName} port ${port} closed the connection during the login`,
      'Call again; if it happens each time, look at the log of sshd there.',
      error,
    );
  }
  if (droppedBeforeHandshake(error)) {
    const closed = settings.proxyCommand === undefined ? 'closed the connection' : 'gave no SSH server';
    return new ScoutError(
      'unreachable',
      `${alias}: ${hostName} port ${port} ${closed} before the key exchange`,
      'Check that an SSH server listens there, and its MaxStartups and PerSourcePenalties.',
      error,
    );
  }
  const why = reasonOf(error);
  if (level === 'handshake' || level === 'protocol') {
    return new ScoutError(
      'unreachable',
      `${alias}: the key exchange with ${hostName} port ${port} failed${why}`,
      'Check that an SSH 2 server listens there, and which algorithms it allows (`ssh -vv` shows them).',
      error,
    );
  }
  return new ScoutError(
    'unreachable',
    `${alias}: the connection to ${hostName} port ${port} failed${why}`,
    'Try `ssh -v` to the same host: it shows what the server said.',
    error,
  );
}

/** A connection that ends in the middle of a login is a refusal where the server gave a reason, or had refused a key. */
function isRefusal(error: unknown, auth: Auth): boolean {
  const saidWhy = error instanceof Error && 'code' in error && typeof error.code === 'number'; // SSH_MSG_DISCONNECT
  return saidWhy || auth.report().some(({ outcome }) => outcome === 'refused by the server');
}

/**
 * The reason in no word of the server, whom nobody has verified yet: its number by its name (RFC 4253 section 11.1),
 * the code of a system call, or what ssh2 says of itself. The log has the server's words.
 */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  const code = 'code' in error ? String(error.code) : undefined;
  const name = constants.DISCONNECT_REASON_BY_VALUE[code ?? '']?.toLowerCase().replaceAll('_', ' ');
  const why = name ?? code ?? /^Handshake failed: ([\w >-]+)$/.exec(error.message)?.[1];
  return why === undefined ? '' : ` (${why})`;
}
