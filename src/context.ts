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
  /** When this process started, ms since 1970. */
  readonly startedMs: number;
}

/** The rests of earlier answers, by id. Bounded in bytes and age; an evicted id is `result_expired`. */
export interface KeptResults {
  /** Keep a text and answer its id. */
  keep(text: RemoteText): string;
  /** Throws ScoutError `result_expired` for an id that is not, or no longer, here. */
  get(id: string): RemoteText;
  readonly size: { readonly results: number; readonly bytes: number };
}
