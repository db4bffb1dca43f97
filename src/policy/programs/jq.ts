import type { Program, Refusals, Token } from '../grammar.ts';
import { checkKind, kindOf } from '../kinds.ts';
import { noteOperand } from '../operands.ts';
import { Refused } from '../refusal.ts';
import { note } from '../trail.ts';
import type { Word } from '../word.ts';

/** Options without a value, each as it is printed. */
const flags: ReadonlyMap<string, string> = new Map(
  `-r --raw-output|-j --join-output|-a --ascii-output|-c --compact-output|-C --color-output|-M --monochrome-output
   |-S --sort-keys|-s --slurp|-n --null-input|-R --raw-input|-e --exit-status|-h --help|-V --version
   |--tab|--stream|--seq|--unbuffered|--raw-output0`
    .split('|')
    .map((text) => text.trim().split(' '))
    .flatMap((spellings) => spellings.map((spelling) => [spelling, spellings[0] ?? spelling] as const)),
);

const reads = ['it reads any file', 'the filter as an operand, and the files after it'] as const;
const refused: Refusals = {
  '-f': reads,
  '--from-file': reads,
  '-L': ['it loads modules', 'one filter without modules'],
  '--rawfile': reads,
  '--slurpfile': reads,
  '--argfile': reads,
};

/** Words of the language that read files, or show what is no input (jq's manual, "$ENV, env" and "Modules"). */
const forbidden = new Set(
  'import include modulemeta get_search_list input_filename env ENV __prog_args __prog_name getenv'.split(
    ' ',
  ),
);

const accepted = "jq '.key' FILE; jq -r '.[] | .name' FILE; jq --arg k VALUE '.[$k]' FILE";

interface Reading {
  readonly args: readonly Word[];
  at: number;
  readonly options: string[];
  readonly operands: Word[];
}

/**
 * jq(1). It takes no `--option=value`, and old versions no `--` before the filter: printed are the options, the
 * filter, `--`, the files.
 */
export const jq: Program = { name: 'jq', read: readJq };

function readJq(args: readonly Word[]): readonly Token[] {
  const reading: Reading = { args, at: 0, options: [], operands: [] };
  for (; reading.at < args.length; reading.at++) {
    const word = args[reading.at];
    if (!word) break;
    if (word.value === '--') {
      note(word, 'end of the options');
      reading.operands.push(...args.slice(reading.at + 1));
      break;
    }
    if (!word.value.startsWith('-')) reading.operands.push(word);
    else if (word.value.startsWith('--')) readLong(reading, word);
    else readLetters(reading, word);
  }
  const [filter, ...files] = reading.operands;
  for (const file of files) checkFile(file);
  const end = files.length > 0 ? ['--', ...files] : [];
  return [...reading.options, filter ? readFilter(filter) : '.', ...end];
}

function readLetters(reading: Reading, word: Word): void {
  const letters = [...word.value.slice(1)];
  if (letters.length === 0) throw new Refused('-', 'jq reads no file of that name', accepted);
  for (const letter of letters) reading.options.push(flagOf(word, `-${letter}`));
}

function readLong(reading: Reading, word: Word): void {
  const { value } = word;
  if (value === '--arg' || value === '--argjson') {
    const name = nextOf(reading, word, /^[A-Za-z]\w*$/);
    if (forbidden.has(name)) throw new Refused(name, 'a name with a meaning of its own', 'another name');
    reading.options.push(value, name, nextOf(reading, word, /^/));
    note(word, `option ${value}, takes a name and a value`);
  } else if (value === '--indent') {
    reading.options.push(value, nextOf(reading, word, /^[0-7]$/));
    note(word, `option ${value}`);
  } else reading.options.push(flagOf(word, value));
}

function flagOf(word: Word, option: string): string {
  const flag = flags.get(option);
  if (flag !== undefined) {
    note(word, `option ${flag}, takes no value`);
    return flag;
  }
  const known = refused[option];
  if (known) throw new Refused(word, `${option}: ${known[0]}`, known[1]);
  throw new Refused(word, `${option} is not among the options known to be harmless`, accepted);
}

function nextOf(reading: Reading, option: Word, form: RegExp): string {
  const next = reading.args[++reading.at];
  if (next && form.test(next.value) && !next.glob && !next.tilde) {
    note(next, `value of ${option.value}`);
    return next.value;
  }
  throw new Refused(next?.source ?? option.source, `not a value for ${option.value}`, accepted);
}

function checkFile(file: Word): void {
  if (file.value === '-') throw new Refused('-', 'jq reads no file of that name', 'jq FILTER without a file');
  checkKind(kindOf('FILE'), file.value, file);
  noteOperand(file, kindOf('FILE').what);
}

/**
 * A forbidden word may only be a key: right after one dot, or all of a string. The language has no way to spell a
 * word otherwise, and a string cannot stand right before or after a word.
 */
function readFilter(filter: Word): string {
  const { value } = filter;
  if (filter.tilde || value.startsWith('-'))
    throw new Refused(filter, 'a filter that looks like a path or an option', `'(${value})'`);
  for (const { 0: name, index } of value.matchAll(/\w+/g)) {
    const before = value.slice(Math.max(index - 2, 0), index);
    const isKey = /^[^.]?\.$/.test(before);
    const isString = before.endsWith('"') && value.charAt(index + name.length) === '"';
    if (forbidden.has(name) && !isKey && !isString)
      throw new Refused(name, 'it reads files or the environment', `a key as .${name} or ["${name}"]`);
  }
  note(filter, 'operand: a filter of jq, which reads no other file and no environment');
  return value;
}
