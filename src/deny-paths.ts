import { deniedByDefault } from './denied-by-default.ts';
import { LatestAnswers } from './latest-answers.ts';
import {
  covers,
  fitsAll,
  mayMeet,
  type NamePattern,
  namePattern,
  type Piece,
  patternPieces,
} from './name-pattern.ts';

/** What is to be done with a path: look at it (stat, list), open it, or open everything below it. */
export type DenyUse = 'name' | 'file' | 'tree';

/** One line of the list. `**` stands for any number of directories; `~` of a home is one at the beginning. */
export interface DenyEntry {
  /** It takes away from what the entries before it deny. */
  readonly isException: boolean;
  readonly segments: readonly ('**' | readonly Piece[])[];
}

/** A path as a shell will see it: text, stretches that the shell replaces by names, and where it starts. */
export interface AskedPath {
  readonly pieces: readonly Piece[];
  /** Its leading `~` is the home directory. */
  readonly tilde?: boolean;
  /** Where a relative path starts: absolute, or as callers write a place below the home directory. */
  readonly base?: string | undefined;
}

/**
 * `home` is where paths below the home directory start, at no known place; `any` where one climbed out of there.
 * A pattern's `**` has the first in it; the second may also be what an absolute pattern begins with.
 */
type Segment = NamePattern | 'home' | 'any';
interface Rule {
  readonly order: number;
  readonly isException: boolean;
  readonly segments: readonly (NamePattern | '**')[];
  /** Bit N: segment N is `**`. */
  readonly stars: number;
  /** A name that every path has which fits, in small letters; undefined where all of it are patterns. */
  readonly needs: string | undefined;
  /** It ends with a name that is any. */
  readonly isAll: boolean;
}

const longestPattern = 1_024;
/** No path, and no working directory, is longer than 4096 bytes (PATH_MAX): no kernel opens what has more names. */
const mostNames = 4_096;
/** Places in a rule are bits of a number. */
const mostSegments = 29;
/** A path is asked about by its text and again by where it leads, and a file is read page by page. */
const mostKept = 100;

/**
 * The list of SCOUT_DENY_PATHS, or undefined where an item is no pattern: absolute or below `~/` (below every
 * directory, for homes may be anywhere), `*` `?` `[a-z]` within a name, `**` for any directories, `!` before an
 * exception, `default` for the built-in list.
 */
export function parseDenyPaths(items: readonly string[]): DenyPaths | undefined {
  const entries = items.map((item) =>
    item === 'default' ? deniedByDefault.map(parseEntry) : [parseEntry(item)],
  );
  const parsed = entries.flat().filter((entry) => entry !== undefined);
  return parsed.length === entries.flat().length ? new DenyPaths(parsed) : undefined;
}

/** What stands where SCOUT_DENY_PATHS says nothing. Throws for a bad built-in pattern: a defect. */
export function defaultDenyPaths(): DenyPaths {
  return new DenyPaths(() => {
    const list = parseDenyPaths(['default']);
    if (list) return list.entries;
    throw new Error('a built-in pattern of denied paths is none');
  });
}

/** Paths that are never opened: those that fit an entry, and all below them. The last entry that fits decides. */
export class DenyPaths {
  readonly #listed: () => readonly DenyEntry[];
  #entries: readonly DenyEntry[] | undefined;
  #rules: Rules | undefined;
  readonly #latest = new LatestAnswers<boolean>(mostKept);

  /** A function is asked with the first path: a server that is only started pays nothing for its list. */
  constructor(entries: readonly DenyEntry[] | (() => readonly DenyEntry[])) {
    this.#listed = typeof entries === 'function' ? entries : () => entries;
  }

  get entries(): readonly DenyEntry[] {
    this.#entries ??= this.#listed();
    return this.#entries;
  }

  /**
   * Whether a path without patterns is denied: absolute, `~`, `~/…`, or relative to the home directory. A name is
   * denied only below a denied path; a tree also where an entry denies everything in it.
   */
  denies(path: string, use: DenyUse = 'file'): boolean {
    return this.#latest.get(`${use} ${path}`, () => {
      const tilde = path === '~' || path.startsWith('~/');
      return this.mayDeny({ pieces: [{ text: path, glob: false }], tilde }, use);
    });
  }

  /** Whether a path, or something that its patterns may be expanded to, is denied. Lexical: no link is followed. */
  mayDeny(path: AskedPath, use: DenyUse = 'file'): boolean {
    const segments = segmentsOf(path);
    if (segments.length > mostNames) return false;
    this.#rules ??= new Rules(this.entries.map(ruleOf));
    let denied = false;
    for (const rule of this.#rules.about(namesIn(segments))) {
      if (rule.isException === denied && fits(rule, segments, use)) denied = !rule.isException;
    }
    return denied;
  }
}

/** Rules by the name that they need: of a hundred few can be about a path. */
class Rules {
  readonly #all: readonly Rule[];
  readonly #byNeed = new Map<string | undefined, Rule[]>();

  constructor(all: readonly Rule[]) {
    this.#all = all;
    for (const rule of all) {
      const alike = this.#byNeed.get(rule.needs);
      if (alike) alike.push(rule);
      else this.#byNeed.set(rule.needs, [rule]);
    }
  }

