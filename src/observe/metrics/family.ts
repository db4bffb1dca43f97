/** All samples of one metric at one moment: what Prometheus calls a metric family. */
export type Family =
  | (Named & { readonly type: 'counter' | 'gauge'; readonly samples: readonly Sample[] })
  | (Named & {
      readonly type: 'histogram';
      /** Upper bounds of the buckets but for the last, which has none. */
      readonly bounds: readonly number[];
      readonly samples: readonly Distribution[];
    });

export interface Named {
  readonly name: string;
  /** One line. */
  readonly help: string;
}

export type Labels = Readonly<Record<string, string>>;

export interface Sample {
  readonly labels: Labels;
  readonly value: number;
}

export interface Distribution {
  readonly labels: Labels;
  /** Observations by bucket, not added up; one more than there are bounds. */
  readonly counts: readonly number[];
  readonly sum: number;
}
