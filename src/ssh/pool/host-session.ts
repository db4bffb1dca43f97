import type { SFTPWrapper } from 'ssh2';
import { withTimeout } from '../../call.ts';
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
import { ChannelQueue } from './channel-queue.ts';
import { sessionLost, shellTooSlow } from './session-error.ts';

/** Below this round trip the several short waits of SFTP are shorter than one command of the remote shell. */
const sftpBelowMs = 4;
const startLimitMs = 25_000;
/** How long an account counts as having no shell, or no SFTP, after it was seen. */
const missingForMs = 30_000;

export interface SessionOptions {
  readonly maxChannels: number;
  readonly nice: boolean;
  readonly wall: WallPlan;
  /** What its file doors do not open. */
  readonly denied: DenyPaths;
  /** A call must wait for a channel. */
  readonly onWait: () => void;
}

type DoorName = 'shell' | 'sftp';

/** A command, and the programs in it as far as they need more than reading files. */
export interface SessionJob extends Job {
  readonly programs?: readonly string[];
  /** Any command line: it gets a worker of its own, which ends with it, and runs only where the wall holds all. */
  readonly isWalled?: boolean;
  /** Told what holds the worker, before the command is sent. */
  readonly onWall?: (wall: WallState) => void;
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
  readonly #missing = new Map<DoorName, { readonly error: ScoutError; readonly untilMs: number }>();
  #sftp: { readonly opening: Promise<SFTPWrapper>; open?: SFTPWrapper } | undefined;
  #sftpReads = 0;

  constructor(connection: Connection, host: string, options: SessionOptions) {
    this.connection = connection;
    this.#host = host;
    this.#options = options;
    this.#channels = new ChannelQueue(options.maxChannels, (kind) => this.#startWorker(kind), options.onWait);
    const script: RunScript = (command, sink, signal) => this.run({ command, cwd: '', sink, signal });
    this.#doors = {
      shell: { ...createShellDoor(script, options.denied), ...createShellFinder(script, options.denied) },
      sftp: createSftpDoor(() => this.#openSftp(), options.denied),
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
    const missing = this.#isMissing('shell');
    if (missing) throw missing;
    if (job.isWalled) return await this.#runWalled(job);
    const kind = this.#options.wall.isBuilt ? doorsFor(job.programs ?? []) : '';
    const worker = await this.#worker(kind, job.signal);
    try {
      job.onWall?.(worker.wall);
      return await worker.run(job);
    } finally {
      this.#channels.release(worker);
    }
  }

  /** What one command leaves in its scratch, or running, is not there for the next one. */
  async #runWalled(job: SessionJob): Promise<RunEnd> {
    const known = this.#notWalled ?? this.#options.wall.notWalled;
    if (known) throw notWalled(this.#host, known);
    const worker = await this.#worker(walledKind, job.signal);
    try {
      if (worker.wall.level !== 'full') {
        this.#notWalled = worker.wall;
        throw notWalled(this.#host, worker.wall);
      }
      job.onWall?.(worker.wall);
      return await worker.run(job);
    } finally {
      worker.close();
    }
  }

  /** What holds the workers of this connection, known when the first has started. */
  get wall(): WallState | undefined {
    return this.#wall;
  }

  /** Look at a path through the door with the shorter wait, or the only one. Rejects as FileDoor says. */
  async read(request: ReadRequest, signal: AbortSignal): Promise<ReadOutcome> {
    return await this.#throughDoor(this.#quickestDoors(), async (name) => {
      if (name === 'sftp') return await this.#bySftp(() => this.#doors.sftp.read(request, signal));
      const outcome = await this.#doors.shell.read(request, signal);
      this.#openSftpAhead();
      return outcome;
    });
  }

