import type { Program, Token } from '../grammar.ts';
import { checkKind, type Kind, kindOf } from '../kinds.ts';
import { type OptionRule, readOptions } from '../notation.ts';
import { Refused } from '../refusal.ts';
import { note } from '../trail.ts';
import type { Word } from '../word.ts';

const environment = [
  'the letter e shows the environments of programs, which hold secrets',
  'ps aux or ps -ef',
] as const;
const letters = 'acfHhjlmnrSsTuvwx';

const pids: Kind = { what: 'process ids', form: /^\d{1,10}(?:[, ]\d{1,10})*$/ };
const columns: Kind = {
  what: 'columns such as pid,comm',
  form: /^(?!.*\benv)[\w%:]+(?:[, ][\w%:]+)*(?:=[\w %]*)?$/i,
};
const order: Kind = { what: 'columns such as -%mem,pid', form: /^[+-]?[\w%]+(?:,[+-]?[\w%]+)*$/ };
const people: Kind = { what: 'user or group names', form: /^[\w.@+\\-]+\$?(?:,[\w.@+\\-]+\$?)*$/ };
const commands: Kind = { what: 'names of programs', form: /^[\w.@+:/-]+(?:,[\w.@+:/-]+)*$/ };

/**
 * When ps of procps cannot make sense of its options it reads all of them again as BSD letters, where `-e` means
 * the environment and the value of `-u` is more letters. So `-e` is printed as `-A`, which is no BSD letter, and
 * names in the long form, which stays one word.
 */
const rules = readOptions(`
  -A -e
  : -a -d -F -f -H -j -L -l -M -N -T -w -y
  --forest
  --headers
  --no-headers --no-heading --noheaders --noheading
  --deselect
  --context
  --cumulative
  --version -V
  --cols=NUMBER --columns=NUMBER --width=NUMBER
  --rows=NUMBER --lines=NUMBER
  --help=simple|list|output|threads|misc|all
  --tty=LIST -t
  -C=TEXT
  -o --format=TEXT
  -p --pid=TEXT
  --ppid=TEXT
  --quick-pid=TEXT -q
  --sid=TEXT -s
  --sort=TEXT
  --user=TEXT -u
  --User=TEXT -U
  --group=TEXT
  --Group=TEXT -G
`);

const kinds: Readonly<Record<string, Kind>> = {
  '-C': commands,
  '-o': columns,
  '-p': pids,
  '--ppid': pids,
  '--quick-pid': pids,
  '--sid': pids,
  '--sort': order,
  '--user': people,
  '--User': people,
  '--group': people,
  '--Group': people,
};

/** BSD letters that take a value, as the option that says the same. */
const bsdValued: Readonly<Record<string, string>> = {
  o: '-o',
  p: '-p',
  U: '--user',
  t: '--tty',
  k: '--sort',
};

interface Reading {
  readonly args: readonly Word[];
  at: number;
  readonly tokens: Token[];
}

/** ps(1) of procps, with its Unix options, long options, BSD letters and bare process ids. */
export const ps: Program = { name: 'ps', read: readPs };

function readPs(args: readonly Word[]): readonly Token[] {
  const reading: Reading = { args, at: 0, tokens: [] };
  for (; reading.at < args.length; reading.at++) {
    const word = args[reading.at];
    if (!word) break;
    const { value } = word;
    if (word.glob || word.tilde) throw new Refused(word, 'a pattern or path', 'ps aux, ps -ef or ps -p PID');
    if (/^\d{1,10}$/.test(value)) {
      note(word, 'operand: a process id');
      reading.tokens.push(value);
    } else if (value.startsWith('--')) readLong(reading, word);
    else if (value.startsWith('-')) readDashed(reading, word);
    else readBsd(reading, word, value);
  }
  refuseConflict(reading.tokens);
  return reading.tokens;
}

/** A conflict of formats is such a case where ps may read again: -A is then an error, names after -C are letters. */
function refuseConflict(tokens: readonly Token[]): void {
  if (!['-A', '-C'].some((choice) => tokens.includes(choice)) || !tokens.includes('-o')) return;
  if (!['-f', '-F', '-j', '-l'].some((format) => tokens.includes(format))) return;
  throw new Refused(
    '-o',
    'columns and a ready format at once',
    'ps -eo pid,comm; ps -ef; ps -o pid,comm -C NAME; ps -f -C NAME',
  );
}

function readLong(reading: Reading, word: Word): void {
  const [, name = word.value, value] = /^(--[^=]*)=(.*)$/s.exec(word.value) ?? [];
  take(reading, word, name, value);
}

/** `ps -aux` is BSD's `aux` to procps, and so is every bundle with an x, for no Unix option has that letter. */
function readDashed(reading: Reading, word: Word): void {
  const bundle = word.value.slice(1);
  if (bundle === '') throw new Refused('-', 'not an option', 'ps aux or ps -ef');
  if (/^[a-zU]*x[a-zU]*$/.test(bundle)) {
    readBsd(reading, word, bundle);
    return;
  }
  for (const [index, letter] of [...bundle].entries()) {
    const rest = bundle.slice(index + 1);
    if (take(reading, word, `-${letter}`, rest === '' ? undefined : rest)) return;
  }
}

function readBsd(reading: Reading, word: Word, bundle: string): void {
  if (bundle === '') throw new Refused("''", 'an empty word', 'ps aux or ps -ef');
  let flags = '';
  for (const [index, letter] of [...bundle].entries()) {
    const valued = bsdValued[letter];
    if (letter === 'e') throw new Refused(word, ...environment);
    if (valued !== undefined) {
      if (flags !== '') reading.tokens.push(flags);
      take(reading, word, valued, bundle.slice(index + 1) || undefined);
      return;
    }
    if (!letters.includes(letter)) throw unknown(word, letter);
    note(word, `letter ${letter}, takes no value`);
    flags += letter;
  }
  reading.tokens.push(flags);
}

/** Note one option. Answers whether it took `attached` (or the next word) as its value. */
function take(reading: Reading, word: Word, option: string, attached: string | undefined): boolean {
  const rule: OptionRule | undefined = rules.get(option);
  if (!rule) throw unknown(word, option);
  const { printed } = rule;
  if (rule.value === 'none') {
    if (option.startsWith('--') && attached !== undefined) throw unknown(word, word.value);
    note(word, `option ${printed}, takes no value`);
    reading.tokens.push(printed);
    return false;
  }
  const source = attached === undefined ? reading.args[++reading.at] : word;
  const kind = kinds[printed] ?? rule.kind ?? kindOf('LIST');
  if (!source) throw new Refused(word, 'its value is missing', `${option} and ${kind.what}`);
  const value = attached ?? source.value;
  if (source.glob || source.tilde) throw new Refused(source, 'a pattern or path', kind.what);
  checkKind(kind, value, source);
  note(word, `option ${option}${source === word ? ` with ${kind.what}` : ''}`);
  if (source !== word) note(source, `value of ${option}: ${kind.what}`);
  reading.tokens.push(...(printed.startsWith('--') ? [`${printed}=${value}`] : [printed, value]));
  return true;
}

function unknown(word: Word, what: string): Refused {
  return new Refused(
    word,
    `${what} is not among the options known to be harmless`,
    'ps aux, ps -ef, ps -e -o pid,comm --sort=-rss, ps -p PID',
  );
}
