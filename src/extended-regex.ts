import { ScoutError } from './errors.ts';

/** What a regular expression asks of the bytes of a line. A set holds 1 for each byte value that it takes. */
export type RegexNode =
  | { readonly kind: 'set'; readonly set: Uint8Array }
  | { readonly kind: 'sequence' | 'choice'; readonly nodes: readonly RegexNode[] }
  | {
      readonly kind: 'repeat';
      readonly node: RegexNode;
      readonly least: number;
      readonly most: number | undefined;
    }
  | { readonly kind: 'start' | 'end' };

/** A POSIX extended regular expression that every grep reads alike in the C locale. */
export interface ExtendedRegex {
  /** As it is sent: printed anew from what was understood. */
  readonly source: string;
  readonly node: RegexNode;
}

interface Part {
  readonly source: string;
  readonly node: RegexNode;
  /** A repetition behind it would take its last byte alone. */
  readonly isSeveral?: boolean;
}

/** RE_DUP_MAX of POSIX, which BusyBox and the BSDs keep to. */
const mostRepeats = 255;
const longestPattern = 2_000;
/** More states than a person means; `(a{255}){255}` costs every grep gigabytes. */
const mostStates = 2_000;
const deepestGroup = 50;

const isSpecial = /[.[\]\\()*+?{}|^$]/;

/** What people write out of habit, and what POSIX has for it. */
const habits: Readonly<Record<string, string>> = {
  d: '[0-9]',
  D: '[^0-9]',
  w: '[[:alnum:]_]',
  W: '[^[:alnum:]_]',
  s: '[[:space:]]',
  S: '[^[:space:]]',
  t: '[[:blank:]]',
  b: '(^|[^[:alnum:]_]) before the word, ([^[:alnum:]_]|$) behind it',
  '<': '(^|[^[:alnum:]_])',
  '>': '([^[:alnum:]_]|$)',
};

