import type { Config } from '../../config.ts';
import { ScoutError } from '../../errors.ts';
import type { Dialer } from '../connection/dial.ts';
import type { Connection } from '../engine.ts';
import type { HostBook } from '../hosts/host-book.ts';
import type { HostSettings } from '../hosts/settings.ts';
import type { HostKeyGate } from '../known-hosts/host-key-gate.ts';
import type { OpensshDialer } from '../openssh/dialer.ts';

export type Engine = Connection['engine'];

export interface EngineOptions {
  readonly config: Config;
  readonly hosts: HostBook;
  readonly hostKeys: HostKeyGate;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * The two ways to a host: ssh2 in this process, and the installed `ssh` for what ssh2 lacks. Each is loaded when
 * it makes its first connection, or by `prepare`.
 */
export class Engines {
  readonly #options: EngineOptions;
  #ssh2: Promise<Dialer> | undefined;
  #openssh: Promise<OpensshDialer> | undefined;

  constructor(options: EngineOptions) {
    this.#options = options;
  }

  /**
   * Which engine a host is to be dialed with: SCOUT_SSH_ENGINE, where that is `auto` ssh2 unless the host or one
   * of its jumps needs the other. OpenSSH makes its jumps itself. Rejects with ScoutError `not_available` where it is
   * to be ssh2, and a hop has a check of its server that only ssh makes.
   */
  async choose(settings: HostSettings, signal: AbortSignal): Promise<Engine> {
    const { sshEngine } = this.#options.config;
    if (sshEngine === 'openssh') return sshEngine;
    const { neededCheck, needsOpenssh } = await import('../openssh/needs-openssh.ts');
    for (const hop of [settings, ...(await this.#jumpsOf(settings, signal))]) {
      if (sshEngine === 'auto' && needsOpenssh(hop) !== undefined) return 'openssh';
      const check = neededCheck(hop);
      if (check !== undefined) throw lacksCheck(hop.alias, check);
    }
    return 'ssh2';
  }

  /** Load what most connections are made with, so that the first call need not wait for it. Never rejects. */
  async prepare(): Promise<void> {
    const load = this.#options.config.sshEngine === 'openssh' ? this.#opensshDialer() : this.#ssh2Dialer();
    await load.catch(() => {}); // the first connection says why
  }

  /** Dial with the engine that was chosen. Rejects as the dialers do. */
  async dial(
    engine: Engine,
    settings: HostSettings,
    via: Connection | undefined,
    signal: AbortSignal,
  ): Promise<Connection> {
    if (engine === 'openssh') return await (await this.#opensshDialer()).dial(settings, signal);
    try {
      return await (await this.#ssh2Dialer()).dial(settings, via, signal);
    } catch (error) {
      if (this.#options.config.sshEngine !== 'auto') throw error;
      const { isWorthSecondTry } = await import('../openssh/second-try.ts');
      if (signal.aborted || !isWorthSecondTry(error, settings, this.#options.env)) throw error;
      return await this.#secondTry(settings, signal, error);
    }
  }

  /** Where the second engine is not there either, what the first one said counts. */
  async #secondTry(settings: HostSettings, signal: AbortSignal, first: unknown): Promise<Connection> {
    try {
      return await (await this.#opensshDialer()).dial(settings, signal);
    } catch {
      throw first;
    }
  }

  async #jumpsOf(settings: HostSettings, signal: AbortSignal): Promise<readonly HostSettings[]> {
    const { proxyJump } = settings;
    return await Promise.all(
      proxyJump.map((spec, at) => this.#options.hosts.resolveJump(spec, signal, proxyJump.slice(0, at))),
    );
  }

  async #ssh2Dialer(): Promise<Dialer> {
    this.#ssh2 ??= import('../connection/dial.ts').then(({ Dialer }) => new Dialer(this.#options));
    return await this.#ssh2;
  }

  async #opensshDialer(): Promise<OpensshDialer> {
    const { config, env } = this.#options;
    this.#openssh ??= import('../openssh/dialer.ts').then(
      ({ OpensshDialer }) =>
        new OpensshDialer({
          env,
          configFile: config.sshConfig,
          knownHosts: config.knownHosts,
          strictHostKeyChecking: config.strictHostKeyChecking,
          matchExec: config.matchExec,
        }),
    );
    return await this.#openssh;
  }
}

function lacksCheck(alias: string, check: string): ScoutError {
  return new ScoutError(
    'not_available',
    `${check} for ${alias} in the ssh configuration, which the built-in SSH engine cannot check`,
    'Set SCOUT_SSH_ENGINE=auto, and have the OpenSSH client in PATH.',
  );
}
