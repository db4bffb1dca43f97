import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough, type Readable, type Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';

/** How often to look whether the master has opened the channel, in ms. */
const lookMs = 5;

export interface PassengerOptions {
  /** Path of the program. */
  readonly ssh: string;
  readonly controlPath: string;
  /** For the log of each passenger, while it lives. */
  readonly directory: string;
  readonly env: NodeJS.ProcessEnv;
}

/** How a passenger ended, from its own log; `status` only where the remote program gave one. */
export interface PassengerEnd {
  readonly status: number | undefined;
  readonly log: string;
}

/** An `ssh -S` that has one channel of a master's connection. */
export interface Passenger {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Settles when program and streams have ended; never rejects. */
  readonly ended: Promise<PassengerEnd>;
  kill(): void;
}

/**
 * Start `ssh -S` for one channel and wait until the master has opened it. Gives the end where it opened none.
 * The configuration is not read, for the master did that; the ProxyCommand keeps `ssh` from making a connection
 * of its own where the master refuses a channel, which it would otherwise do (ssh_config(5) ControlPath). What
 * `ssh` itself has to say goes to a file, so that stderr is the remote program's alone.
 */
export async function openPassenger(
  { ssh, controlPath, directory, env }: PassengerOptions,
  number: number,
  words: readonly string[],
): Promise<Passenger | PassengerEnd> {
  const logFile = join(directory, `log${number}`);
  const fixed = ['-F', 'none', '-S', controlPath, '-E', logFile, '-T', '-e', 'none'];
  const options = ['BatchMode=yes', 'LogLevel=DEBUG2', 'ProxyCommand=false', 'IdentityFile=none'];
  const child = spawn(ssh, [...fixed, ...options.flatMap((option) => ['-o', option]), ...words], {
    stdio: ['pipe', 'pipe', 'pipe'],
    cwd: '/',
    env: { ...env, SHELL: '/bin/sh' },
  });
  child.stdin.on('error', () => {}); // the end, which follows, says it
  // From the start: Node throws away what nobody reads by the time that a child has ended.
  const [stdout, stderr] = [child.stdout.pipe(new PassThrough()), child.stderr.pipe(new PassThrough())];
  const ended = endOf(child, logFile);
  let end: PassengerEnd | undefined;
  while (!isOpened(readLog(logFile))) {
    end = await Promise.race([delay(lookMs, undefined), ended]);
    if (end) break;
  }
  if (end && !isOpened(end.log)) return end;
  return {
    stdin: child.stdin,
    stdout,
    stderr,
    ended: Promise.all([ended, closed(stdout), closed(stderr)]).then(([how]) => how),
    kill() {
      child.kill('SIGKILL');
      for (const stream of [child.stdin, child.stdout, child.stderr, stdout, stderr]) stream.destroy();
    },
  };
}

/** The line is the same for a session and for a stream (`-W`). */
function isOpened(log: string): boolean {
  return /: master session id: /.test(log);
}

async function endOf(child: ChildProcess, logFile: string): Promise<PassengerEnd> {
  const failure = await new Promise<Error | undefined>((resolve) => {
    child.once('error', resolve); // could not be started
    child.once('close', () => resolve(undefined));
  });
  const log = failure ? failure.message : readLog(logFile);
  rmSync(logFile, { force: true });
  const status = /Received exit status from master (\d+)/.exec(log)?.[1];
  return { status: status === undefined ? undefined : Number(status), log };
}

async function closed(stream: Readable): Promise<void> {
  await new Promise<void>((resolve) => void stream.once('close', resolve));
}

function readLog(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // not begun yet, or removed with its directory
  }
}