const classes: Readonly<Record<string, RegExp>> = {
  alpha: /[A-Za-z]/,
  digit: /[0-9]/,
  alnum: /[A-Za-z0-9]/,
  upper: /[A-Z]/,
  lower: /[a-z]/,
  space: /[ \t-\r]/,
  blank: /[ \t]/,
  punct: /[!-/:-@[-`{-~]/,
  print: /[ -~]/,
  graph: /[!-~]/,
  cntrl: /[\x00-\x1f\x7f]/,
  xdigit: /[0-9A-Fa-f]/,
};

/**
 * Read a pattern for one line, byte by byte as grep does in the C locale. Throws ScoutError `invalid_argument` for
 * what is no POSIX extended regular expression (XBD 9.4), for what POSIX leaves to each program, such as `\d` or
 * `(?:`, and for one of too many states.
 */
export function parseExtendedRegex(text: string): ExtendedRegex {
  if (text === '') throw invalid('it is empty', 'Leave it out to search by name alone.');
  if (text.length > longestPattern)
    throw invalid(`it is longer than ${longestPattern} characters`, 'Shorten it.');
  if (/[\0\n\r]|\p{Cs}/u.test(text))
    throw invalid('it holds a line feed or NUL', 'Lines are matched one by one.');
  const { source, node } = new Reader(text).whole();
  if (statesOf(node) > mostStates) throw invalid('it repeats too much', 'Use smaller numbers in braces.');
  return { source, node };
}

class Reader {
  readonly #characters: readonly string[];
  #at = 0;

  constructor(text: string) {
    this.#characters = [...text];
  }

  whole(): Part {
    const part = this.#choice(0);
    if (this.#at < this.#characters.length)
      throw invalid('a `)` closes no group', 'Write \\) for the character.');
    return part;
  }

  #choice(depth: number): Part {
    if (depth > deepestGroup) throw invalid('its groups are too deep', 'Use fewer parentheses.');
    const parts = [this.#sequence(depth)];
    while (this.#peek() === '|') {
      this.#at += 1;
      parts.push(this.#sequence(depth));
    }
    if (parts.length === 1 && parts[0]) return parts[0];
    return {
      source: parts.map((part) => part.source).join('|'),
      node: { kind: 'choice', nodes: parts.map(({ node }) => node) },
    };
  }

  #sequence(depth: number): Part {
    const parts: Part[] = [];
    while (this.#at < this.#characters.length && !'|)'.includes(this.#peek())) {
      parts.push(this.#repeated(this.#one(depth)));
    }
    if (parts.length === 0)
      throw invalid(
        'a side of `|` or a group is empty',
        'Write (…)? for what may be missing, \\( for the character.',
      );
    return {
      source: parts.map((part) => part.source).join(''),
      node: { kind: 'sequence', nodes: parts.map(({ node }) => node) },
    };
  }

  #one(depth: number): Part {
    const character = this.#next();
    switch (character) {
      case '(':
        return this.#group(depth);
      case '[':
        return this.#bracket();
      case '\\':
        return this.#escaped();
      case '.':
        return { source: '.', node: { kind: 'set', set: new Uint8Array(256).fill(1) } };
      case '^':
        return { source: '^', node: { kind: 'start' } };
      case '$':
        return { source: '$', node: { kind: 'end' } };
      case '*':
      case '+':
      case '?':
        throw invalid(`nothing stands before \`${character}\``, `Write \\${character} for the character.`);
      default:
        if (character === '{' && /\d/.test(this.#peek()))
          throw invalid('nothing stands before `{`', 'Write \\{ for the character.');
        return literal(character);
    }
  }

  #group(depth: number): Part {
    if (this.#peek() === '?')
      throw invalid('`(?` is Perl, not POSIX', 'Write a plain group (…), and [Aa] for either case.');
    const { source, node } = this.#choice(depth + 1);
    if (this.#next() !== ')') throw invalid('a group is not closed', 'Write \\( for the character.');
    return { source: `(${source})`, node };
  }

  #escaped(): Part {
    const character = this.#next();
    if (character === '') throw invalid('a `\\` stands at its end', 'Write \\\\ for the character.');
    const instead = habits[character];
    if (instead !== undefined)
      throw invalid(`\`\\${character}\` is not in POSIX extended regular expressions`, `Write ${instead}.`);
    if (/[A-Za-z0-9`'_]/.test(character))
      throw invalid(
        `\`\\${character}\` is not in POSIX extended regular expressions`,
        'Write the character itself, or a class such as [[:alpha:]].',
      );
    return literal(character);
  }

  #repeated(part: Part): Part {
    const bounds = this.#bounds();
    if (bounds === undefined) return part;
    const { least, most, sign } = bounds;
    if (part.node.kind === 'start' || part.node.kind === 'end')
      throw invalid(`\`${part.source}\` cannot be repeated`, `Write \\${part.source} for the character.`);
    if (this.#bounds() !== undefined)
      throw invalid(
        'two repetitions follow each other (POSIX has no lazy ones)',
        'Leave one out, or use [^…]* to stop early.',
      );
    const source = part.isSeveral ? `(${part.source})` : part.source;
    return { source: `${source}${sign}`, node: { kind: 'repeat', node: part.node, least, most } };
  }

  #bounds(): { least: number; most: number | undefined; sign: string } | undefined {
    const character = this.#peek();
    if (character === '*' || character === '+' || character === '?') {
      this.#at += 1;
      const most = character === '?' ? 1 : undefined;
      return { least: character === '+' ? 1 : 0, most, sign: character };
    }
    const interval = /^\{(\d{1,5})(?:(,)(\d{0,5}))?\}/.exec(
      this.#characters.slice(this.#at, this.#at + 13).join(''),
    );
    if (!interval) return undefined;
    const [sign, from, comma, to] = interval;
    this.#at += sign.length;
    const least = Number(from);
    const most = comma === undefined ? least : to ? Number(to) : undefined;
    if (least > mostRepeats || (most ?? 0) > mostRepeats || (most ?? least) < least)
      throw invalid(`\`${sign}\` is no range up to ${mostRepeats}`, 'Use smaller numbers, the least first.');
    return { least, most, sign };
  }

  #bracket(): Part {
    const begin = this.#at;
    const isNegated = this.#peek() === '^';
    if (isNegated) this.#at += 1;
    const set = new Uint8Array(256);
    for (let isFirst = true; isFirst || this.#peek() !== ']'; isFirst = false) {
      if (this.#peek() === '[' && /[:.=]/.test(this.#characters[this.#at + 1] ?? '')) this.#classInto(set);
      else this.#rangeInto(set);
    }
    this.#at += 1;
    const inner = this.#characters.slice(begin, this.#at).join('').replaceAll('\\\\', '\\');
    return { source: `[${inner}`, node: { kind: 'set', set: isNegated ? set.map((one) => 1 - one) : set } };
  }

  #classInto(set: Uint8Array): void {
    const found = /^\[:([a-z]+):\]/.exec(this.#characters.slice(this.#at, this.#at + 12).join(''));
    const members = classes[found?.[1] ?? ''];
    if (!found || !members)
      throw invalid('a class in brackets is not known', `Use one of ${Object.keys(classes).join(', ')}.`);
    this.#at += found[0].length;
    for (let byte = 0; byte < 128; byte += 1) if (members.test(String.fromCharCode(byte))) set[byte] = 1;
  }

  #rangeInto(set: Uint8Array): void {
    const from = this.#member();
    const isRange = this.#peek() === '-' && (this.#characters[this.#at + 1] ?? ']') !== ']';
    if (isRange) this.#at += 1;
    const to = isRange ? this.#member() : from;
    if (to < from) throw invalid('a range in brackets runs backwards', 'Write the lower end first.');
    set.fill(1, from, to + 1);
  }

  #member(): number {
    const character = this.#next();
    if (character === '') throw invalid('a `[` is not closed', 'Write \\[ for the character.');
    const byte = character.codePointAt(0) ?? 0;
    if (byte > 127)
      throw invalid('brackets hold ASCII only, for bytes are matched', 'Write (é|è) for such characters.');
    if (character === '\\' && this.#next() !== '\\')
      throw invalid(
        'in brackets a `\\` stands for itself',
        'Write classes as [[:space:]], a `]` first, a `-` last, the others as they are, and \\\\ for the character.',
      );
    return byte;
  }

  #peek(): string {
    return this.#characters[this.#at] ?? '';
  }

  #next(): string {
    const character = this.#peek();
    this.#at += 1;
    return character;
  }
}

function literal(character: string): Part {
  const bytes = [...Buffer.from(character)];
  const nodes = bytes.map(
    (byte) => ({ kind: 'set', set: new Uint8Array(256).fill(1, byte, byte + 1) }) as const,
  );
  const source = /[{}]/.test(character)
    ? `[${character}]`
    : isSpecial.test(character)
      ? `\\${character}`
      : character;
  return { source, node: { kind: 'sequence', nodes }, isSeveral: bytes.length > 1 };
}

/** How many states a machine for it has; at least 1, for a repetition of nothing costs too. */
function statesOf(node: RegexNode): number {
  if (node.kind === 'repeat') {
    const times = Math.max(1, node.most ?? node.least + 1);
    return Math.min(mostStates + 1, statesOf(node.node) * times + times);
  }
  if (node.kind !== 'sequence' && node.kind !== 'choice') return 1;
  return node.nodes.reduce((sum, one) => sum + statesOf(one), 1);
}

function invalid(why: string, fix: string): ScoutError {
  return new ScoutError('invalid_argument', `pattern: ${why}`, fix);
}
