import type { KeptResults, LateText } from '../context.ts';
import { ScoutError } from '../errors.ts';
import { randomHex } from '../random-hex.ts';
import { compose, type RemoteText, slice } from '../remote-text.ts';

const maxBytes = 32 * 1024 ** 2;
const maxAgeMs = 10 * 60_000;
/** What a string of the engine takes at most for a UTF-16 unit. */
const unitBytes = 2;
/** Of a longer text the rest is let go. */
export const mostUnits = maxBytes / unitBytes;
/** Room for the note behind a text that is longer than everything. */
const noteUnits = 100;

/** The rests of answers, oldest out first: 32 MiB together, 10 minutes each (counted from the last look). */
export class ResultStore implements KeptResults {
  /** In the order of the last look, oldest first. */
  readonly #results = new Map<string, Result>();
  #bytes = 0;

  get size(): { results: number; bytes: number } {
    return { results: this.#results.size, bytes: this.#bytes };
  }

  keep(whole: RemoteText | LateText): string {
    this.#dropAged();
    const id = randomHex(12);
    this.#put(id, isLate(whole) && whole.units * unitBytes <= maxBytes ? whole : cleaned(whole));
    return id;
  }

  get(id: string): RemoteText {
    this.#dropAged();
    const result = this.#results.get(id);
    if (!result) {
      throw new ScoutError(
        'result_expired',
        `result:${id} is not kept (any more)`,
        'Results are kept for 10 minutes and 32 MiB: call again for a fresh one, or narrow the call.',
      );
    }
    const whole = cleaned(result.text);
    this.#drop(id);
    this.#put(id, whole);
    return whole;
  }

  /** As the newest; older ones go until all have room. */
  #put(id: string, text: RemoteText | LateText): void {
    const bytes = (isLate(text) ? text.units : text.length) * unitBytes;
    this.#results.set(id, { text, bytes, seenMs: performance.now() });
    this.#bytes += bytes;
    for (const oldest of this.#results.keys()) {
      if (this.#bytes <= maxBytes || oldest === id) break;
      this.#drop(oldest);
    }
  }

  #dropAged(): void {
    for (const [id, { seenMs }] of this.#results) {
      if (performance.now() - seenMs < maxAgeMs) return;
      this.#drop(id);
    }
  }

  #drop(id: string): void {
    this.#bytes -= this.#results.get(id)?.bytes ?? 0;
    this.#results.delete(id);
  }
}

interface Result {
  readonly text: RemoteText | LateText;
  readonly bytes: number;
  readonly seenMs: number;
}

function isLate(text: RemoteText | LateText): text is LateText {
  return typeof text !== 'string';
}

function cleaned(text: RemoteText | LateText): RemoteText {
  return bounded(isLate(text) ? text.whole() : text);
}

/** A text that fits the store alone, and says where it had to end. */
function bounded(text: RemoteText): RemoteText {
  if (text.length <= mostUnits) return text;
  const most = mostUnits - noteUnits;
  const isPair = /[\ud800-\udbff]/.test(text.charAt(most - 1));
  return compose`${slice(text, 0, isPair ? most - 1 : most)}\n[more came, and was not kept: 32 MiB are kept at most]\n`;
}
