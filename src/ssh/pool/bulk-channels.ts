import type { SFTPWrapper } from 'ssh2';
import { raceAbort, withTimeout } from '../../call.ts';
import { ScoutError } from '../../errors.ts';
import type { Connection } from '../engine.ts';
import { type Ask, createSftpSession, type SftpSession } from '../sftp/session.ts';
import { sftpOpenError } from '../sftp/sftp-error.ts';
import type { Bulk } from '../sftp/transfer/bulk.ts';
import { handOnPieces } from '../sftp/transfer/data-pieces.ts';
import { Lane } from '../sftp/transfer/lane.ts';
import { widenWindow } from '../sftp/transfer/wide-window.ts';
import type { RunEnd } from '../shell/shell-worker.ts';
import type { ChannelQueue, ChannelWorker } from './channel-queue.ts';
import { hashInTime } from './hash-in-time.ts';
import type { SessionJob } from './host-session.ts';

/** At 100 ms of round trip 160 MB/s may come; ssh2's own window of 2 MiB makes it 20. */
const windowBytes = 16 * 1024 * 1024;
/** A further channel only makes it faster: nobody waits long for one. */
const furtherLimitMs = 3_000;

type Queue = Pick<ChannelQueue<ChannelWorker>, 'open' | 'freed' | 'hasSpareRoom'>;
type Run = (job: SessionJob) => Promise<RunEnd>;

interface Channel {
  readonly sftp: SFTPWrapper;
  readonly session: SftpSession;
  /** Of a small request, in ms: what was measured at the dial may be the way to a relay only. */
  readonly roundTripMs: number;
}

/**
 * The SFTP channels by which one connection moves files, apart from the one by which calls read, so that these stay
 * quick. Opened when the first copy begins, shared by all that run, closed when the last has ended.
 */
export class BulkChannels {
  readonly #host: string;
  readonly #connection: Connection;
  readonly #queue: Queue;
  readonly #most: number;
  readonly #run: Run;
  readonly #channels: Promise<Channel>[] = [];
  readonly #claims = new Set<string>();
  #users = 0;

  /** `most`: how many of the connection's channels it may have; one always. `run`: by a shell worker. */
  constructor(host: string, connection: Connection, queue: Queue, most: number, run: Run) {
    this.#host = host;
    this.#connection = connection;
    this.#queue = queue;
    this.#most = most;
    this.#run = run;
  }

  /**
   * Move files. All requests reject with `connection_lost` when their channel is, and with the signal's reason.
   * Rejects also with `no_sftp`.
   */
  async use<T>(signal: AbortSignal, work: (bulk: Bulk) => Promise<T>): Promise<T> {
    let end = () => {};
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    const joined = new Map<Channel, Promise<Lane>>();
    const join = (channel: Channel) => {
      const lane = joined.get(channel) ?? laneOf(channel, signal, ended);
      joined.set(channel, lane);
      return lane;
    };
    this.#users += 1;
    try {
      const channel = await raceAbort(this.#channel(0), signal);
      const { roundTripMs } = channel;
      const lane = await join(channel);
      return await work({
        host: this.#host,
        roundTripMs,
        signal,
        lane,
        lanes: async (count) => {
          const further = await this.#further(count, signal);
          const lanes = await Promise.all(further.map(join));
          return [lane, ...lanes.filter((one) => one !== lane)];
        },
        digest: (path, bytes) => hashInTime(this.#run, path, bytes, signal),
        claim: (path) => !this.#claims.has(path) && this.#claims.add(path) !== undefined,
        release: (path) => this.#claims.delete(path),
      });
    } finally {
      end();
      this.#users -= 1;
      if (this.#users === 0) this.#closeAll();
    }
  }

  async #further(count: number, signal: AbortSignal): Promise<readonly Channel[]> {
    const most = Math.min(count, this.#most);
    const wanted: Promise<Channel>[] = [];
    for (let index = 1; index < most; index += 1) {
      if (!this.#channels[index] && !this.#queue.hasSpareRoom) break;
      wanted.push(this.#channel(index));
    }
    const inTime = wanted.map((channel) =>
      withTimeout(signal, furtherLimitMs, tooLate, (limited) => raceAbort(channel, limited)).catch(
        () => undefined,
      ),
    );
    return (await Promise.all(inTime)).filter((channel) => channel !== undefined);
  }

  #channel(index: number): Promise<Channel> {
    const there = this.#channels[index];
    if (there) return there;
    const opening: Promise<Channel> = this.#open(() => forget());
    const forget = () => {
      const at = this.#channels.indexOf(opening);
      if (at >= 0) this.#channels.splice(at, 1);
    };
    this.#channels[Math.min(index, this.#channels.length)] = opening;
    opening.then(({ session }) => {
      if (this.#users === 0) session.retire(); // nobody waited
    }, forget);
    return opening;
  }

  async #open(onEnd: () => void): Promise<Channel> {
    try {
      const sftp = await this.#queue.open(() => this.#connection.sftp());
      handOnPieces(sftp);
      widenWindow(sftp, windowBytes);
      const session = createSftpSession(sftp);
      sftp.once('end', () => {
        onEnd();
        sftp.end(); // where the server alone has ended
      });
      sftp.once('close', () => {
        onEnd();
        this.#queue.freed();
      });
      // twice: the first may have waited for a busy processor
      const roundTripMs = Math.min(await ping(sftp), await ping(sftp));
      return { sftp, session, roundTripMs };
    } catch (error) {
      throw sftpOpenError(error);
    }
  }

  #closeAll(): void {
    for (const opening of this.#channels.splice(0)) {
      opening.then(
        ({ session }) => session.retire(),
        () => {},
      );
    }
  }
}

/** One small request, in ms. */
async function ping(sftp: SFTPWrapper): Promise<number> {
  const askedMs = performance.now();
  await new Promise<void>((resolve, reject) => {
    sftp.once('end', () => reject(new Error('the server ended the SFTP channel')));
    sftp.realpath('.', (error) => (error ? reject(error) : resolve()));
  });
  return performance.now() - askedMs;
}

/** The requests of one user on a channel, until `ended`. */
async function laneOf({ session, sftp }: Channel, signal: AbortSignal, ended: Promise<void>): Promise<Lane> {
  return await new Promise<Lane>((resolve, reject) => {
    const hold = async (ask: Ask) => {
      resolve(new Lane(ask, sftp));
      await ended;
    };
    session.use(signal, hold).catch(reject);
  });
}

function tooLate(): ScoutError {
  return new ScoutError('busy', 'no further channel was to be had in time', 'Call again.');
}
