import type { ClientSide } from './call.ts';
import type { Config } from './config.ts';
import type { LocalPlaces } from './local/places.ts';
import type { Observer } from './observer.ts';
import type { OnRedacted, RemoteText } from './remote-text.ts';
import type { HostBook } from './ssh/hosts/host-book.ts';
import type { SessionPool } from './ssh/pool/session-pool.ts';

/** What every operation may use; made once by the composition root and never changed. */
export interface Context {
  readonly config: Config;
  readonly hosts: HostBook;
  readonly pool: SessionPool;
  /** The files of this machine that scout_beam may touch. */
  readonly local: LocalPlaces;
  /** The client that calls come from; there is none at a shell. */
  readonly client?: Pick<ClientSide, 'ask' | 'canAsk'> | undefined;
  readonly kept: KeptResults;
  /** `toRemoteText` with this server's redaction. In a call's own context it counts for the answer. */
  readonly clean: (remote: Uint8Array, onRedacted?: OnRedacted) => RemoteText;
  readonly observe: Observer;
  /** All metrics in Prometheus' text format. */
  readonly metricsText: () => Promise<string>;
  /** When this process started, ms since 1970. */
  readonly startedMs: number;
}

/** A text far longer than a page, of which perhaps nobody reads more than that. */
export interface LateText {
  /** How many UTF-16 units it has, about. */
  readonly units: number;
  readonly whole: () => RemoteText;
}

/** The rests of earlier answers, by id. Bounded in bytes and age; an evicted id is `result_expired`. */
export interface KeptResults {
  /** Keep a text and answer its id. A late one is cleaned when it is looked at first. */
  keep(text: RemoteText | LateText): string;
  /** Throws ScoutError `result_expired` for an id that is not, or no longer, here. */
  get(id: string): RemoteText;
  readonly size: { readonly results: number; readonly bytes: number };
}
