import { raceAbort } from '../../call.ts';
import { ScoutError } from '../../errors.ts';
import type { Connection, ExecChannel, Exit } from '../engine.ts';
import { type BootOptions, bootLines, execCommands } from './boot-script.ts';
import { FramedChannel, type Sink } from './framed-channel.ts';
import { newTag, ShellWorker } from './shell-worker.ts';

export interface StartOptions extends BootOptions {
  readonly signal: AbortSignal;
}

/**
 * Start a worker on a new session channel: one round trip for the channel, one for its hello. What start-up files
 * print before the hello is dropped. Rejects with ScoutError `no_shell` where the account gives no POSIX shell,
 * `busy` or `connection_lost` as `Connection.exec` does, and the signal's reason.
 */
export async function startWorker(connection: Connection, options: StartOptions): Promise<ShellWorker> {
  let end: Exit = {};
  for (const command of execCommands) {
    const channel = await raceAbort(connection.exec(command), options.signal, (late) => late.close());
    const started = await sayHello(channel, options);
    if (started instanceof ShellWorker) return started;
    end = started;
  }
  const how = end.code === undefined ? `by signal ${end.signal}` : `with status ${end.code}`;
  throw new ScoutError(
    'no_shell',
    `the account gives no shell to run commands with: its session ended ${how} before it answered`,
    'Log in as a user whose login shell is a shell and whose start-up files do not end it, without a forced command.',
  );
}

/** The worker, or how the session ended where no hello came. */
async function sayHello(channel: ExecChannel, options: StartOptions): Promise<ShellWorker | Exit> {
  const framed = new FramedChannel(channel);
  const tag = newTag();
  try {
    const hello = await framed.exchange(tag, bootLines(tag, options), noise, options.signal);
    const report = 'trailer' in hello ? hello.trailer.replace(/^\d+ ?/, '') : '';
    const gone = channel.closed.then(() => {});
    return new ShellWorker(framed, gone, options.wall?.level(report) ?? 'none');
  } catch (error) {
    framed.kill();
    if (options.signal.aborted) throw error;
    const exit = await raceAbort(channel.closed, options.signal);
    if (exit.code === undefined && exit.signal === undefined) throw error;
    return exit;
  }
}

/** What a login shell's start-up files print. */
const noise: Sink = { stdout: () => 'more', stderr: () => 'more' };
