import { onTestFinished } from 'vitest';
import type { Connection, ExecChannel, Exit } from '../../../src/ssh/engine.ts';
import { HostBook } from '../../../src/ssh/hosts/host-book.ts';
import type { HostSettings } from '../../../src/ssh/hosts/settings.ts';
import { OpensshDialer, type OpensshDialerOptions } from '../../../src/ssh/openssh/dialer.ts';

/** As the user's environment, with an SSH_ASKPASS that would be found out. */
export const env: NodeJS.ProcessEnv = { PATH: process.env.PATH, HOME: process.env.HOME, SHELL: '/bin/sh' };

export async function settingsOf(configFile: string, alias: string): Promise<HostSettings> {
  const book = new HostBook({ configFile, patterns: [], matchExec: true, env, homeDir: '/nonexistent' });
  try {
    return await book.resolve(alias, AbortSignal.timeout(10_000));
  } finally {
    book.close();
  }
}

/** Dial a host of a configuration file; the connection is ended with the test. */
export async function dial(
  configFile: string,
  alias = 'web1',
  options: Partial<OpensshDialerOptions> = {},
  signal = AbortSignal.timeout(15_000),
): Promise<Connection> {
  const dialer = new OpensshDialer({
    env,
    configFile,
    knownHosts: undefined,
    strictHostKeyChecking: undefined,
    matchExec: true,
    ...options,
  });
  const connection = await dialer.dial(await settingsOf(configFile, alias), signal);
  onTestFinished(async () => {
    connection.end();
    await connection.gone;
  });
  return connection;
}

export interface Ran {
  readonly exit: Exit;
  readonly out: Buffer;
  readonly err: Buffer;
}

/** Run a command to its end with `input` on stdin. */
export async function run(
  connection: Connection,
  command: string,
  input: string | Buffer = '',
): Promise<Ran> {
  const channel = await connection.exec(command);
  channel.stdin.end(input);
  return await collect(channel);
}

export async function collect(channel: ExecChannel): Promise<Ran> {
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  channel.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  channel.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  const exit = await channel.closed;
  return { exit, out: Buffer.concat(out), err: Buffer.concat(err) };
}
