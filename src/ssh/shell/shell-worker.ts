import { randomBytes } from 'node:crypto';
import { ScoutError } from '../../errors.ts';
import type { WallLevel } from './boot-script.ts';
import type { FramedChannel, Sink } from './framed-channel.ts';
import { lineWord, pathWord } from './shell-words.ts';
import { isReason, pathError } from './why-not.ts';

export type RunEnd = { readonly exitCode: number } | { readonly stopped: 'limit' };

export interface Job {
  /** POSIX shell text, which the remote shell gives to `eval` as one word. No NUL. */
  readonly command: string;
  /** Absolute, `~`, `~/…`, or relative to the home directory (empty: the home). No NUL. */
  readonly cwd: string;
  readonly sink: Sink;
  readonly signal: AbortSignal;
}

/** A shell on the remote machine that runs one command after the other. Made by `startWorker`. */
export class ShellWorker {
  /** Settles when the channel is closed; never rejects. */
  readonly gone: Promise<void>;
  readonly wall: WallLevel;
  readonly #channel: FramedChannel;

  constructor(channel: FramedChannel, gone: Promise<void>, wall: WallLevel) {
    this.#channel = channel;
    this.gone = gone;
    this.wall = wall;
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
  async run({ command, cwd, sink, signal }: Job): Promise<RunEnd> {
    const tag = newTag();
    const line = `scout_run ${tag} ${pathWord(cwd, lineWord)} ${lineWord(command)}`;
    const end = await this.#channel.exchange(tag, [line], sink, signal);
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

  /** End it, and the command that it may be running: that one is rejected with `connection_lost`. */
  close(): void {
    this.#channel.kill();
  }
}

/** A tag of 24 hexadecimal digits: output cannot contain it but by chance, 1 in 2⁹⁶. */
export function newTag(): string {
  return randomBytes(12).toString('hex');
}
