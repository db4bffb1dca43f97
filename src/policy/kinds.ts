import { watchPath } from './path-watch.ts';
import { type PathUse, pathProblem } from './paths.ts';
import { Refused } from './refusal.ts';
import type { Word } from './word.ts';

/** What a value may be. Named in capitals in the notation; `a|b|c` in lower case is a choice. */
export interface Kind {
  readonly what: string;
  readonly form: RegExp;
  readonly path?: PathUse;
  /** An unquoted pattern is meant for the program, and printed quoted (`grep --include=*.log`). */
  readonly pattern?: true;
  /** A path that is opened, though its name is all that is asked of it. */
  readonly isGuarded?: true;
  /** What the program may put behind the name. */
  readonly endings?: readonly string[];
}

const sedPattern = String.raw`/(?:[^\\/[\n]|\\[.*^$/+?(){}|[\]]|\[\^?(?:\[:[a-z]+:\]|[\w ,.:@%=+-])+\])+/I?`;
const sedCommand = String.raw`(?:\d{1,9}(?:~\d{1,9})?|\$|${sedPattern})(?:,(?:\+?\d{1,9}|\$|${sedPattern}))?!?p`;
const sedPrint = new RegExp(`^${sedCommand}(?:; ?${sedCommand})*$`);

const kinds: Readonly<Record<string, Kind>> = {
  TEXT: { what: 'text', form: /^/ },
  PATTERN: { what: 'a pattern', form: /^/, pattern: true },
  FILE: { what: 'a file to read', form: /^/, path: 'file' },
  NAME: { what: 'a path', form: /^/, path: 'name' },
  TREE: { what: 'a file or directory to read', form: /^/, path: 'tree' },
  NUMBER: { what: 'a number', form: /^\d{1,15}$/ },
  FEW: { what: 'a number up to 99', form: /^\d{1,2}$/ },
  COUNT: { what: 'a number such as 20, -20 or +20', form: /^[+-]?\d{1,15}(?:[kKMGTPE](?:i?B)?|b)?$/ },
  SIZE: {
    what: "a size such as 10M, 1K or 'human-readable'",
    form: /^(?:'?[+-]?(?:\d{1,15}(?:[kKMGTPEZY](?:i?B)?)?|[kKMGTPEZY](?:i?B)?)|human-readable|si)$/,
  },
  WORD: { what: 'a word', form: /^[A-Za-z0-9][\w.:,+@%/-]*$/ },
  LIST: { what: 'names with commas between', form: /^[\w.+@%:/-]+(?:,[\w.+@%:/-]+)*$/ },
  CHARACTER: { what: 'one character', form: /^(?:.|\n|\\0)$/u },
  SORT_KEY: {
    what: 'a key such as 2, 2n or 1,3',
    form: /^\d{1,9}(?:\.\d{1,9})?[bdfgiMhnRrV]*(?:,\d{1,9}(?:\.\d{1,9})?[bdfgiMhnRrV]*)?$/,
  },
  PERCENT: { what: 'a size such as 10M or 20%', form: /^\d{1,15}[bkKMGT%]?$/ },
  USER: { what: 'a user name or number', form: /^[A-Za-z0-9_.+][\w.@+\\-]*\$?$/ },
  UNIT: { what: 'the name of a unit', form: /^[A-Za-z0-9_*?[.@][\w.@:\\*?[\]-]*$/, pattern: true },
  PROPERTIES: {
    what: 'properties such as ActiveState,MainPID, but not the environment or credentials, which hold secrets',
    form: /^(?!.*(?:Environment|Credential))[A-Za-z0-9]+(?:,[A-Za-z0-9]+)*$/,
  },
  JOURNAL_MATCH: { what: 'a match such as _PID=1', form: /^(?:[A-Z0-9_]+=.*|\+)$/su },
  JOURNAL_BOOT: { what: 'a boot such as -1', form: /^(?:[+-]?\d{1,6}|[0-9a-f]{32}|all)$/ },
  JOURNAL_FIELDS: {
    what: 'fields such as MESSAGE,_PID, but not COREDUMP_ENVIRON, which holds secrets',
    form: /^(?!.*ENVIRON)[A-Z0-9_]+(?:,[A-Z0-9_]+)*$/,
  },
  DATASET: { what: 'a pool, data set or mount point', form: /^[A-Za-z/][\w.:@#%/ -]*$/, path: 'name' },
  POOL: { what: 'a pool', form: /^[A-Za-z][\w.:-]*$/ },
  PROJECT: { what: 'a compose project', form: /^[a-z0-9][a-z0-9_-]*$/ },
  MOUNTED: { what: 'a mount point or device', form: /^[^=]+$/, path: 'name' },
  KEY: { what: 'a name or number', form: /^[A-Za-z0-9_][\w.@+/$-]*$/ },
  RANGES: {
    what: 'ranges such as 1,3-5',
    form: /^(?:\d{1,9}(?:-\d{0,9})?|-\d{1,9})(?:[, ](?:\d{1,9}(?:-\d{0,9})?|-\d{1,9}))*$/,
  },
  BYTES: {
    what: 'a number of bytes such as 16, 0x10 or 1K',
    form: /^(?:0x[\da-fA-F]{1,12}|\d{1,15})(?:b|[kKMGT](?:i?B)?)?$/,
  },
  SKIPS: {
    what: 'one or two numbers of bytes, such as 16 or 16:32',
    form: /^\d{1,15}(?:[kKMGT](?:i?B)?)?(?::\d{1,15}(?:[kKMGT](?:i?B)?)?)?$/,
  },
  OFFSET: { what: 'a place such as 16, 0x10 or -16', form: /^\+?-?(?:0x[\da-fA-F]{1,12}|\d{1,15})$/ },
  OD_TYPE: { what: 'types such as x1, x1z or u4', form: /^(?:(?:[ac]|[doux](?:[1248CSIL])?|f[48FDL]?)z?)+$/ },
  HEX_FORMAT: {
    what: 'a format such as \'16/1 "%02x " "\\n"\'',
    form: /^(?:[^%]|%(?:%|[-+ #]*\d{0,4}(?:\.\d{1,4})?(?:[cdiouxXeEfgGs]|_[cpu]|_[aA][dox])))*$/,
  },
  /** One reading for all of sed: a slash in an expression only after a backslash, and in no bracket. */
  SED_PRINT: {
    what: "an address and p, such as '10,20p' or '/error/p'",
    form: sedPrint,
    pattern: true,
  },
  /** strings reads options from a file named after @, also where that name comes of a pattern. */
  STRINGS_FILE: {
    what: 'a file whose name begins with no @ and no pattern, such as ./*',
    form: /^(?!-$)[^@*?[]/,
    path: 'file',
  },
  PLAIN_FILE: { what: 'a file that is no pipe', form: /^(?!-$)/, path: 'file' },
  /** Of TZ="…" in a date the C library opens the file, whichever it is. */
  DATE: {
    what: 'a date such as \'yesterday\', with a time zone such as TZ="Europe/Berlin" or none',
    form: /^(?:\s*TZ="[\w+-]+(?:\/[\w+-]+)*")?(?:(?!TZ=).)*$/s,
  },
  /** Looked at by opening it: the guard sees that it is no device. */
  MOUNT: { what: 'a path', form: /^/, path: 'name', isGuarded: true },
  /** Where there is no such file gzip(1) opens one with an ending. */
  COMPRESSED: {
    what: 'a file to read',
    form: /^/,
    path: 'file',
    endings: ['.gz', '-gz', '.z', '-z', '_z', '.Z'],
  },
  DATE_FORMAT: { what: '+ and a format, such as +%F', form: /^\+/ },
};

/** A kind by its name in the notation. Throws for a name that does not exist: a defect of a grammar file. */
export function kindOf(name: string): Kind {
  const kind = kinds[name];
  if (kind) return kind;
  if (!/^[a-z/]/.test(name)) throw new Error(`no kind is called ${name}`);
  const choices = name.split('|');
  return { what: `one of ${choices.join(' ')}`, form: new RegExp(`^(?:${choices.join('|')})$`) };
}

/** Refuse `value` unless it is of `kind`; `word` is the word it stands in, for paths and for what is shown. */
export function checkKind(kind: Kind, value: string, word: Word): void {
  if (!kind.form.test(value)) {
    throw new Refused(word, `not ${kind.what}`, `${kind.what} in this place`);
  }
  const problem = kind.path && pathProblem({ ...word, value }, kind.path);
  if (problem)
    throw new Refused(
      word,
      `${word.glob ? 'not every path that this may stand for is opened' : 'this path is not opened'}: ${problem}`,
      `${word.glob ? 'the names, one by one' : 'a path that names plain files'}; ls -l and stat look at any path`,
    );
  if (!kind.path) return;
  watchPath(kind.path, value, word, kind.isGuarded);
  const { endings = [] } = kind;
  if (word.glob || endings.some((ending) => value.endsWith(ending))) return;
  for (const ending of endings) watchPath(kind.path, `${value}${ending}`, withEnding(word, ending));
}

function withEnding(word: Word, ending: string): Word {
  const pieces = [...word.pieces, { text: ending, glob: false }];
  return { ...word, value: `${word.value}${ending}`, source: `${word.source}${ending}`, pieces };
}
