import type { Lane } from './lane.ts';

/** What a connection offers to who moves files over it. */
export interface Bulk {
  /** Its name, for errors. */
  readonly host: string;
  readonly roundTripMs: number;
  /** Aborts with the work that it was made for. */
  readonly signal: AbortSignal;
  /** The channel that small requests take. */
  readonly lane: Lane;
  /** Up to `count` channels, that one first; fewer where the server or other calls leave no room. */
  lanes(count: number): Promise<readonly Lane[]>;
  /** SHA-256 of the first bytes of a file by a program of the machine; undefined where there is no shell or program. */
  digest(path: string, bytes: number): Promise<string | undefined>;
  /** Nobody else of this process works on `path` until `release`. False where somebody does. */
  claim(path: string): boolean;
  release(path: string): void;
}

/** Up to here a file is read back rather than hashed by a command, which costs more, in bytes. */
export const smallBytes = 256 * 1024;

/** From this round trip on the windows of several channels are worth their opening, in ms. */
const farMs = 10;

export function isFar({ roundTripMs }: Pick<Bulk, 'roundTripMs'>): boolean {
  return roundTripMs >= farMs;
}
