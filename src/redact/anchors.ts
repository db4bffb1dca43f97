import type { Rule } from './secret.ts';

/** Four characters that a secret, or the name of one, cannot be written without, and who looks further. */
export interface Anchored {
  readonly grams: readonly string[];
  readonly rule: Rule;
}

/** A text as `codesOf` makes it. */
export type Codes = Uint8Array;

export interface Anchors {
  /** Where the next anchor begins that is not before `from`; -1 where there is none. */
  next(codes: Codes, from: number): number;
  rulesAt(codes: Codes, at: number): readonly Rule[];
}

const gramLength = 4;
const noRules: readonly Rule[] = [];

/** One byte a UTF-16 unit, which is looked at faster than a string. Units that share a byte do so for the rules to tell. */
export function codesOf(text: string): Codes {
  return Buffer.from(text, 'latin1');
}

/**
 * A search for many four-character strings at once, whatever the case of their letters. Of the three pairs of
 * neighbours in such a string one begins at every third place: so only those pairs are looked up, each without waiting
 * for the one before, and the string is looked for around the few that are part of one.
 */
export function createAnchors(anchored: readonly Anchored[]): Anchors {
  /** For each pair, the places in strings where it stands: 1 first, 2 second, 4 third. */
  const places = new Uint8Array(1 << 16);
  const rules = new Map<number, readonly Rule[]>();
  for (const { grams, rule } of anchored) {
    for (const gram of grams) {
      if (gram.length !== gramLength) throw new RangeError(`an anchor has four characters: ${gram}`);
      for (let place = 0; place < gramLength - 1; place += 1) {
        for (const pair of pairs(gram.slice(place, place + 2)))
          places[pair] = (places[pair] ?? 0) | (1 << place);
      }
      const key = keyAt(codesOf(gram), 0);
      rules.set(key, [...(rules.get(key) ?? []), rule]);
    }
  }
  const isAnchor = (codes: Codes, at: number) =>
    at + gramLength <= codes.length &&
    ((places[pairAt(codes, at)] ?? 0) & 1) !== 0 &&
    ((places[pairAt(codes, at + 2)] ?? 0) & 4) !== 0 &&
    rules.has(keyAt(codes, at));
  return {
    next(codes, from) {
      const last = codes.length - 1;
      for (let at = from; at < last; at += gramLength - 1) {
        const mask = places[pairAt(codes, at)] as number; // the table has every pair
        if (mask === 0) continue;
        if ((mask & 4) !== 0 && at - 2 >= from && isAnchor(codes, at - 2)) return at - 2;
        if ((mask & 2) !== 0 && at - 1 >= from && isAnchor(codes, at - 1)) return at - 1;
        if ((mask & 1) !== 0 && isAnchor(codes, at)) return at;
      }
      return -1;
    },
    rulesAt: (codes, at) => rules.get(keyAt(codes, at)) ?? noRules,
  };
}

/** The pair that begins at `at`. */
function pairAt(codes: Codes, at: number): number {
  return ((codes[at] as number) << 8) | (codes[at + 1] as number); // callers stay inside
}

/** A pair of characters with its letters small and large. */
function pairs(text: string): readonly number[] {
  const cases = (character: string) => [character.toLowerCase(), character.toUpperCase()];
  const [first = '', second = ''] = text;
  return cases(first).flatMap((a) => cases(second).map((b) => pairAt(codesOf(a + b), 0)));
}

/** Four characters without the case of letters. */
function keyAt(codes: Codes, at: number): number {
  return (pairAt(codes, at) << 16) | pairAt(codes, at + 2) | 0x20202020;
}
