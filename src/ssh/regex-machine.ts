import { ScoutError } from '../errors.ts';
import type { RegexNode } from '../extended-regex.ts';

/** A state of the machine: one byte of a set leads on, or it may be passed at the start or end of the text. */
type State =
  | { readonly kind: 'set'; readonly set: Uint8Array; readonly next: number }
  | { readonly kind: 'fork'; readonly nexts: readonly number[] }
  | { readonly kind: 'start' | 'end'; readonly next: number }
  | { readonly kind: 'match' };

/** All states that the bytes so far may have led to, and where each further byte leads. */
interface Place {
  readonly states: readonly number[];
  readonly matches: boolean;
  readonly matchesAtEnd: boolean;
  readonly next: (Place | undefined)[];
}

const mostPlaces = 2_000;
/** Visits of states while places are made: some hundred ms. Nearly every pattern needs some thousands. */
const mostVisits = 3_000_000;

/**
 * Finds where a regular expression matches in bytes, in time linear in their number: a set of states is kept instead
 * of a way back (Thompson), and what a byte does to a set is computed once.
 */
export class RegexMachine {
  readonly #states: State[] = [{ kind: 'match' }];
  readonly #entry: number;
  readonly #places = new Map<string, Place>();
  #first: Place;
  #visits = 0;

  constructor(node: RegexNode) {
    this.#entry = this.#build(node, 0);
    this.#first = this.#place(this.#closure([this.#entry], true));
  }

  /**
   * Where the match that ends first ends; -1 for none. Throws ScoutError `invalid_argument` for a pattern that costs
   * too much.
   */
  endOfMatch(text: Uint8Array): number {
    let place = this.#first;
    if (place.matches) return 0;
    for (let at = 0; at < text.length; at += 1) {
      const byte = text[at] as number; // at is below the length
      place = place.next[byte] ?? this.#step(place, byte);
      if (place.matches) return at + 1;
    }
    return place.matchesAtEnd || (text.length === 0 && this.#isEmptyMatch()) ? text.length : -1;
  }

  /** States for `node` that lead on to `next`; the first of them. Built from its end to its beginning. */
  #build(node: RegexNode, next: number): number {
    switch (node.kind) {
      case 'set':
        return this.#add({ kind: 'set', set: node.set, next });
      case 'sequence':
        return node.nodes.reduceRight((behind, one) => this.#build(one, behind), next);
      case 'choice':
        return this.#add({ kind: 'fork', nexts: node.nodes.map((one) => this.#build(one, next)) });
      case 'repeat':
        return this.#buildRepeat(node, next);
      default:
        return this.#add({ kind: node.kind, next });
    }
  }

  #buildRepeat({ node, least, most }: Extract<RegexNode, { kind: 'repeat' }>, next: number): number {
    let entry = next;
    if (most === undefined) {
      const nexts = [next];
      entry = this.#add({ kind: 'fork', nexts });
      nexts.unshift(this.#build(node, entry));
    } else {
      for (let optional = most - least; optional > 0; optional -= 1)
        entry = this.#add({ kind: 'fork', nexts: [this.#build(node, entry), next] });
    }
    for (let count = least; count > 0; count -= 1) entry = this.#build(node, entry);
    return entry;
  }

  #add(state: State): number {
    return this.#states.push(state) - 1;
  }

  #step(place: Place, byte: number): Place {
    const targets = place.states.flatMap((index) => {
      const state = this.#states[index];
      return state?.kind === 'set' && state.set[byte] === 1 ? [state.next] : [];
    });
    const next = this.#place(this.#closure([...targets, this.#entry], false));
    place.next[byte] = next;
    return next;
  }

  #place(states: readonly number[]): Place {
    const key = states.join();
    const known = this.#places.get(key);
    if (known) return known;
    const place: Place = {
      states,
      matches: states.includes(0),
      matchesAtEnd: this.#closure(states, false, true).includes(0),
      next: [],
    };
    if (this.#places.size >= mostPlaces) {
      this.#places.clear();
      this.#first = { ...this.#first, next: [] };
    }
    this.#places.set(key, place);
    return place;
  }

  /** `^$`, which only a text without bytes fits: both assertions hold at one place. */
  #isEmptyMatch(): boolean {
    return this.#closure([this.#entry], true, true).includes(0);
  }

  /** Every state that can be reached without a byte; those that wait for a byte, for the end, and the match. */
  #closure(from: readonly number[], atStart: boolean, atEnd = false): readonly number[] {
    const seen = new Set<number>();
    const waiting = [...from];
    for (let index = waiting.pop(); index !== undefined; index = waiting.pop()) {
      if (seen.has(index)) continue;
      seen.add(index);
      const state = this.#states[index];
      if (state?.kind === 'fork') waiting.push(...state.nexts);
      else if ((state?.kind === 'start' && atStart) || (state?.kind === 'end' && atEnd))
        waiting.push(state.next);
    }
    this.#visits += seen.size;
    if (this.#visits > mostVisits) throw tooCostly();
    return [...seen].filter((index) => this.#states[index]?.kind !== 'fork').sort((a, b) => a - b);
  }
}

function tooCostly(): ScoutError {
  return new ScoutError(
    'invalid_argument',
    'pattern: matching it here takes too long',
    'Use smaller numbers in braces and fewer alternatives.',
  );
}
