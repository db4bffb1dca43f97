import type { AskHuman } from '../../call.ts';
import type { Observer } from '../../observer.ts';
import type { HostSettings } from '../hosts/settings.ts';
import { addHostKey } from './add-host-key.ts';
import type { AnotherWay } from './fetch-certificate.ts';
import { hostKeyError } from './host-key-error.ts';
import { decideHostKey, type StrictHostKeyChecking } from './host-key-policy.ts';
import { HostKeyQuestions } from './host-key-questions.ts';
import { type HostKeys, loadHostKeys } from './host-keys.ts';
import { KnownHostsFiles } from './known-hosts-files.ts';
import type { HostKeyVerdict } from './verdict.ts';

export interface HostKeyGateOptions {
  /** SCOUT_KNOWN_HOSTS: used instead of the configured files. */
  readonly override: string | undefined;
  /** SCOUT_STRICT_HOST_KEY_CHECKING: used instead of the configured rule. */
  readonly checking: StrictHostKeyChecking | undefined;
  /** For KnownHostsCommand. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly observe: Observer;
  /** For the rule `ask`; without it an unknown key is refused. */
  readonly ask?: AskHuman | undefined;
}

/** The host key check of one connection. */
export interface OpenGate {
  /** Host key algorithms in the order to offer. */
  readonly algorithms: readonly string[];
  /**
   * Resolves where the key may be used; rejects with ScoutError `host_key_*` or the signal's reason. While a person
   * is being asked that is UnansweredHostKey, and once they accept a new connection is let in.
   */
  accept(blob: Buffer): Promise<void>;
}

/** Decides which host keys are accepted, by the rules of ssh(1). One per server: it remembers known_hosts files. */
export class HostKeyGate {
  readonly #options: HostKeyGateOptions;
  readonly #files = new KnownHostsFiles();
  readonly #questions: HostKeyQuestions | undefined;

  constructor(options: HostKeyGateOptions) {
    this.#options = options;
    this.#questions = options.ask && new HostKeyQuestions(options.ask, options.override);
  }

  /**
   * Read what is known of a host, before connecting to it; `anotherWay` is a second connection to a host that is
   * behind a jump or ProxyCommand, for its certificate. Rejects as `loadHostKeys` does.
   */
  async open(
    settings: HostSettings,
    signal: AbortSignal,
    anotherWay?: () => Promise<AnotherWay>,
  ): Promise<OpenGate> {
    const keys = await this.#load(settings, signal, anotherWay);
    return { algorithms: keys.algorithms, accept: (blob) => this.#accept(settings, keys, blob, signal) };
  }

  async #load(
    settings: HostSettings,
    signal: AbortSignal,
    anotherWay?: () => Promise<AnotherWay>,
  ): Promise<HostKeys> {
    const { override, env } = this.#options;
    return await loadHostKeys(settings, { files: this.#files, override, env, anotherWay }, signal);
  }

  async #accept(settings: HostSettings, keys: HostKeys, blob: Buffer, signal: AbortSignal): Promise<void> {
    const checking = this.#options.checking ?? settings.strictHostKeyChecking;
    const verdict = await keys.judge(blob, signal);
    const hasFile = (this.#options.override ?? settings.userKnownHostsFiles[0]) !== undefined;
    const decision = decideHostKey(verdict, checking, hasFile);
    if (decision.ask) return this.#ask(settings, verdict);
    if (!decision.accept) throw hostKeyError(settings, verdict);
    if (decision.save) await addHostKey(settings, verdict, this.#options.override);
    if (verdict.state !== 'known' && (checking === 'no' || checking === 'accept-new')) {
      this.#options.observe({ kind: 'host_key_accepted', host: settings.alias, rule: checking });
    }
  }

  #ask(settings: HostSettings, verdict: HostKeyVerdict): void {
    // a file that cannot be read may hold another key for this host: no question for a person, but a defect
    if (!this.#questions || verdict.problems.length > 0) throw hostKeyError(settings, verdict);
    if (this.#questions.isAccepted(settings, verdict)) return;
    throw this.#questions.about(settings, verdict, async (signal) => {
      const keys = await this.#load(settings, signal);
      return (await keys.judge(verdict.blob, signal)).state === 'known';
    });
  }
}
