import type { SFTPWrapper } from 'ssh2';
import type { Connection } from '../engine.ts';
import type { ChannelQueue, ChannelWorker } from './channel-queue.ts';

type Queue = Pick<ChannelQueue<ChannelWorker>, 'open' | 'closed' | 'spare'>;

interface Opening {
  readonly opening: Promise<SFTPWrapper>;
  open?: SFTPWrapper;
  roundTripMs?: number;
  /** The real path of the directory that relative paths start in. */
  start?: string;
}

/** The one SFTP channel by which the calls on a connection read files; it gives way where a command waits. */
export class ReadingChannel {
  readonly #connection: Connection;
  readonly #queue: Queue;
  #sftp: Opening | undefined;
  #reads = 0;

  constructor(connection: Connection, queue: Queue) {
    this.#connection = connection;
    this.#queue = queue;
  }

  /**
   * Open, and a path means there what it means for the shell: where a home cannot be entered the server starts in `/`,
   * and would read `/x` for `~/x`.
   */
  leadsTo(path: string): boolean {
    if (path.startsWith('/')) return this.#sftp?.open !== undefined;
    const start = this.#sftp?.start;
    return start !== undefined && start !== '/';
  }

  /**
   * Of a small request, in ms; infinite until it is known. What was measured at the dial may be the way to a relay
   * only (a forwarded port), and the host a hundred times as far.
   */
  get roundTripMs(): number {
    return this.#sftp?.roundTripMs ?? Number.POSITIVE_INFINITY;
  }

  /** Open or being opened. */
  get isWanted(): boolean {
    return this.#sftp !== undefined;
  }

  /** Work that reads by it: it is not closed meanwhile. */
  async use<T>(work: () => Promise<T>): Promise<T> {
    this.#reads += 1;
    this.#queue.spare(undefined);
    try {
      return await work();
    } finally {
      this.#reads -= 1;
      this.#lend();
    }
  }

  /** The channel, opened when there is none. Who waits for it has a deadline. Rejects as `Connection.sftp`. */
  open(): Promise<SFTPWrapper> {
    if (this.#sftp) return this.#sftp.opening;
    const sftp: Opening = { opening: this.#queue.open(() => this.#connection.sftp()) };
    this.#sftp = sftp;
    const forget = () => {
      if (this.#sftp === sftp) this.#sftp = undefined;
    };
    sftp.opening.then((channel) => {
      sftp.open = channel;
      channel.on('error', () => {}); // its end follows and says what matters
      channel.once('end', () => {
        forget();
        channel.end(); // where the server alone has ended
      });
      channel.once('close', () => {
        forget();
        this.#queue.closed();
      });
      this.#lend();
      void roundTrip(channel).then((known) => Object.assign(sftp, known));
    }, forget);
    return sftp.opening;
  }

  /** A channel that nobody reads by may be closed for a command that waits. */
  #lend(): void {
    const sftp = this.#sftp;
    if (this.#reads > 0 || !sftp?.open) return;
    this.#queue.spare(() => {
      this.#sftp = undefined;
      sftp.open?.end();
    });
  }
}

/** Where the first two took longer the way is far, and more would tell nothing new. */
const nearMs = 10;
const mostPings = 6;

/** The shortest of some: this process is busy with the connection that is new, and long at the first ones. */
async function roundTrip(sftp: SFTPWrapper): Promise<Pick<Opening, 'roundTripMs' | 'start'>> {
  let roundTripMs = Number.POSITIVE_INFINITY;
  let start = '/';
  for (let ping = 0; ping < 2 || (ping < mostPings && roundTripMs < nearMs); ping += 1) {
    const sentMs = performance.now();
    start = await new Promise((resolve) => sftp.realpath('.', (_, path = '/') => resolve(path)));
    roundTripMs = Math.min(roundTripMs, performance.now() - sentMs);
  }
  return { roundTripMs, start };
}