  /** Search files by the shell, or by SFTP where there is none. Rejects as FindDoor says. */
  async find(request: FindRequest, signal: AbortSignal): Promise<FindOutcome> {
    return await this.#throughDoor(this.#allowed(['shell', 'sftp']), async (name) =>
      name === 'sftp'
        ? await this.#bySftp(() => this.#doors.sftp.find(request, signal))
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
    return await this.#bulk.use(signal, work);
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
        else this.#misses(name, error);
      }
    }
    throw unable ?? this.#noDoor();
  }

  #quickestDoors(): readonly DoorName[] {
    const isQuicker = this.connection.roundTripMs < sftpBelowMs || !this.#channels.isFree;
    const order: readonly DoorName[] = this.#sftp?.open && isQuicker ? ['sftp', 'shell'] : ['shell', 'sftp'];
    return this.#allowed(order);
  }

  /** SFTP has no wall: where one is required, it is no door. */
  #allowed(order: readonly DoorName[]): readonly DoorName[] {
    const { isRequired } = this.#options.wall;
    return order.filter((name) => !this.#isMissing(name) && !(isRequired && name === 'sftp'));
  }

  async #worker(kind: string, signal: AbortSignal): Promise<ShellWorker> {
    try {
      return await this.#channels.acquire(signal, kind);
    } catch (error) {
      if (!(error instanceof ScoutError)) throw error;
      if (error.code === 'no_shell') this.#misses('shell', error);
      throw error.code === 'busy' ? this.#noSession(error) : error;
    }
  }

  /**
   * No call's deadline stops the start of a worker: start-up files that are slow for one call are done for the
   * next, and a shell that is killed within them may leave their locks behind.
   */
  async #startWorker(kind: string): Promise<ShellWorker> {
    const { nice, wall, denied } = this.#options;
    const worker = await withTimeout(
      new AbortController().signal,
      startLimitMs,
      () => shellTooSlow(this.#host, startLimitMs),
      (signal) => startWorker(this.connection, { signal, nice, denied, wall: wall.wallFor(kind) }),
    );
    if (kind === '') this.#wall = worker.wall;
    if (!wall.isRequired || worker.wall.level !== 'none') return worker;
    worker.close();
    throw wallMissing(this.#host, worker.wall);
  }

  async #bySftp<T>(work: () => Promise<T>): Promise<T> {
    this.#sftpReads += 1;
    this.#channels.spare(undefined);
    try {
      return await work();
    } finally {
      this.#sftpReads -= 1;
      this.#lendSftp();
    }
  }

  /** An SFTP channel that nobody reads by may be closed for a command that waits. */
  #lendSftp(): void {
    const sftp = this.#sftp;
    if (this.#sftpReads > 0 || !sftp?.open) return;
    this.#channels.spare(() => {
      this.#sftp = undefined;
      sftp.open?.end();
    });
  }

  /** Have SFTP ready for the next read where it is the quicker door; nobody waits for it. */
  #openSftpAhead(): void {
    if (this.connection.roundTripMs >= sftpBelowMs || this.#isMissing('sftp')) return;
    if (this.#options.wall.isRequired) return;
    if (this.#sftp || !this.#channels.hasSpareRoom) return;
    this.#openSftp().catch((error) => {
      if (error instanceof ScoutError && error.code === 'no_sftp') this.#misses('sftp', error);
    });
  }

  /** The one SFTP channel of this connection, opened when there is none. Who waits for it has a deadline. */
  #openSftp(): Promise<SFTPWrapper> {
    if (this.#sftp) return this.#sftp.opening;
    const sftp: { opening: Promise<SFTPWrapper>; open?: SFTPWrapper } = {
      opening: this.#channels.open(() => this.connection.sftp()),
    };
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
        this.#channels.closed();
      });
      this.#lendSftp();
    }, forget);
    return sftp.opening;
  }

  #isMissing(name: DoorName): ScoutError | undefined {
    const missing = this.#missing.get(name);
    return missing && performance.now() < missing.untilMs ? missing.error : undefined;
  }

  #misses(name: DoorName, error: ScoutError): void {
    if (!this.#isMissing(name)) this.#missing.set(name, { error, untilMs: performance.now() + missingForMs });
  }

  #noDoor(): ScoutError {
    const [shell, sftp] = [this.#isMissing('shell'), this.#isMissing('sftp')];
    const reasons = [shell, sftp].flatMap((error) => error?.message ?? []).join('; ');
    return new ScoutError(
      'no_shell',
      `${this.#host} gives this account neither a shell nor SFTP (${reasons})`,
      'Give the account a login shell, or `ForceCommand internal-sftp` in sshd_config.',
      shell ?? sftp,
    );
  }

  #noSession(cause: ScoutError): ScoutError {
    const fix = 'Raise MaxSessions of its sshd.';
    return new ScoutError('no_shell', `${this.#host} refuses every session`, fix, cause);
  }
}

function isMissingDoor({ code }: ScoutError): boolean {
  return code === 'no_shell' || code === 'no_sftp' || code === 'not_available';
}
