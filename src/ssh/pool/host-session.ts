import { raceAbort, type Span, traced, untraced, withTimeout } from '../../call.ts';
import type { DenyPaths } from '../../deny-paths.ts';
import { ScoutError } from '../../errors.ts';
import type { Connection } from '../engine.ts';
import type { FileDoor, ReadOutcome, ReadRequest } from '../files.ts';
import type { FindDoor, FindOutcome, FindRequest } from '../find.ts';
import { createSftpDoor } from '../sftp/door.ts';
import type { Bulk } from '../sftp/transfer/bulk.ts';
import { createShellDoor, type RunScript } from '../shell/file-door.ts';
import { createShellFinder } from '../shell/find-door.ts';
import type { Job, RunEnd, ShellWorker } from '../shell/shell-worker.ts';
import { startWorker } from '../shell/start-worker.ts';
import { doorsFor, walledKind } from '../wall/doors.ts';
import { notWalled, type WallPlan, wallMissing } from '../wall/plan.ts';
import type { WallState } from '../wall/report.ts';
import { BulkChannels } from './bulk-channels.ts';
import { ChannelQueue, type OnWait } from './channel-queue.ts';
import { type DoorName, MissingDoors } from './missing-doors.ts';
import { ReadingChannel } from './reading-channel.ts';
import { noDoor, noSession, sessionLost, shellTooSlow } from './session-error.ts';

/** How often a small read by SFTP waits for the host, and what one by a shell costs besides its one wait, in ms. */
const sftpWaits = 2;
const shellCostMs = 8;
/** Below this round trip the several short waits of SFTP are shorter than one command of the remote shell. */
const sftpBelowMs = shellCostMs / (sftpWaits - 1);
const startLimitMs = 25_000;

export interface SessionOptions {
  readonly maxChannels: number;
  readonly nice: boolean;
  readonly wall: WallPlan;
  /** What its file doors do not open. */
  readonly denied: DenyPaths;
  /** The same as text of a shell, made once for all connections. */
  readonly denyText?: () => string;
  readonly onWait?: OnWait;
  readonly onWall?: (wall: WallState) => void;
  /** The span of the call that waits by a signal. */
  readonly spanOf?: (signal: AbortSignal) => Span;
}

/** A command, and the programs in it as far as they need more than reading files. */
export interface SessionJob extends Job {
  readonly programs?: readonly string[];
  /** Any command line: it gets a worker of its own, which ends with it, and runs only where the wall holds all. */
  readonly isWalled?: boolean;
  /** It changes something, maybe: it is sent once, to a worker that is there. */
  readonly isOnceOnly?: boolean;
  /** Told what holds the worker, before the command's end is waited for. */
  readonly onWall?: (wall: WallState) => void;
  /** Told how long it took on a worker that was there, in ms. */
  readonly onTook?: (durationMs: number) => void;
}

/** What one open connection offers: commands through its shell workers, and files by the quicker door. */
export class HostSession {
  readonly connection: Connection;
  readonly #host: string;
  readonly #options: SessionOptions;
  #wall: WallState | undefined;
  #notWalled: WallState | undefined;
  readonly #channels: ChannelQueue<ShellWorker>;
  readonly #doors: Readonly<Record<DoorName, FileDoor & FindDoor>>;
  readonly #bulk: BulkChannels;
  readonly #missing = new MissingDoors();
  readonly #sftp: ReadingChannel;
  #startsSlowly = false;
  /** The shortest read by the shell so far. */
  #shellMs: number | undefined;

  constructor(connection: Connection, host: string, options: SessionOptions) {
    this.connection = connection;
    this.#host = host;
    this.#options = options;
    this.#channels = new ChannelQueue(options.maxChannels, (kind) => this.#startWorker(kind), options.onWait);
    this.#sftp = new ReadingChannel(connection, this.#channels);
    const onTook = (ms: number) => {
      this.#shellMs = Math.min(ms, this.#shellMs ?? ms);
    };
    const script: RunScript = (command, sink, signal) => this.run({ command, cwd: '', sink, signal, onTook });
    this.#doors = {
      shell: { ...createShellDoor(script, options.denied), ...createShellFinder(script, options.denied) },
      sftp: createSftpDoor(() => this.#sftp.open(), options.denied),
    };
    this.#bulk = new BulkChannels(host, connection, this.#channels, options.maxChannels / 2, (job) =>
      this.run(job),
    );
    void connection.gone.then(() => this.#channels.end(sessionLost(host)));
  }

