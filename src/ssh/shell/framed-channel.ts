import { abortReason } from '../../call.ts';
import { ScoutError } from '../../errors.ts';
import type { ExecChannel } from '../engine.ts';
import { killLine } from './boot-script.ts';
import { FrameReader } from './frame-reader.ts';

/** Takes output as it arrives. `stop`: enough, the remote command is to be killed. */
export interface Sink {
  stdout(chunk: Buffer): 'more' | 'stop';
  stderr(chunk: Buffer): 'more' | 'stop';
}

export type FrameEnd = { readonly trailer: string } | { readonly stopped: 'limit' };

interface Exchange {
  readonly stdout: FrameReader;
  readonly stderr: FrameReader;
  readonly sink: Sink;
  readonly resolve: (end: FrameEnd) => void;
  readonly reject: (error: ScoutError) => void;
  /** Nobody waits for it any more: it is killed when it is the first. */
  isAbandoned: boolean;
}

/**
 * A channel on which lines are sent and one frame comes back on stdout and on stderr, each ended by a tag. Lines may
 * be sent while others are not answered yet; the frames come in the same order. After a kill, or after bytes that no
 * frame holds, it is not usable again. Both streams are read to their end always: one that is not read stops the
 * other.
 */
export class FramedChannel {
  readonly #channel: ExecChannel;
  #usable = true;
  readonly #exchanges: Exchange[] = [];

  constructor(channel: ExecChannel) {
    this.#channel = channel;
    for (const name of ['stdout', 'stderr'] as const) {
      channel[name].on('data', (chunk: Buffer) => this.#receive(name, chunk));
      channel[name].on('error', () => this.kill());
    }
    channel.stdin.on('error', () => {}); // the channel's end, which follows, says it
    void channel.closed.then(() => this.#lose());
  }

  get isIdle(): boolean {
    return this.#usable && this.#exchanges.length === 0;
  }

  /**
   * Send lines, which are made at that moment, whose answer is one frame. Gives the trailer of stdout when both streams
   * have theirs. Rejects with ScoutError `connection_lost` when the channel ends before, and with the signal's reason.
   */
  async exchange(
    tag: string,
    lines: () => readonly string[],
    sink: Sink,
    signal: AbortSignal,
  ): Promise<FrameEnd> {
    if (signal.aborted) throw abortReason(signal);
    if (!this.#usable) throw lost();
    const readers = { stdout: new FrameReader(tag), stderr: new FrameReader(tag) };
    let onAbort = () => {};
    try {
      return await new Promise<FrameEnd>((resolve, reject) => {
        const exchange: Exchange = { ...readers, sink, resolve, reject, isAbandoned: false };
        onAbort = () => {
          exchange.isAbandoned = true;
          this.#dropAbandoned();
          reject(abortReason(signal));
        };
        signal.addEventListener('abort', onAbort, { once: true });
        this.#exchanges.push(exchange);
        this.#channel.stdin.write(
          lines()
            .map((line) => `${line}\n`)
            .join(''),
        );
      });
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  /**
   * End the worker with everything that it started: in-band, for sshd signals nothing of a root login; by signal,
   * for a worker that does not read; and by the end of its input.
   */
  kill(): void {
    if (!this.#usable) return;
    this.#usable = false;
    this.#channel.stdin.write(`${killLine}\n`);
    this.#channel.signal('KILL');
    this.#channel.close();
  }

  #receive(name: 'stdout' | 'stderr', chunk: Buffer): void {
    if (!this.#usable) return;
    const at = this.#exchanges.findIndex((each) => each[name].trailer === undefined);
    const exchange = this.#exchanges.at(at); // the last one where all have their trailers
    const content = exchange?.[name].feed(chunk);
    if (!exchange || !content) {
      this.kill();
    } else if (content.length > 0 && !exchange.isAbandoned && exchange.sink[name](content) === 'stop') {
      this.kill();
      exchange.resolve({ stopped: 'limit' });
    } else {
      const isLast = exchange === this.#exchanges.at(-1);
      const rest = isLast ? undefined : exchange[name].takeRest();
      this.#settle(exchange);
      if (rest?.length) this.#receive(name, rest);
    }
  }

  #settle(exchange: Exchange): void {
    const { stdout, stderr } = exchange;
    const trailer = stdout.trailer;
    if (trailer !== undefined && stderr.trailer !== undefined) {
      // now, not in a later turn: what comes from here on is between frames, or the next one's
      this.#exchanges.splice(this.#exchanges.indexOf(exchange), 1);
      if (stdout.violated || stderr.violated) this.kill();
      exchange.resolve({ trailer });
      this.#dropAbandoned();
    } else if (
      (stdout.violated && trailer === undefined) ||
      (stderr.violated && stderr.trailer === undefined)
    ) {
      this.kill();
      exchange.reject(lost());
    }
  }

  /** What runs for nobody; one that waits behind another has not begun, and its shell may still be starting. */
  #dropAbandoned(): void {
    if (this.#exchanges[0]?.isAbandoned) this.kill();
  }

  #lose(): void {
    this.#usable = false;
    for (const exchange of this.#exchanges) exchange.reject(lost());
  }
}

function lost(): ScoutError {
  return new ScoutError(
    'connection_lost',
    'the remote shell ended before the command had answered',
    'Call again: a new connection is made by itself.',
  );
}