  /** Those that may fit a path with these names, in their order; all of them where its names are not known. */
  about(names: readonly string[] | undefined): readonly Rule[] {
    if (!names) return this.#all;
    const needs = new Set([undefined, ...names]);
    return [...needs].flatMap((name) => this.#byNeed.get(name) ?? []).sort((a, b) => a.order - b.order);
  }
}

function ruleOf({ isException, segments: pieces }: DenyEntry, order: number): Rule {
  const segments = pieces.map((segment) => (segment === '**' ? segment : namePattern(segment)));
  const last = segments.at(-1);
  const needed = segments.findLast((segment) => segment !== '**' && segment.plain !== undefined);
  return {
    order,
    isException,
    segments,
    stars: segments.reduce((bits, segment, place) => (segment === '**' ? bits | (1 << place) : bits), 0),
    needs: needed === '**' ? undefined : needed?.plain,
    isAll: last !== undefined && last !== '**' && fitsAll(last),
  };
}

/** The names of a path, in small letters; undefined where it may have others, so that any rule may fit. */
function namesIn(segments: readonly Segment[]): readonly string[] | undefined {
  const names: string[] = [];
  for (const segment of segments) {
    if (segment === 'home') continue; // only a rule's `**` has it in it
    if (segment === 'any' || segment.plain === undefined) return undefined;
    names.push(segment.plain);
  }
  return names;
}

function parseEntry(item: string): DenyEntry | undefined {
  const isException = item.startsWith('!');
  const text = isException ? item.slice(1) : item;
  const isHome = text.startsWith('~/');
  if ((!isHome && !text.startsWith('/')) || text.length > longestPattern || /[\x00-\x1f\x7f]/.test(text))
    return;
  const names = text.split('/').slice(1).filter(Boolean);
  const segments: ('**' | readonly Piece[])[] = isHome ? ['**'] : [];
  for (const [index, name] of names.entries()) {
    const pieces = patternPieces(name);
    if (!pieces || name === '.' || name === '..') return;
    // At the end `**` is whatever lies below, as `*` is; two of them are one.
    if (name !== '**') segments.push(pieces);
    else if (index === names.length - 1) segments.push([{ text: '*', glob: true }]);
    else if (segments.at(-1) !== '**') segments.push('**');
  }
  return names.length === 0 || segments.length > mostSegments ? undefined : { isException, segments };
}

function segmentsOf({ pieces, tilde = false, base }: AskedPath): readonly Segment[] {
  const isAbsolute = pieces[0]?.text.startsWith('/') === true && !pieces[0].glob;
  const start = isAbsolute ? [] : tilde || base === undefined ? (['home'] as const) : placeOf(base);
  const resolved: Segment[] = [...start];
  for (const [index, name] of namesOf(pieces).entries()) {
    const text = name.map((piece) => piece.text).join('');
    if (text === '' || text === '.' || (tilde && index === 0)) continue;
    if (text !== '..') resolved.push(namePattern(name));
    else if (typeof resolved.at(-1) === 'string') resolved.splice(-1, 1, 'any');
    else resolved.pop();
  }
  return resolved;
}

function placeOf(base: string): readonly Segment[] {
  const tilde = base === '~' || base.startsWith('~/');
  return segmentsOf({ pieces: [{ text: base, glob: false }], tilde });
}

/** The pieces between slashes; a pattern of the shell holds none. */
function namesOf(pieces: readonly Piece[]): readonly (readonly Piece[])[] {
  const names: Piece[][] = [[]];
  for (const piece of pieces) {
    const texts = piece.glob ? [piece.text] : piece.text.split('/');
    for (const [index, text] of texts.entries()) {
      if (index > 0) names.push([]);
      if (text !== '') names.at(-1)?.push({ text, glob: piece.glob });
    }
  }
  return names;
}

/**
 * Whether the path, or a directory above it, may fit a denying rule; or surely fits an exception. Bit N of `places`:
 * the path so far may have led to segment N of the rule.
 */
function fits(whole: Rule, path: readonly Segment[], use: DenyUse): boolean {
  const { isException, segments: rule, isAll } = whole;
  const end = 1 << rule.length;
  let places = closed(1, whole);
  for (const own of path) {
    if (places >= end) return true; // it lies below
    let next = 0;
    for (let place = 0; place < rule.length; place++) {
      const wanted = rule[place];
      if (wanted === undefined || (places & (1 << place)) === 0) continue;
      if (wanted === '**') next |= 1 << place;
      else if (own === 'any' && !isException) {
        // Where a path climbed to is itself not denied: it would not be anyone's home or working directory.
        for (let at = place; at < rule.length - (isAll ? 1 : 0); at++) next |= 1 << at;
      } else if (typeof own !== 'string') {
        if (isException ? covers(wanted, own) : mayMeet(own, wanted)) next |= 1 << (place + 1);
      }
    }
    if (next === 0) return false;
    places = closed(next, whole);
  }
  if (places >= end) return use !== 'name' || isException;
  return use === 'tree' && !isException && isAll && (places & (end >> 1)) !== 0;
}

/** With the places behind each `**`, which may stand for no directory; no two of them stand together. */
function closed(places: number, { stars }: Rule): number {
  return places | ((places & stars) << 1);
}
