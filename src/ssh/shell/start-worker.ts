import { raceAbort } from '../../call.ts';
import { ScoutError } from '../../errors.ts';
import type { Connection, ExecChannel, Exit } from '../engine.ts';
import { type WallState, wallState } from '../wall/report.ts';
import { type Builder, builders, noWall, type Wall } from '../wall/wall.ts';
import { type BootOptions, bootLines, execCommands } from './boot-script.ts';
import { BuilderWatch } from './builder-watch.ts';
import { FramedChannel } from './framed-channel.ts';
import { type EarlyJob, earlyLine, type Job, newTag, ShellWorker } from './shell-worker.ts';

export interface StartOptions extends Omit<BootOptions, 'builders' | 'wall'> {
  readonly signal: AbortSignal;
  /** None unless given. */
  readonly wall?: Wall;
  /**
   * What the worker will run first, sent on without waiting for its hello: one round trip less. It does not begin
   * before the shell is a worker, but may be begun twice, and whatever the wall turns out to be.
   */
  readonly first?: Job | undefined;
}

/**
 * Start a worker on a new session channel: two round trips for the channel, one for its hello. What start-up files
 * print before the hello is dropped. A shell that is lost to the building of its wall is started again with what
 * else can build one, in the end without. Rejects with ScoutError `no_shell` where the account gives no POSIX shell,
 * `busy` or `connection_lost` as `Connection.exec` does, and the signal's reason.
 */
export async function startWorker(connection: Connection, options: StartOptions): Promise<ShellWorker> {
  let end: Exit = {};
  let left: readonly Builder[] = builders;
  for (let at = 0; at < execCommands.length; ) {
    const command = execCommands[at] as string; // at is below the length
    const channel = await raceAbort(connection.exec(command), options.signal, (late) => late.close());
    const started = await sayHello(channel, options, left);
    if (started instanceof ShellWorker) return started;
    if (started.lostTo === undefined) at += 1;
    else left = left.slice(left.indexOf(started.lostTo) + 1);
    end = started;
  }
  const how = end.code === undefined ? `by signal ${end.signal}` : `with status ${end.code}`;
  throw new ScoutError(
    'no_shell',
    `the account gives no shell to run commands with: its session ended ${how} before it answered`,
    'Log in as a user whose login shell is a shell and whose start-up files do not end it, without a forced command.',
  );
}

/** How a session ended, and the builder of the wall that it did not come back from. */
type Ended = Exit & { readonly lostTo?: Builder };

/** The worker, or how the session ended where no hello came. */
async function sayHello(
  channel: ExecChannel,
  options: StartOptions,
  left: readonly Builder[],
): Promise<ShellWorker | Ended> {
  const { signal, wall = noWall('off'), first } = options;
  const framed = new FramedChannel(channel);
  const tag = newTag();
  const watch = new BuilderWatch(() => framed.kill());
  try {
    const lines = bootLines(tag, { ...options, wall, builders: left });
    const answer = framed.exchange(tag, () => lines, watch, signal);
    const early = first && sendEarly(framed, first);
    const hello = await answer;
    const report = 'trailer' in hello ? hello.trailer.replace(/^\d+ ?/, '') : '';
    const gone = channel.closed.then(() => {});
    return new ShellWorker(framed, gone, stateOf(wall, report, left), wall.kind, early);
  } catch (error) {
    framed.kill();
    if (signal.aborted) throw error;
    // whoever else prints the mark has lost nothing by it
    if (watch.builder && left.includes(watch.builder)) return { lostTo: watch.builder };
    const exit = await raceAbort(channel.closed, signal);
    if (exit.code === undefined && exit.signal === undefined) throw error;
    return exit;
  } finally {
    watch.end();
  }
}

function sendEarly(framed: FramedChannel, job: Job): EarlyJob {
  const tag = newTag();
  const end = framed.exchange(tag, () => [earlyLine(job, tag)], job.sink, job.signal);
  end.catch(() => {}); // the worker's `run` hears of it, unless there is no worker in the end
  return { job, end };
}

function stateOf(wall: Wall, report: string, left: readonly Builder[]): WallState {
  const state = wall.read(report);
  return state.level === 'none' && left.length < builders.length ? wallState('none', 'failed') : state;
}
