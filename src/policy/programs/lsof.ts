import { isSocketAddress } from '../addresses.ts';
import type { Program, Token } from '../grammar.ts';
import { checkKind, type Kind, kindOf } from '../kinds.ts';
import { noteOperand } from '../operands.ts';
import { Refused } from '../refusal.ts';
import { note } from '../trail.ts';
import type { Word } from '../word.ts';

const flags = 'abglNnoPRtUVw';

/** Options with a value, by what it may be. Every value is printed attached, which no lsof reads in another way. */
const valued: Readonly<Record<string, Kind>> = {
  '-c': { what: 'the beginning of the name of a program', form: /^\^?[A-Za-z0-9_.][\w.@:-]*$/ },
  '-d': { what: 'descriptors such as txt,0-9', form: /^\^?[\w-]+(?:,\^?[\w-]+)*$/ },
  '-p': { what: 'process ids', form: /^\^?\d{1,10}(?:,\^?\d{1,10})*$/ },
  '-s': { what: 'states such as TCP:LISTEN', form: /^(?:TCP|UDP):\^?[A-Z_0-9]+(?:,\^?[A-Z_0-9]+)*$/i },
  '-u': { what: 'users', form: /^\^?[\w.@-]+(?:,\^?[\w.@-]+)*$/ },
  '+d': { what: 'a directory', form: /^[^-+]/, path: 'name' },
  '+D': { what: 'a directory', form: /^[^-+]/, path: 'tree' },
};

/** Options whose value may be missing, and is attached where it is not. */
const plainRests: Readonly<Record<string, RegExp>> = { '+L': /^\d{0,9}$/, '-F': /^[A-Za-z0-9]*$/ };

const refusedOptions: Readonly<Record<string, readonly [reason: string, instead: string]>> = {
  '-r': ['it never ends', '`lsof -i`, `lsof -p 1234` now, and again later'],
  '+r': ['it never ends', '`lsof -i`, `lsof -p 1234` now, and again later'],
  '-D': ['it writes a cache', 'lsof without it'],
  '-A': ['it reads any file', 'lsof without it'],
  '-k': ['it reads any file', 'lsof without it'],
  '-m': ['it reads any file', 'lsof without it'],
};

interface Reading {
  readonly args: readonly Word[];
  at: number;
  readonly tokens: Token[];
  readonly operands: Word[];
}

/** lsof(8). `-n` is always printed, so that addresses are not resolved; `-i` takes addresses and no names. */
export const lsof: Program = { name: 'lsof', read: readLsof };

function readLsof(args: readonly Word[]): readonly Token[] {
  const reading: Reading = { args, at: 0, tokens: ['-n'], operands: [] };
  for (; reading.at < args.length; reading.at++) {
    const word = args[reading.at];
    if (!word) break;
    if (word.value === '--') {
      note(word, 'end of the options');
      reading.operands.push(...args.slice(reading.at + 1));
      break;
    }
    if (/^[+-]/.test(word.value)) readBundle(reading, word);
    else reading.operands.push(word);
  }
  for (const word of reading.operands) {
    checkKind(kindOf('NAME'), word.value, word);
    noteOperand(word, 'a path that programs may have open');
  }
  return reading.operands.length > 0 ? [...reading.tokens, '--', ...reading.operands] : reading.tokens;
}

function readBundle(reading: Reading, word: Word): void {
  if (word.glob) throw refused(word, 'a pattern in an option');
  const sign = word.value.charAt(0);
  const letters = word.value.slice(1);
  if (letters === '') throw refused(word, 'not an option');
  for (let index = 0; index < letters.length; index++) {
    const letter = letters.charAt(index);
    if (sign === '+' || !flags.includes(letter)) {
      readLast(reading, word, sign + letter, letters.slice(index + 1));
      return;
    }
    note(word, `option -${letter}, takes no value`);
    if (letter !== 'n') reading.tokens.push(`-${letter}`);
  }
}

/** An option that takes the rest of its bundle for its value. */
function readLast(reading: Reading, word: Word, option: string, rest: string): void {
  if (option === '-i') readInternet(reading, word, rest);
  else if (plainRests[option]?.test(rest)) {
    note(word, `option ${option}`);
    reading.tokens.push(`${option}${rest}`);
  } else readValued(reading, word, option, rest);
}

function readValued(reading: Reading, word: Word, option: string, attached: string): void {
  const kind = Object.hasOwn(valued, option) ? valued[option] : undefined;
  const known = refusedOptions[option];
  if (known) throw new Refused(word, `${option}: ${known[0]}`, known[1]);
  if (!kind) throw refused(word, `${option} is not among the options known to be harmless`);
  const source = attached === '' ? reading.args[++reading.at] : word;
  if (!source) throw refused(word, `its value is missing: ${kind.what}`);
  if (source.glob || source.tilde) throw refused(source, 'a pattern or ~ in the value of an option');
  const value = attached || source.value;
  checkKind(kind, value, source);
  note(word, `option ${option}${source === word ? ` with ${kind.what}` : ''}`);
  if (source !== word) note(source, `value of ${option}: ${kind.what}`);
  reading.tokens.push(`${option}${value}`);
}

/** `-i` alone, or with an address that is attached or the next word, as lsof reads it. */
function readInternet(reading: Reading, word: Word, attached: string): void {
  const next = reading.args[reading.at + 1];
  const isNext = attached === '' && next !== undefined && !/^[+-]/.test(next.value);
  const source = isNext ? next : word;
  const value = isNext ? next.value : attached;
  if (isNext) reading.at++;
  const [, address] = /^[46]?(?:TCP|UDP)?(?:@?((?<=@).+|:.+))?$/i.exec(value) ?? [];
  // lsof takes a * and a prefix for names of hosts.
  const isAddress = address !== undefined && !/[*/]/.test(address) && isSocketAddress(address);
  const isPlain = /^[46]?(?:TCP|UDP)?$/i.test(value);
  if (source.glob || source.tilde || !(isPlain || isAddress)) {
    throw refused(source, 'not an internet address, or a name that would be asked of name servers');
  }
  note(word, 'option -i: internet sockets');
  if (isNext) note(next, 'value of -i: an address of this machine or another, not a name');
  reading.tokens.push(`-i${value}`);
}

function refused(word: Word, reason: string): Refused {
  return new Refused(
    word,
    reason,
    'lsof -i :22, lsof -iTCP@10.0.0.1, lsof -iTCP -sTCP:LISTEN, lsof -p PID, lsof +D /dir, lsof FILE',
  );
}