  /**
   * Run a command in a shell worker whose wall has the doors that its programs need, waiting for one if need be.
   * Rejects as ShellWorker.run does, with ScoutError `no_shell` where the account has none, and with `wall_missing`
   * where a wall is required and there is none, or where it does not hold what any command line does.
   */
  async run(job: SessionJob): Promise<RunEnd> {
    const missing = this.#missing.why('shell');
    if (missing) throw missing;
    if (job.isWalled) return await this.#runWalled(job);
    const kind = this.#options.wall.isBuilt ? doorsFor(job.programs ?? []) : '';
    const { worker, isFirst } = await traced(this.#span(job.signal), 'channel', async () => {
      const idle = this.#channels.takeIdle(kind);
      if (idle) return { worker: idle, isFirst: false };
      const first = await this.#firstWorker(kind, job);
      return { worker: first ?? (await this.#worker(kind, job.signal)), isFirst: first !== undefined };
    });
    const sentMs = performance.now();
    try {
      job.onWall?.(worker.wall);
      const end = await traced(this.#span(job.signal), 'command', () => worker.run(job));
      if (!isFirst) job.onTook?.(performance.now() - sentMs);
      return end;
    } finally {
      this.#channels.release(worker);
    }
  }

  /** What one command leaves in its scratch, or running, is not there for the next one. */
  async #runWalled(job: SessionJob): Promise<RunEnd> {
    const known = this.#notWalled ?? this.#options.wall.notWalled;
    if (known) throw notWalled(this.#host, known);
    const worker = await traced(this.#span(job.signal), 'channel', () =>
      this.#worker(walledKind, job.signal),
    );
    try {
      if (worker.wall.level !== 'full') {
        this.#notWalled = worker.wall;
        throw notWalled(this.#host, worker.wall);
      }
      job.onWall?.(worker.wall);
      return await traced(this.#span(job.signal), 'command', () => worker.run(job));
    } finally {
      worker.close();
    }
  }

  /** What holds the workers of this connection, known when the first has started. */
  get wall(): WallState | undefined {
    return this.#wall;
  }

  /**
   * Look at a path through the door with the shorter wait, or the only one. Each cuts a listing elsewhere: one that must
   * be cut is the shell's where there is one, so that it is the same at every call. Rejects as FileDoor says.
   */
  async read(request: ReadRequest, signal: AbortSignal): Promise<ReadOutcome> {
    const { sftp, shell } = this.#doors;
    return await this.#throughDoor(this.#quickestDoors(request), async (name) => {
      if (name === 'sftp') {
        const seen = await this.#bySftp(signal, () => sftp.read(request, signal));
        const isCut = seen.what === 'directory' && seen.truncated;
        return isCut ? await shell.read(request, signal).catch(() => seen) : seen;
      }
      const outcome = await shell.read(request, signal);
      this.#openSftpAhead();
      return outcome;
    });
  }

  /** Search files by the shell, or by SFTP where there is none. Rejects as FindDoor says. */
  async find(request: FindRequest, signal: AbortSignal): Promise<FindOutcome> {
    return await this.#throughDoor(this.#allowed(['shell', 'sftp']), async (name) =>
      name === 'sftp'
        ? await this.#bySftp(signal, () => this.#doors.sftp.find(request, signal))
        : await this.#doors.shell.find(request, signal),
    );
  }

  /**
   * Move files by SFTP channels that no other call uses. No wall holds them: where one is required, the host must
   * have one all the same. Rejects as `BulkChannels.use`, and with `wall_missing`.
   */
  async bulk<T>(signal: AbortSignal, work: (bulk: Bulk) => Promise<T>): Promise<T> {
    const silent = { stdout: () => 'more' as const, stderr: () => 'more' as const };
    if (this.#options.wall.isRequired) await this.run({ command: ':', cwd: '', sink: silent, signal });
    return await traced(this.#span(signal), 'copy', () => this.#bulk.use(signal, work));
  }

  /** Close everything on this connection and the connection; whatever ran on it is killed by its worker's end. */
  end(): void {
    this.connection.end();
  }

  /** By the first door that there is. */
  async #throughDoor<T>(doors: readonly DoorName[], work: (name: DoorName) => Promise<T>): Promise<T> {
    let unable: ScoutError | undefined;
    for (const name of doors) {
      try {
        return await work(name);
      } catch (error) {
        if (!(error instanceof ScoutError) || !isMissingDoor(error)) throw error;
        if (error.code === 'not_available') unable = error;
        else this.#missing.add(name, error);
      }
    }
    throw unable ?? noDoor(this.#host, this.#missing.why('shell'), this.#missing.why('sftp'));
  }

  /** A tree costs SFTP some waits for each directory, and a shell one. */
  #quickestDoors({ path, depth }: ReadRequest): readonly DoorName[] {
    const { roundTripMs } = this.#sftp;
    const isNear = sftpWaits * roundTripMs < (this.#shellMs ?? roundTripMs + shellCostMs);
    const isQuicker = (isNear && depth === 1) || !this.#channels.isFree;
    const isFirst = isQuicker && this.#sftp.leadsTo(path);
    return this.#allowed(isFirst ? ['sftp', 'shell'] : ['shell', 'sftp']);
  }

  /** SFTP has no wall: where one is required, it is no door. */
  #allowed(order: readonly DoorName[]): readonly DoorName[] {
    const { isRequired } = this.#options.wall;
    return order.filter((name) => !this.#missing.why(name) && !(isRequired && name === 'sftp'));
  }

  /**
   * A worker that has the job already, for one round trip less where there is none yet; undefined where that is not
   * wanted or not possible. A job that is given up before its worker is there ends it: the next has a plain start.
   */
  async #firstWorker(kind: string, job: SessionJob): Promise<ShellWorker | undefined> {
    if (job.isOnceOnly || this.#options.wall.isRequired || this.#startsSlowly) return undefined;
    const begun = this.#channels.begin(kind, () => this.#startWorker(kind, job));
    const giveBack = (late?: ShellWorker) => late && this.#channels.release(late);
    try {
      return await raceAbort(begun, job.signal, giveBack);
    } catch (error) {
      this.#startsSlowly = job.signal.aborted;
      throw this.#noWorker(error);
    }
  }

  async #worker(kind: string, signal: AbortSignal): Promise<ShellWorker> {
    try {
      return await this.#channels.acquire(signal, kind);
    } catch (error) {
      throw this.#noWorker(error);
    }
  }

  #noWorker(error: unknown): unknown {
    if (!(error instanceof ScoutError)) return error;
    if (error.code === 'no_shell') this.#missing.add('shell', error);
    return error.code === 'busy' ? noSession(this.#host, error) : error;
  }

  /**
   * No call's deadline stops the start of a worker: start-up files that are slow for one call are done for the
   * next, and a shell that is killed within them may leave their locks behind.
   */
  async #startWorker(kind: string, first?: Job): Promise<ShellWorker> {
    const { nice, wall, denied, denyText } = this.#options;
    const worker = await withTimeout(
      new AbortController().signal,
      startLimitMs,
      () => shellTooSlow(this.#host, startLimitMs),
      (signal) =>
        startWorker(this.connection, {
          ...{ signal, nice, denied, first },
          denyText: denyText?.(),
          wall: wall.wallFor(kind),
        }),
    );
    if (kind === '') {
      this.#wall = worker.wall;
      this.#options.onWall?.(worker.wall);
    }
    if (!wall.isRequired || worker.wall.level !== 'none') return worker;
    worker.close();
    throw wallMissing(this.#host, worker.wall);
  }

  #span(signal: AbortSignal): Span {
    return this.#options.spanOf?.(signal) ?? untraced;
  }

  async #bySftp<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    return await this.#sftp.use(() => traced(this.#span(signal), 'sftp', work));
  }

  /**
   * Have SFTP ready for the next read where it may be the quicker door; nobody waits for it. The dial took the way for
   * a longer one where this process was busy meanwhile: a read by the shell that was short says otherwise.
   */
  #openSftpAhead(): void {
    const isNear = this.connection.roundTripMs < sftpBelowMs || (this.#shellMs ?? shellCostMs) < shellCostMs;
    if (!isNear || this.#missing.why('sftp') || this.#options.wall.isRequired) return;
    if (this.#sftp.isWanted || !this.#channels.hasSpareRoom) return;
    this.#sftp.open().catch((error) => {
      if (error instanceof ScoutError && error.code === 'no_sftp') this.#missing.add('sftp', error);
    });
  }
}

function isMissingDoor({ code }: ScoutError): boolean {
  return code === 'no_shell' || code === 'no_sftp' || code === 'not_available';
}
