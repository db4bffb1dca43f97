import { type Call, type Span, traced, untraced } from '../../call.ts';
import { asScoutError, type ErrorCode, ScoutError } from '../../errors.ts';
import type { Observer, Queue } from '../../observer.ts';
import { denyLine } from '../shell/deny-script.ts';
import { type WallPlan, wallPlan } from '../wall/plan.ts';
import type { WallLevel, WallState } from '../wall/report.ts';
import { dialHost, type Jump } from './dial-host.ts';
import { type EngineOptions, Engines } from './engines.ts';
import { FailedLogins } from './failed-logins.ts';
import { HostSession } from './host-session.ts';
import { Places } from './places.ts';
import { Pooled, type Role } from './pooled.ts';
import { type Route, routeTo } from './route.ts';
import { unlessAccepted } from './unless-accepted.ts';

const defaultConnectTimeoutMs = 15_000;

export interface PoolOptions extends EngineOptions {
  readonly observe: Observer;
}

/** What is known of a host without asking it. */
export interface HostState {
  readonly connected: boolean;
  readonly engine?: 'ssh2' | 'openssh';
  /** What holds its commands, when the first one has run. */
  readonly wall?: WallState;
  readonly lastError?: ErrorCode;
}

type ClosedWhy = 'idle' | 'evicted' | 'lost' | 'shutdown';

/**
 * All connections, one a host (by effective settings, those of its jumps too), shared by concurrent calls. At most SCOUT_MAX_POOL_SIZE
 * are open, jumps not counted: past it the least recently used idle one is closed, else callers queue.
 */
