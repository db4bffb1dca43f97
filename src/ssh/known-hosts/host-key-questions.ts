import { type AskHuman, withTimeout } from '../../call.ts';
import { ScoutError } from '../../errors.ts';
import type { HostSettings } from '../hosts/settings.ts';
import { addHostKey } from './add-host-key.ts';
import { hostKeyError } from './host-key-error.ts';
import { hostKeyQuestion } from './host-key-question.ts';
import { UnansweredHostKey } from './unanswered-host-key.ts';
import type { HostKeyVerdict } from './verdict.ts';

/** Then the question is withdrawn, and the key refused. */
const humanMs = 5 * 60_000;

/**
 * The questions about unknown host keys, one for a host and key, however many connections wait for its answer. One
 * outlives the call that it was asked for: an acceptance is saved all the same.
 */
export class HostKeyQuestions {
  readonly #ask: AskHuman;
  readonly #override: string | undefined;
  readonly #open = new Map<string, Promise<void>>();
  /** Accepted keys that could not be saved: they count for as long as this process runs. */
  readonly #unsaved = new Set<string>();

  /** `override` is SCOUT_KNOWN_HOSTS. */
  constructor(ask: AskHuman, override: string | undefined) {
    this.#ask = ask;
    this.#override = override;
  }

  /** The person accepted this key, but no known_hosts file could take it. */
  isAccepted(settings: HostSettings, verdict: HostKeyVerdict): boolean {
    return this.#unsaved.has(idOf(settings, verdict));
  }

  /** Ask about an unknown key, or join those who wait for the answer. `isKnown` looks at known_hosts again. */
  about(
    settings: HostSettings,
    verdict: HostKeyVerdict,
    isKnown: (signal: AbortSignal) => Promise<boolean>,
  ): UnansweredHostKey {
    const id = idOf(settings, verdict);
    let accepted = this.#open.get(id);
    if (!accepted) {
      const limit = new AbortController().signal; // nothing but time ends a question
      accepted = withTimeout(limit, humanMs, withdrawn, (signal) =>
        this.#settle(settings, verdict, () => isKnown(signal), signal),
      ).finally(() => this.#open.delete(id));
      accepted.catch(() => {}); // each who waits gets the refusal; nobody may be waiting any more
      this.#open.set(id, accepted);
    }
    return new UnansweredHostKey(hostKeyError(settings, verdict), accepted);
  }

  async #settle(
    settings: HostSettings,
    verdict: HostKeyVerdict,
    isKnown: () => Promise<boolean>,
    signal: AbortSignal,
  ): Promise<void> {
    // between the look at known_hosts and the key exchange another connection may have had it accepted
    if (await isKnown()) return;
    if (!(await this.#ask(hostKeyQuestion(settings, verdict), signal))) throw hostKeyError(settings, verdict);
    await addHostKey(settings, verdict, this.#override);
    if (!(await isKnown().catch(() => false))) this.#unsaved.add(idOf(settings, verdict));
  }
}

/** Hosts share a question where its answer is saved in the same place under the same name. */
function idOf(settings: HostSettings, { lookupName, blob }: HostKeyVerdict): string {
  return [lookupName, blob.toString('base64'), ...settings.userKnownHostsFiles].join('\n');
}

function withdrawn(): ScoutError {
  return new ScoutError('host_key_unknown', 'nobody answered', 'Call again.');
}
