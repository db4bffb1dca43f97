import type { Distribution, Family, Labels, Named } from './family.ts';

/** In seconds. The last are the deadlines of a host and of a call. */
export const durationBounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 20, 30, 50] as const;

/** A number for each set of labels; one without labels is there from the start. */
class Series<Label extends string, Value> {
  readonly #labels: readonly Label[];
  readonly #first: () => Value;
  readonly #values = new Map<string, { readonly labels: Labels; value: Value }>();

  constructor(labels: readonly Label[], first: () => Value) {
    this.#labels = labels;
    this.#first = first;
    if (labels.length === 0) this.of({} as Record<Label, string>); // there is no label to give
  }

  of(labels: Readonly<Record<Label, string>>): { value: Value } {
    const key = this.#labels.map((label) => labels[label]).join('\0');
    const there = this.#values.get(key);
    if (there) return there;
    const made = { labels: { ...labels }, value: this.#first() };
    this.#values.set(key, made);
    return made;
  }

  read(): readonly { readonly labels: Labels; readonly value: Value }[] {
    return [...this.#values.values()];
  }
}

/** What only grows. */
export class Counter<Label extends string = never> {
  readonly #named: Named;
  readonly #series: Series<Label, number>;

  constructor(name: string, help: string, ...labels: readonly Label[]) {
    this.#named = { name, help };
    this.#series = new Series(labels, () => 0);
  }

  add(labels: Readonly<Record<Label, string>>, by = 1): void {
    this.#series.of(labels).value += by;
  }

  read(): Family {
    return { ...this.#named, type: 'counter', samples: this.#series.read().map((one) => ({ ...one })) };
  }
}

/** What was seen last. */
export class Gauge<Label extends string = never> {
  readonly #named: Named;
  readonly #series: Series<Label, number>;

  constructor(name: string, help: string, ...labels: readonly Label[]) {
    this.#named = { name, help };
    this.#series = new Series(labels, () => 0);
  }

  set(labels: Readonly<Record<Label, string>>, value: number): void {
    this.#series.of(labels).value = value;
  }

  read(): Family {
    return { ...this.#named, type: 'gauge', samples: this.#series.read().map((one) => ({ ...one })) };
  }
}

/** How long things took, in seconds. */
export class Histogram<Label extends string = never> {
  readonly #named: Named;
  readonly #series: Series<Label, { counts: number[]; sum: number }>;

  constructor(name: string, help: string, ...labels: readonly Label[]) {
    this.#named = { name, help };
    this.#series = new Series(labels, () => ({
      counts: new Array<number>(durationBounds.length + 1).fill(0),
      sum: 0,
    }));
  }

  observeMs(labels: Readonly<Record<Label, string>>, durationMs: number): void {
    const seconds = durationMs / 1_000;
    const { value } = this.#series.of(labels);
    const at = durationBounds.findIndex((bound) => seconds <= bound);
    const bucket = at < 0 ? durationBounds.length : at;
    value.counts[bucket] = (value.counts[bucket] ?? 0) + 1;
    value.sum += seconds;
  }

  read(): Family {
    const samples: readonly Distribution[] = this.#series.read().map(({ labels, value }) => ({
      labels,
      counts: [...value.counts],
      sum: value.sum,
    }));
    return { ...this.#named, type: 'histogram', bounds: durationBounds, samples };
  }
}