export class SessionPool {
  readonly #options: PoolOptions;
  readonly #places: Places;
  readonly #engines: Engines;
  readonly #walls: WallPlan;
  readonly #failedLogins = new FailedLogins();
  readonly #lastErrors = new Map<string, ErrorCode>();
  readonly #fingerprints = new Map<string, string>();
  /** Who waits by a signal works for a call, and in its trace. */
  readonly #spans = new WeakMap<AbortSignal, Span>();
  #denyText: string | undefined;
  #ending = false;
  #drained: (() => void) | undefined;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#engines = new Engines(options);
    this.#walls = wallPlan(options.config);
    this.#places = new Places(options.config.maxPoolSize, (place) => this.#close(place, 'evicted'));
  }

  /**
   * Work on a host through its connection, dialing if there is none. What ends by a lost connection (or by the
   * loss of the remote shell) is done again, once, on a new one, unless it is not `repeatable`. While a person is
   * being asked about a host key the call waits, and holds no place. Rejects with what dialing or `work` rejects
   * with, `wall_missing` where a kernel wall is required, or the call's abort reason.
   */
  async use<T>(
    alias: string,
    call: Call,
    work: (session: HostSession) => Promise<T>,
    repeatable = true,
  ): Promise<T> {
    const { hosts } = this.#options;
    this.#spans.set(call.signal, call.span);
    const route = await routeTo(hosts, await hosts.resolve(alias, call.signal), call.signal);
    this.#fingerprints.set(alias, route.settings.fingerprint);
    for (let again = true; ; ) {
      let begun = false;
      try {
        return await this.#with(route, call.signal, async (session) => {
          begun = true;
          return await work(session);
        });
      } catch (thrown) {
        const error = await unlessAccepted(asScoutError(thrown), call.signal);
        if (!error) continue;
        const isLost = error.code === 'connection_lost';
        if (again && isLost && (repeatable || !begun) && !call.signal.aborted) {
          again = false;
          continue;
        }
        if (error.code !== 'cancelled' && (isLost || !begun)) this.#lastErrors.set(alias, error.code);
        throw isLost || !begun ? naming(alias, error) : thrown;
      }
    }
  }

  /** See `Engines.prepare`. */
  async prepare(): Promise<void> {
    await this.#engines.prepare();
  }

  /** What is known of a host from earlier calls. */
  state(alias: string): HostState {
    const place = this.#places.get(this.#fingerprints.get(alias) ?? '');
    const connection = place?.session?.connection;
    const wall = place?.session?.wall;
    const lastError = this.#lastErrors.get(alias);
    return {
      connected: connection !== undefined,
      ...(connection && { engine: connection.engine }),
      ...(wall && { wall }),
      ...(lastError && { lastError }),
    };
  }

  /** How many of the open connections have which wall. */
  walls(): Readonly<Record<WallLevel, number>> {
    const levels = this.#places.all().map(({ session }) => session?.wall?.level);
    const having = (wanted: WallLevel) => levels.filter((level) => level === wanted).length;
    return { full: having('full'), files: having('files'), none: having('none') };
  }

  /** The open connections but for jumps, and whether a call uses each. */
  connections(): readonly { readonly host: string; readonly isActive: boolean }[] {
    const open = this.#places.all().filter(({ counted, session }) => counted && session !== undefined);
    return open.map(({ host, isIdle }) => ({ host, isActive: !isIdle }));
  }

  /** Open and idle connections, places taken (those being dialed too), who waits for one, and the capacity. */
  stats(): { open: number; idle: number; jumps: number; taken: number; waiting: number; capacity: number } {
    const all = this.#places.all();
    const places = all.filter(({ session }) => session !== undefined);
    const counted = places.filter((place) => place.counted);
    return {
      taken: all.filter((place) => place.counted).length,
      open: counted.length,
      idle: counted.filter((place) => place.isIdle).length,
      jumps: places.length - counted.length,
      waiting: this.#places.waiting,
      capacity: this.#options.config.maxPoolSize,
    };
  }

  /** Take no more work, wait `graceMs` at most for what is under way, close everything and wait until it is closed. */
  async end(graceMs: number): Promise<void> {
    this.#ending = true;
    this.#places.end(shuttingDown());
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#drained = resolve;
      timer = setTimeout(resolve, graceMs);
      this.#checkDrained();
    });
    clearTimeout(timer);
    const places = this.#places.all();
    const gone = places.map(({ session }) => session?.connection.gone);
    for (const place of places) this.#remove(place, 'shutdown');
    await Promise.all(gone);
  }

  async #with<T>(route: Route, signal: AbortSignal, work: (session: HostSession) => Promise<T>): Promise<T> {
    const place = await this.#hold(route, 'target', signal);
    try {
      const { alias } = route.settings;
      if (place.session) this.#options.observe({ kind: 'reused', host: alias });
      const dialed = () => traced(this.#spanOf(signal), 'dial', () => place.ready(signal));
      const session = place.session ?? (await dialed());
      this.#lastErrors.delete(alias);
      return await work(session);
    } finally {
      this.#release(place, 'target');
    }
  }

  /** Begin a use of a host's connection: the one that is there, or a new one as soon as there is room. */
  async #hold(route: Route, role: Role, signal: AbortSignal): Promise<Pooled> {
    const { settings } = route;
    const key = settings.fingerprint;
    // before asking for room, which may cost an idle connection its place
    if (!this.#places.get(key)) await this.#failedLogins.check(settings, signal);
    if (this.#ending) throw shuttingDown();
    const create = () => this.#create(route);
    if (role === 'jump') return this.#places.claimJump(key, create);
    return await this.#places.claimTarget(key, signal, create, () =>
      this.#queued(settings.alias, 'connection', signal),
    );
  }

  /** A caller must wait; what this gives ends that. */
  #queued(host: string, queue: Queue, signal: AbortSignal): () => void {
    const sinceMs = performance.now();
    const span = this.#spanOf(signal).child('queue', { for: queue });
    this.#options.observe({ kind: 'queued', host, for: queue });
    return () => {
      span.end();
      const durationMs = performance.now() - sinceMs;
      this.#options.observe({ kind: 'waited', host, for: queue, durationMs });
    };
  }

  #spanOf(signal: AbortSignal): Span {
    return this.#spans.get(signal) ?? untraced;
  }

  #create(route: Route): Pooled {
    const { settings } = route;
    const place: Pooled = new Pooled(settings.fingerprint, settings.alias, async (abandoned) => {
      try {
        return await this.#dial(route, abandoned, () => this.#remove(place, 'lost'));
      } catch (error) {
        this.#places.remove(place);
        place.close();
        throw error;
      }
    });
    return place;
  }

  async #dial({ settings, via }: Route, abandoned: AbortSignal, onLost: () => void): Promise<HostSession> {
    const { config, observe } = this.#options;
    await this.#failedLogins.check(settings, abandoned);
    const keys = await this.#failedLogins.keysOf(settings, abandoned);
    const engine = await this.#engines.choose(settings, abandoned);
    const connection = await dialHost(
      settings,
      {
        limitMs: config.connectTimeoutMs ?? (settings.connectTimeoutMs || defaultConnectTimeoutMs),
        jump: async (signal) => (engine === 'ssh2' && via ? await this.#jump(via, signal) : undefined),
        dial: async (jump, signal) => {
          try {
            return await this.#engines.dial(engine, settings, jump, signal);
          } catch (error) {
            this.#failedLogins.remember(settings, error, keys);
            throw error;
          }
        },
        observe,
      },
      abandoned,
    );
    void connection.gone.then(onLost);
    return new HostSession(connection, settings.alias, {
      maxChannels: config.maxChannelsPerHost,
      nice: config.nice,
      wall: this.#walls,
      denied: config.denyPaths,
      denyText: () => (this.#denyText ??= denyLine(config.denyPaths)),
      onWait: (signal) => this.#queued(settings.alias, 'channel', signal),
      onWall: ({ level: wall }) => observe({ kind: 'walled', host: settings.alias, wall }),
      spanOf: (signal) => this.#spanOf(signal),
    });
  }

  async #jump(route: Route, signal: AbortSignal): Promise<Jump> {
    const place = await this.#hold(route, 'jump', signal);
    try {
      const { connection } = await place.ready(signal);
      return { connection, leave: () => this.#release(place, 'jump') };
    } catch (error) {
      this.#release(place, 'jump');
      throw error;
    }
  }

  #release(place: Pooled, role: Role): void {
    place.release(role, this.#options.config.idleTimeoutMs, () => this.#remove(place, 'idle'));
    if (!place.isIdle) return;
    this.#places.serve();
    this.#checkDrained();
  }

  #checkDrained(): void {
    if (this.#places.all().every((place) => place.isIdle)) this.#drained?.();
  }

  #remove(place: Pooled, why: ClosedWhy): void {
    this.#close(place, why);
    this.#places.remove(place);
  }

  #close(place: Pooled, why: ClosedWhy): void {
    if (place.isClosed) return;
    const wasOpen = place.session !== undefined;
    place.close();
    if (wasOpen) this.#options.observe({ kind: 'closed', host: place.host, why });
  }
}

/** A failed connection is its host's, also where the failure is that of a jump or of a connection that is shared. */
function naming(alias: string, error: ScoutError): ScoutError {
  const { code, message, fix } = error;
  return message.includes(alias) ? error : new ScoutError(code, `${alias}: ${message}`, fix, error);
}

function shuttingDown(): ScoutError {
  return new ScoutError('cancelled', 'scout-mcp is shutting down', 'Start it again.');
}
