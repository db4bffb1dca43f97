import { setTimeout as delay } from 'node:timers/promises';
import { abortReason } from '../../call.ts';
import { ScoutError } from '../../errors.ts';
import type { Connection } from '../engine.ts';
import type { HostSettings } from '../hosts/settings.ts';
import { greetMaster } from './control-socket.ts';
import type { ConfigChoice } from './forced-config.ts';
import { Keeper } from './keeper.ts';
import { startMaster } from './master.ts';
import { wasDropped } from './master-failure.ts';
import { OpensshConnection } from './openssh-connection.ts';
import { findSsh, quietEnvironment } from './ssh-program.ts';

/** Further tries at a server that drops connections, as the built-in engine makes them. */
const dropRetries = 8;
const firstPauseMs = 100;
const longestPauseMs = 1_000;
/** How long a master may take to say that it is there. */
const answerMs = 2_000;
/** A cold `ssh` to a host takes about so many round trips; with its start it is an estimate from above. */
const roundTripsToLogin = 10;

export interface OpensshDialerOptions extends ConfigChoice {
  readonly env: NodeJS.ProcessEnv;
  /** False: `Match exec` never runs and never matches (SCOUT_MATCH_EXEC). */
  readonly matchExec: boolean;
}

/** Makes authenticated connections by the installed `ssh`. */
export class OpensshDialer {
  readonly #options: OpensshDialerOptions;
  readonly #env: NodeJS.ProcessEnv;

  constructor(options: OpensshDialerOptions) {
    this.#options = options;
    this.#env = quietEnvironment(options.env);
  }

  /**
   * The connection of the user's own master (ssh_config(5) ControlPath) where one stands, else that of a new one;
   * jumps and ProxyCommand are ssh's own business. A server that drops connections before the handshake
   * (MaxStartups of sshd_config(5)) is tried again for some seconds. Rejects as `startMaster` does, and with ScoutError
   * `not_available` where there is no `ssh`.
   */
  async dial(settings: HostSettings, signal: AbortSignal): Promise<Connection> {
    if (settings.alias.startsWith('-')) throw looksLikeOption(settings.alias);
    const ssh = await findSsh(this.#options.env);
    return (await this.#join(ssh, settings, signal)) ?? (await this.#start(ssh, settings, signal));
  }

  async #start(ssh: string, settings: HostSettings, signal: AbortSignal): Promise<Connection> {
    const env = this.#options.matchExec ? this.#env : withoutMatchExec(this.#env, settings);
    for (let attempt = 1; ; attempt += 1) {
      const startedMs = performance.now();
      try {
        const master = await startMaster(ssh, settings, this.#options, env, signal);
        const roundTripMs = (performance.now() - startedMs) / roundTripsToLogin;
        return this.#connection(ssh, settings, { ...master, roundTripMs });
      } catch (error) {
        if (!wasDropped(error) || attempt > dropRetries) throw error;
      }
      await pause(
        Math.min(firstPauseMs * 2 ** (attempt - 1), longestPauseMs) * (0.5 + Math.random()),
        signal,
      );
    }
  }

  /** Undefined where the user has no master for this host. */
  async #join(ssh: string, settings: HostSettings, signal: AbortSignal): Promise<Connection | undefined> {
    const { controlPath } = settings;
    if (controlPath === undefined) return undefined;
    const socket = await greetMaster(controlPath, signal);
    if (!socket) return undefined;
    const keeper = new Keeper(undefined, this.#env);
    socket.once('close', () => keeper.end());
    return this.#connection(ssh, settings, {
      controlPath,
      directory: keeper.directory,
      gone: keeper.gone,
      // not known; a process for each channel is dearer than any round trip that SFTP would save
      roundTripMs: Number.POSITIVE_INFINITY,
      end: () => socket.destroy(),
    });
  }

  #connection(
    ssh: string,
    { alias }: HostSettings,
    master: {
      readonly controlPath: string;
      readonly directory: string;
      readonly roundTripMs: number;
      readonly gone: Promise<void>;
      readonly end: () => void;
    },
  ): Connection {
    const isAlive = async () => {
      const socket = await greetMaster(master.controlPath, AbortSignal.timeout(answerMs)).catch(
        () => undefined,
      );
      socket?.destroy();
      return socket !== undefined;
    };
    return new OpensshConnection({ ...master, ssh, host: alias, env: this.#env, isAlive });
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => {
    throw abortReason(signal);
  });
}

/** ssh runs `Match exec` by $SHELL (ssh_config(5)), but ProxyCommand and the jumps too. */
function withoutMatchExec(env: NodeJS.ProcessEnv, settings: HostSettings): NodeJS.ProcessEnv {
  if (settings.proxyCommand === undefined && settings.proxyJump.length === 0) {
    return { ...env, SHELL: '/bin/false' };
  }
  throw new ScoutError(
    'not_available',
    `${settings.alias}: the ssh program cannot go through a jump or ProxyCommand while SCOUT_MATCH_EXEC is off`,
    'Set SCOUT_SSH_ENGINE=ssh2, or SCOUT_MATCH_EXEC=on.',
  );
}

function looksLikeOption(alias: string): ScoutError {
  return new ScoutError(
    'invalid_argument',
    `ssh would take the host name ${JSON.stringify(alias)} for an option`,
    'Use an alias that does not begin with a dash.',
  );
}
