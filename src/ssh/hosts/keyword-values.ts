import { readFileSync } from 'node:fs';
import { isAlgorithmList } from './algorithm-list.ts';
import type { AlgorithmNames } from './algorithm-names.ts';
import { lowerAscii } from './pattern.ts';
import { LineProblem } from './problem.ts';

/** The arguments of one line while they are consumed. */
export class Arguments {
  readonly text: string;
  readonly env: NodeJS.ProcessEnv;
  readonly #words: readonly string[];
  #used = 0;

  constructor(text: string, words: readonly string[], env: NodeJS.ProcessEnv) {
    this.text = text;
    this.env = env;
    this.#words = words;
  }

  /** The next argument, or undefined behind the last. */
  next(): string | undefined {
    return this.#words[this.#used++];
  }

  /** The next argument; an absent or empty one is refused. */
  required(): string {
    const word = this.next();
    if (word === undefined || word === '') throw new LineProblem('missing argument');
    return word;
  }

  /** All that are left; an empty one is refused. */
  rest(): readonly string[] {
    const words = this.#words.slice(this.#used);
    if (words.includes('')) throw new LineProblem('empty argument');
    this.#used = this.#words.length;
    return words;
  }

  /** The whole argument text counts as used (commands, ProxyJump). */
  consume(): void {
    this.#used = this.#words.length;
  }

  get hasMore(): boolean {
    return this.#used < this.#words.length;
  }
}

/** Reads the arguments of a keyword into values as `ssh -G` prints them; undefined where the line sets nothing. */
export type ReadValue = (given: Arguments) => readonly string[] | undefined;

export const readText: ReadValue = (given) => [given.required()];

/** A choice of words, each with the word that `ssh -G` prints for it. Case does not matter. */
export function readChoice(choices: Readonly<Record<string, string>>): ReadValue {
  return (given) => {
    const word = given.required();
    const value = Object.hasOwn(choices, lowerAscii(word)) ? choices[lowerAscii(word)] : undefined;
    if (value === undefined) throw new LineProblem(`unsupported option ${JSON.stringify(word)}`);
    return [value];
  };
}

export const readFlag = readChoice({ yes: 'yes', true: 'yes', no: 'no', false: 'no' });

export const readInteger: ReadValue = (given) => {
  const value = wholeNumber(given.next() ?? '', 2 ** 31 - 1);
  if (value === undefined) throw new LineProblem('the integer is missing or invalid');
  return [String(value)];
};

/** Seconds, or TIME FORMATS of sshd_config(5); `none` sets nothing. */
export const readTime: ReadValue = (given) => {
  const word = given.required();
  if (word === 'none') return undefined;
  const seconds = secondsOf(word);
  if (seconds === undefined) throw new LineProblem('invalid time value');
  return [String(seconds)];
};

export const readPort: ReadValue = (given) => {
  const word = given.required();
  const port = portOf(word);
  if (port === undefined || port === 0) throw new LineProblem(`bad port ${JSON.stringify(word)}`);
  return [String(port)];
};

/** One or more words; `none` must stand alone. */
export const readWords: ReadValue = (given) => {
  const words = given.rest();
  if (words.length > 1 && words.some((word) => lowerAscii(word) === 'none')) {
    throw new LineProblem('"none" must appear alone');
  }
  return words.length > 0 ? words : undefined;
};

/** The rest of the line as it stands, comments and quotes included. */
export const readCommand: ReadValue = (given) => {
  given.consume();
  return [given.text.replace(/^[ \t=]+/, '')];
};

export function readAlgorithms(names: AlgorithmNames): ReadValue {
  return (given) => {
    const list = given.required();
    if (!isAlgorithmList(list, names)) throw new LineProblem(`unknown algorithm in ${JSON.stringify(list)}`);
    return [list];
  };
}

/** A decimal number of nothing but digits (leading blanks and a sign as strtonum(3) takes them), 0 to `max`. */
export function wholeNumber(text: string, max: number): number | undefined {
  const match = /^[ \t\n\v\f\r]*([+-]?)(\d+)$/.exec(text);
  if (!match) return undefined;
  const value = Number(match[2]) * (match[1] === '-' ? -1 : 1);
  return value >= 0 && value <= max ? value + 0 : undefined;
}

/** A TCP port by number, or by what services(5) calls it. */
export function portOf(text: string): number | undefined {
  const number = wholeNumber(text, 65_535);
  if (number !== undefined) return number;
  for (const line of servicesLines()) {
    const [name, port = '', ...aliases] = line.replace(/#.*/, '').trim().split(/\s+/);
    if (port.endsWith('/tcp') && [name, ...aliases].includes(text)) return Number.parseInt(port, 10);
  }
  return undefined;
}

function servicesLines(): readonly string[] {
  try {
    return readFileSync('/etc/services', 'utf8').split('\n');
  } catch {
    return []; // a small system may have no such file
  }
}

/** Seconds of `90`, `30s`, `1h30m`, `2W`. */
export function secondsOf(text: string): number | undefined {
  if (!/^(?:\d+[smhdw])*(?:\d+|(?<=.))$/i.test(text)) return undefined;
  let total = 0;
  for (const [, digits, unit] of text.matchAll(/(\d+)([smhdw]?)/gi)) {
    total += Number(digits) * (secondsPerUnit[lowerAscii(unit ?? '')] ?? 1);
  }
  return total <= 2 ** 31 - 1 ? total : undefined;
}

const secondsPerUnit: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };
