import type { Program, Refusals, Token } from '../grammar.ts';
import { checkKind, type Kind, kindOf } from '../kinds.ts';
import { noteOperand } from '../operands.ts';
import { Refused } from '../refusal.ts';
import { note } from '../trail.ts';
import type { Word } from '../word.ts';
import { findForms } from './find-forms.ts';

const runs = [
  'it runs a program',
  '-ls or -printf for facts of the files; `grep -r TEXT DIRECTORY` for their contents; or a second call',
] as const;
const writes = [
  'it writes a file',
  '-print, -print0, -printf or -ls: the answer holds what they print',
] as const;

const refused: Refusals = {
  '-delete': ['it deletes files', '-print, which names them'],
  '-exec': runs,
  '-execdir': runs,
  '-ok': runs,
  '-okdir': runs,
  '-fprint': writes,
  '-fprint0': writes,
  '-fprintf': writes,
  '-fls': writes,
  '-files0-from': ['it reads names from any file', 'the names before the expression'],
};

const operators = new Set(['(', ')', '!', '-not', '-a', '-and', '-o', '-or', ',']);
const alone = new Set(
  `-daystart -depth -follow -mount -noleaf -xdev -warn -nowarn -ignore_readdir_race -noignore_readdir_race
   -empty -executable -readable -writable -true -false -nogroup -nouser
   -print -print0 -ls -prune -quit`.split(/\s+/),
);

/**
 * find(1): options, paths, expression. `--` does not protect its paths, so each must begin with something that
 * no expression begins with.
 */
export const find: Program = { name: 'find', read: readFind };

function readFind(args: readonly Word[]): readonly Token[] {
  const options = leading(args, 0, ({ value }) => /^-(?:[HLP]|O[0-3])$/.test(value));
  const paths = leading(args, options, ({ value }) => !/^[-!(),]/.test(value));
  const expression = args.slice(options + paths);
  for (const word of args.slice(0, options)) note(word, `option ${word.value}, takes no value`);
  const tokens: Token[] = args.slice(0, options).map((word) => word.value);
  tokens.push(...args.slice(options, options + paths).map(readPath));
  if (paths === 0) tokens.push('.');
  return [...tokens, ...readExpression(expression)];
}

/** How many words from `start` on pass the test. */
function leading(args: readonly Word[], start: number, test: (word: Word) => boolean): number {
  const rest = args.slice(start);
  const end = rest.findIndex((word) => !test(word));
  return end < 0 ? rest.length : end;
}

function readPath(word: Word): Token {
  checkKind(kindOf('NAME'), word.value, word);
  if (!word.glob || /^(?:\/|\.\/|~\/)/.test(word.value)) {
    noteOperand(word, 'a path to start from');
    return word;
  }
  throw new Refused(word, 'find has no --, so this pattern may give an option', `./${word.source}`);
}

function readExpression(words: readonly Word[]): readonly Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at];
    if (!word) break;
    const { value } = word;
    tokens.push(value);
    if (word.glob || word.tilde)
      throw new Refused(word, 'a path after the expression', 'find PATH… EXPRESSION');
    if (operators.has(value) || alone.has(value)) {
      note(word, operators.has(value) ? 'operator of find' : 'test or action of find, takes no value');
      continue;
    }
    const kind = kindOfTest(word);
    note(word, `test or action of find: ${value}`);
    const argument = words[++at];
    if (!argument) throw new Refused(word, 'its value is missing', `${value} and ${kind.what}`);
    tokens.push(readArgument(word, argument, kind));
  }
  return tokens;
}

function kindOfTest(word: Word): Kind {
  const { value } = word;
  const form = findForms.find(({ tests }) => tests.test(value));
  if (form) return form.kind;
  const known = refused[value];
  if (known) throw new Refused(word, `${value}: ${known[0]}`, known[1]);
  if (!value.startsWith('-')) throw new Refused(word, 'a path after the expression', 'find PATH… EXPRESSION');
  throw new Refused(
    word,
    'not a test or action of find known to be harmless',
    '-name -type -size -mtime -newer -print …',
  );
}

/** An argument that looks like a test would be one on a system where the word before it takes none; a mode does not. */
function readArgument(test: Word, argument: Word, kind: Kind): Token {
  const looksLikeTest = /^-(?![ugoa]+[+=])[A-Za-z]/.test(argument.value);
  if (looksLikeTest || (argument.glob && !kind.pattern)) {
    throw new Refused(argument, `not a value for ${test.value}`, `${kind.what}, in quotes`);
  }
  if (argument.tilde && kind.pattern) {
    throw new Refused(argument, '~ at the start of a pattern', "the pattern in single quotes: '~…'");
  }
  checkKind(kind, argument.value, argument);
  note(argument, `value of ${test.value}: ${kind.what}`);
  return kind.path && argument.tilde ? argument : argument.value;
}
