import type { Config } from '../../config.ts';
import type { Observer } from '../../observer.ts';
import type { Connection } from '../engine.ts';
import type { HostBook } from '../hosts/host-book.ts';
import type { HostSettings } from '../hosts/settings.ts';
import type { HostKeyGateOptions } from '../known-hosts/host-key-gate.ts';
import { Engines } from '../pool/engines.ts';
import { hopSteps, type Step, skipped } from './diagnosis.ts';
import { walkHop } from './walk-hop.ts';
import { WatchedGate } from './watched-gate.ts';

const defaultConnectTimeoutMs = 15_000;

export interface DiagnoseOptions {
  readonly config: Config;
  readonly hosts: HostBook;
  readonly env: NodeJS.ProcessEnv;
  readonly observe: Observer;
}

/** The way to a host as far as it was open. */
export interface Way {
  /** Of every hop, the first one first. */
  readonly steps: readonly Step[];
  /** To the host; undefined where a step failed. */
  readonly connection: Connection | undefined;
  /** The connection is not needed any more. */
  readonly leave: () => void;
}

interface Shared {
  /** Whose walk it was: another name may have the same settings. */
  readonly alias: string;
  readonly walked: Promise<Omit<Way, 'leave'>>;
  uses: number;
}

/**
 * The ways to the hosts of one run. Hosts behind one jump share its connection, and its failure: a login that
 * was refused is not tried again.
 */
export class Ways {
  readonly #options: DiagnoseOptions;
  readonly #gate: WatchedGate;
  readonly #engines: Engines;
  readonly #shared = new Map<string, Shared>();

  constructor(options: DiagnoseOptions) {
    this.#options = options;
    this.#gate = new WatchedGate(hostKeyOptions(options));
    this.#engines = new Engines({ ...options, hostKeys: this.#gate });
  }

  /** Log in at every hop; `hops` as `hopsTo` gives them. Rejects with the signal's reason only. */
  async open(hops: readonly HostSettings[], signal: AbortSignal): Promise<Way> {
    const settings = hops.at(-1);
    if (!settings) return { steps: [], connection: undefined, leave: () => {} };
    const key = settings.fingerprint;
    const { alias } = settings;
    const shared = this.#shared.get(key) ?? {
      alias,
      uses: 0,
      walked: this.#walk(settings, hops.slice(0, -1), signal),
    };
    this.#shared.set(key, shared);
    shared.uses += 1;
    const walked = await shared.walked;
    const leave = () => {
      shared.uses -= 1;
      if (shared.uses > 0 || !walked.connection) return;
      this.#shared.delete(key);
      walked.connection.end();
    };
    const steps = walked.steps.map((step) => (step.on === shared.alias ? { ...step, on: alias } : step));
    return { ...walked, steps, leave };
  }

  async #walk(
    settings: HostSettings,
    before: readonly HostSettings[],
    signal: AbortSignal,
  ): Promise<Omit<Way, 'leave'>> {
    const engine = await this.#engines.choose(settings, signal);
    const jumps = engine === 'openssh' ? [] : before; // OpenSSH makes its jumps itself
    const way = await this.open(jumps, signal);
    const last = jumps.at(-1);
    if (last && !way.connection) {
      return { steps: [...way.steps, ...skipped(hopSteps, settings.alias)], connection: undefined };
    }
    const via = way.connection && last && { connection: way.connection, alias: last.alias };
    const tools = {
      engine,
      gate: this.#gate,
      limitMs: connectLimitMs(settings, this.#options.config),
      dial: (part: AbortSignal) => this.#engines.dial(engine, settings, via?.connection, part),
    };
    const { steps, connection } = await walkHop(settings, via, tools, signal);
    if (connection) void connection.gone.then(way.leave);
    else way.leave();
    return { steps: [...way.steps, ...steps], connection };
  }
}

/** How long one hop may take: as the tools give it. */
export function connectLimitMs({ connectTimeoutMs }: HostSettings, config: Config): number {
  return config.connectTimeoutMs ?? (connectTimeoutMs || defaultConnectTimeoutMs);
}

/** The host key rules of the tools. */
export function hostKeyOptions({ config, env, observe }: DiagnoseOptions): HostKeyGateOptions {
  return { override: config.knownHosts, checking: config.strictHostKeyChecking, env, observe };
}
