/** A piece of text that is a secret, in UTF-16 units. */
export interface Secret {
  readonly start: number;
  readonly end: number;
  /** What stands in its place: `[redacted:KIND]`. */
  readonly kind: string;
}

/** Where the line ends that a place of the text is in. */
export type LineEnds = (at: number) => number;

/** Looks at a place where one of its anchors was found; may look back and ahead, a bounded way. */
export type Rule = (text: string, at: number, lineEnd: LineEnds) => Secret | undefined;
