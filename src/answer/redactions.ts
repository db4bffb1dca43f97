import type { ScoutError } from '../errors.ts';

/** How many secrets were replaced in the remote text of one answer, by kind. */
export class Redactions {
  readonly #counts = new Map<string, number>();

  readonly #found = new Map<string, number>();

  readonly count = (kind: string): void => {
    for (const counts of [this.#counts, this.#found]) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  };

  /** Lines in errors were cleaned where they were met, far from any answer: what was replaced there can be read. */
  countIn({ message }: ScoutError): void {
    for (const [, kind] of message.matchAll(/\[redacted:([a-z0-9-]+)\]/g))
      this.#counts.set(kind ?? '', (this.#counts.get(kind ?? '') ?? 0) + 1);
  }

  /** What was replaced where it was met, by kind: what only errors say could be a machine's own words. */
  get found(): ReadonlyMap<string, number> {
    return this.#found;
  }

  get total(): number {
    return [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
  }

  /** `[3 secrets were redacted: 2 private-key, 1 jwt]`; undefined where there were none. */
  get line(): string | undefined {
    if (this.total === 0) return undefined;
    const kinds = [...this.#counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
    const named = kinds.map(([kind, count]) => `${count} ${kind}`).join(', ');
    const what = this.total === 1 ? '1 secret was' : `${this.total} secrets were`;
    return `[${what} redacted: ${named}]`;
  }
}
