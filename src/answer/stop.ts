import type { ScoutError } from '../errors.ts';

type Listener = (reason: ScoutError) => void;

/** The end of the server, of which every call hears. To listen to an AbortSignal takes each of them longer. */
export class Stop {
  #reason: ScoutError | undefined;
  readonly #listeners = new Set<Listener>();

  /** Why it has stopped, where it has. */
  get reason(): ScoutError | undefined {
    return this.#reason;
  }

  /** Tell all who listen, once. */
  now(reason: ScoutError): void {
    this.#reason ??= reason;
    for (const listener of this.#listeners) listener(this.#reason);
    this.#listeners.clear();
  }

  /** Hear of it; what this gives ends that. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
