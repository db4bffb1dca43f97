import type { Observer } from '../../observer.ts';
import type { HostSettings } from '../hosts/settings.ts';
import { addHostKey } from './add-host-key.ts';
import { hostKeyError } from './host-key-error.ts';
import { decideHostKey, type StrictHostKeyChecking } from './host-key-policy.ts';
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
  /** Ask the human whether to accept an unknown key (rule `ask`); where there is no way, it is refused. */
  readonly ask?: (settings: HostSettings, verdict: HostKeyVerdict, signal: AbortSignal) => Promise<boolean>;
}

/** The host key check of one connection. */
export interface OpenGate {
  /** Host key algorithms in the order to offer. */
  readonly algorithms: readonly string[];
  /** Resolves where the key may be used; rejects with ScoutError `host_key_*` or the signal's reason. */
  accept(blob: Buffer): Promise<void>;
}

/** Decides which host keys are accepted, by the rules of ssh(1). One per server: it remembers known_hosts files. */
export class HostKeyGate {
  readonly #options: HostKeyGateOptions;
  readonly #files = new KnownHostsFiles();

  constructor(options: HostKeyGateOptions) {
    this.#options = options;
  }

  /** Read what is known of a host, before connecting to it. Rejects as `loadHostKeys` does. */
  async open(settings: HostSettings, signal: AbortSignal): Promise<OpenGate> {
    const { override, env } = this.#options;
    const keys = await loadHostKeys(settings, { files: this.#files, override, env }, signal);
    return { algorithms: keys.algorithms, accept: (blob) => this.#accept(settings, keys, blob, signal) };
  }

  async #accept(settings: HostSettings, keys: HostKeys, blob: Buffer, signal: AbortSignal): Promise<void> {
    const checking = this.#options.checking ?? settings.strictHostKeyChecking;
    const verdict = await keys.judge(blob, signal);
    const decision = decideHostKey(verdict, checking);
    const accepted = decision.ask ? await this.#ask(settings, verdict, signal) : decision.accept;
    if (!accepted) throw hostKeyError(settings, verdict);
    if (decision.save) await addHostKey(settings, verdict, this.#options.override);
    if (verdict.state !== 'known' && (checking === 'no' || checking === 'accept-new')) {
      this.#options.observe({ kind: 'host_key_accepted', host: settings.alias, rule: checking });
    }
  }

  async #ask(settings: HostSettings, verdict: HostKeyVerdict, signal: AbortSignal): Promise<boolean> {
    return (await this.#options.ask?.(settings, verdict, signal)) ?? false;
  }
}
