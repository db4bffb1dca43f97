import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { Readable, Writable } from 'node:stream';
import type { ServerChannel, Session } from 'ssh2';
import { serveSftp } from './embedded-sftp.ts';

interface SessionOptions {
  readonly name: string;
  readonly rootDir: string;
}

/** The signals that SSH has names for (RFC 4254 section 6.10), less the two that users define. */
const signalNames = new Set([
  'ABRT',
  'ALRM',
  'FPE',
  'HUP',
  'ILL',
  'INT',
  'KILL',
  'PIPE',
  'QUIT',
  'SEGV',
  'TERM',
]);

export interface RunningShell {
  /** Kill the whole process group; resolves when the shell is gone. */
  kill(): Promise<void>;
}

/**
 * Serve one session channel: a command, a shell or SFTP. Terminals, environment variables, agents and X11 are
 * refused. What runs is in `shells` for as long as it does.
 */
export function serveSession(session: Session, options: SessionOptions, shells: Set<RunningShell>): void {
  let child: ChildProcess | undefined;
  const run = (channel: ServerChannel, words: readonly string[]) => {
    const started = runShell(channel, words, options);
    const closed = new Promise((resolve) => started.once('close', resolve));
    const shell: RunningShell = {
      async kill() {
        end(started);
        await closed;
      },
    };
    shells.add(shell);
    started.once('close', () => shells.delete(shell));
    child = started;
  };
  session.on('exec', (accept, _reject, { command }) => run(accept(), ['-c', command]));
  session.on('shell', (accept) => run(accept(), []));
  session.on('sftp', (accept) => serveSftp(accept(), options.rootDir));
  session.on('signal', (accept, _reject, { name }) => {
    const signal = name.replace(/^SIG/, '');
    if (child && signalNames.has(signal)) signalGroup(child, `SIG${signal}` as NodeJS.Signals);
    accept?.();
  });
}

/** /bin/sh leading a process group of its own, so that `kill -9 0` inside kills no more than the session. */
function runShell(
  channel: ServerChannel,
  words: readonly string[],
  { name, rootDir }: SessionOptions,
): ChildProcessWithoutNullStreams {
  const child = spawn('/bin/sh', words, {
    cwd: rootDir,
    detached: true,
    env: { HOME: rootDir, HOSTNAME: name, PATH: process.env.PATH ?? '/usr/bin:/bin', SHELL: '/bin/sh' },
  });
  channel.pipe(child.stdin);
  child.stdin.on('error', () => {}); // the program does not read what it is sent
  channel.on('error', () => {}); // 'close' follows
  channel.on('close', () => end(child));
  child.on('error', () => channel.close()); // the directory is gone
  const closed = new Promise<[number | null, NodeJS.Signals | null]>((resolve) => {
    child.once('close', (code, signal) => resolve([code, signal]));
  });
  sendOutput(channel, child)
    .then(() => closed)
    .then(([code, signal]) => {
      sendExit(channel, code, signal);
      channel.end();
    })
    .catch(() => channel.close());
  return child;
}

/**
 * One piece at a time over both streams. ssh2 keeps the piece that waits for the client's window, forgets to
 * clear it, and would send it again when the other stream waits; so it is cleared here.
 */
async function sendOutput(channel: ServerChannel, child: ChildProcessWithoutNullStreams): Promise<void> {
  const waiting = channel as ServerChannel & WaitingPieces;
  let turn = Promise.resolve();
  const pump = async (from: Readable, to: Writable) => {
    for await (const piece of from) {
      turn = turn.then(async () => {
        await new Promise<void>((resolve) => to.write(piece, () => resolve()));
        waiting._chunk = waiting._chunkcb = waiting._chunkErr = waiting._chunkcbErr = undefined;
      });
      await turn;
    }
  };
  await Promise.all([pump(child.stdout, channel), pump(child.stderr, channel.stderr)]);
}

interface WaitingPieces {
  _chunk?: unknown;
  _chunkcb?: unknown;
  _chunkErr?: unknown;
  _chunkcbErr?: unknown;
}

/** Kill the group, and let go of output that a process outside the group may hold open. */
function end(child: ChildProcessWithoutNullStreams): void {
  signalGroup(child, 'SIGKILL');
  child.stdout.destroy();
  child.stderr.destroy();
}

function sendExit(channel: ServerChannel, code: number | null, signal: NodeJS.Signals | null): void {
  const name = signal?.replace(/^SIG/, '');
  if (name === undefined) channel.exit(code ?? 255);
  else if (signalNames.has(name)) channel.exit(name, false, '');
  else channel.exit(128 + constants.signals[`SIG${name}` as NodeJS.Signals]);
}

/** The shell and what it started, also when the shell itself is gone. */
function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // the group is empty
  }
}
