import { ScoutError } from '../../errors.ts';
import { randomHex } from '../../random-hex.ts';
import type { WallState } from '../wall/report.ts';
import type { FramedChannel, FrameEnd, Sink } from './framed-channel.ts';
import { KnownLines } from './known-lines.ts';
import { lineWord, pathWord } from './shell-words.ts';
import { isReason, pathError } from './why-not.ts';

export type RunEnd = { readonly exitCode: number } | { readonly stopped: 'limit' };

export interface Job {
  /** POSIX shell text, which the remote shell gives to `eval` as one word. No NUL. */
  readonly command: string;
  /**
   * Absolute, `~`, `~/…`, or relative to the home directory. Empty: where `ssh` runs a command, in the home or, where
   * that cannot be entered, in `/`. No NUL.
   */
  readonly cwd: string;
  readonly sink: Sink;
  readonly signal: AbortSignal;
  /** It changes nothing in the shell that runs it (no function, variable, directory, exec or exit): a fork less. */
  readonly isPlain?: boolean;
}

/** A job whose line was sent behind those of the boot, before the worker was known to come up. */
export interface EarlyJob {
  readonly job: Job;
  readonly end: Promise<FrameEnd>;
}

/** A shell on the remote machine that runs one command after the other. Made by `startWorker`. */
export class ShellWorker {
  /** Settles when the channel is closed; never rejects. */
  readonly gone: Promise<void>;
  /** The doors of its wall, as `doorsFor` gives them. */
  readonly kind: string;
  readonly wall: WallState;
  readonly #channel: FramedChannel;
  readonly #early: EarlyJob | undefined;
  readonly #known = new KnownLines();

  constructor(channel: FramedChannel, gone: Promise<void>, wall: WallState, kind = '', early?: EarlyJob) {
    this.#channel = channel;
    this.#early = early;
    this.gone = gone;
    this.wall = wall;
    this.kind = kind;
  }

  /** It runs nothing, and can run something. */
  get isIdle(): boolean {
    return this.#channel.isIdle;
  }

  /**
   * Run one command; output goes to the sink as it arrives, its order between stdout and stderr is not known.
   * Rejects with the signal's reason once the remote was told to die, with ScoutError `connection_lost`, and with
   * `path_not_found`, `permission_denied` or `not_a_directory` where `cwd` cannot be entered.
   */
  async run(job: Job): Promise<RunEnd> {
    const { cwd, sink, signal } = job;
    const tag = newTag();
    const end =
      job === this.#early?.job
        ? await this.#early.end
        : await this.#channel.exchange(tag, () => [this.#lineOf(job, tag)], sink, signal);
    if ('stopped' in end) return end;
    if (isReason(end.trailer)) throw pathError(end.trailer, cwd);
    if (/^\d{1,3}$/.test(end.trailer)) return { exitCode: Number(end.trailer) };
    this.#channel.kill();
    throw new ScoutError(
      'connection_lost',
      'the remote shell gave an answer that is none',
      'Call again: a new remote shell is started by itself.',
    );
  }

  #lineOf(job: Job, tag: string): string {
    const command = this.wall.strict ? toDescriptor(job.command) : job.command;
    const { orders, word } = this.#known.wordOf(command);
    return `${orders}${runLine(job, tag, word)}`;
  }

  /** End it, and the command that it may be running: that one is rejected with `connection_lost`. */
  close(): void {
    this.#channel.kill();
  }
}

/** The line for a worker that is not up yet, whose wall is therefore not known: its shell decides by the report. */
export function earlyLine(job: Job, tag: string): string {
  const strictly = toDescriptor(job.command);
  const line = runLine(job, tag, lineWord(job.command));
  if (strictly === job.command) return line;
  return `case $w in *strict*) ${runLine(job, tag, lineWord(strictly))};; *) ${line};; esac`;
}

function runLine({ cwd, isPlain = false }: Job, tag: string, command: string): string {
  const directory = cwd === '' ? "''" : pathWord(cwd, lineWord);
  return `${isPlain ? 'scout_do' : 'scout_run'} ${tag} ${directory} ${command}`;
}

/**
 * `>/dev/null` as the descriptor that was opened before the wall. What is in single quotes is text: commands of
 * callers have every word in them, those of ours have none that counts.
 */
function toDescriptor(command: string): string {
  return command.replace(/\\.|'[^']*'|(>>?) ?\/dev\/null\b/gs, (text, redirect) => (redirect ? '>&9' : text));
}

/** A tag of 24 hexadecimal digits: output cannot contain it but by chance, 1 in 2⁹⁶. */
export function newTag(): string {
  return randomHex(24);
}
