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
}

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
    throw new Refused(word.source, `not ${kind.what}`, `${kind.what} in this place`);
  }
  const problem = kind.path && pathProblem({ ...word, value }, kind.path);
  if (problem)
    throw new Refused(
      word.source,
      `this path is not opened: ${problem}`,
      'a path that names plain files; ls -l and stat look at any path',
    );
}
