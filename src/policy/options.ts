import type { Grammar, Program, Token } from './grammar.ts';
import { checkKind, type Kind } from './kinds.ts';
import { type OptionRule, readOperands, readOptions } from './notation.ts';
import { readOperandWords } from './operands.ts';
import { watchStart } from './path-watch.ts';
import { Refused } from './refusal.ts';
import { note } from './trail.ts';
import type { Word } from './word.ts';

/** State of reading one command: its arguments, and what is known so far. */
interface Reading {
  readonly name: string;
  readonly grammar: Grammar;
  readonly rules: ReadonlyMap<string, OptionRule>;
  readonly args: readonly Word[];
  at: number;
  readonly seen: Set<string>;
  readonly options: Token[];
  readonly operands: Word[];
}

/**
 * A program whose options follow POSIX XBD 12.2 and GNU's long options. Printed are the forced options, the
 * options with their values as separate words, `--`, the operands.
 */
export function program(name: string, grammar: Grammar): Program {
  const rules = readOptions(grammar.options ?? '');
  const operandsOf = grammar.operands;
  if (typeof operandsOf === 'string') readOperands(operandsOf);
  return {
    name,
    read: (args) => {
      const reading: Reading = {
        name,
        grammar,
        rules,
        args,
        at: 0,
        seen: new Set(),
        options: [],
        operands: [],
      };
      readAll(reading);
      const table = typeof operandsOf === 'string' ? operandsOf : operandsOf(reading.seen);
      const operands = readOperandWords(
        name,
        readOperands(table),
        reading.operands,
        grammar.refusePlus === true,
      );
      // a value with `~` is a word among the options, and no path that is searched
      const [first] = args;
      const hasPath = operands.some((operand) => typeof operand !== 'string');
      if (first && !hasPath && grammar.readsHere?.(reading.seen)) watchStart(first);
      const forced = (grammar.forced ?? []).filter(([option]) => !reading.seen.has(option));
      const end = operands.length > 0 ? ['--', ...operands] : [];
      return [
        ...forced.flatMap((words) => words.filter((word) => word !== undefined)),
        ...reading.options,
        ...end,
      ];
    },
  };
}

function readAll(reading: Reading): void {
  for (; reading.at < reading.args.length; reading.at++) {
    const word = reading.args[reading.at];
    if (!word) return;
    const { value } = word;
    if (value === '--') {
      note(word, 'end of the options');
      reading.operands.push(...reading.args.slice(reading.at + 1));
      return;
    }
    if (value === '-' || !value.startsWith('-')) reading.operands.push(word);
    else if (value.startsWith('--')) readLong(reading, word);
    else if (reading.grammar.number && /^-\d+$/.test(value)) {
      take(reading, ruleOf(reading, word, reading.grammar.number), value.slice(1), word);
    } else if (reading.grammar.number && /^-\d/.test(value)) {
      const example = `${reading.grammar.number} ${Number.parseInt(value.slice(1), 10)}`;
      throw new Refused(word, 'a number and letters in one option', `${example}, and each letter for itself`);
    } else readBundle(reading, word);
  }
}

function readLong(reading: Reading, word: Word): void {
  const equals = word.value.indexOf('=');
  const name = equals < 0 ? word.value : word.value.slice(0, equals);
  const rule = ruleOf(reading, word, name);
  if (equals >= 0) take(reading, rule, word.value.slice(equals + 1), word);
  else if (rule.value === 'required') takeNext(reading, rule, word);
  else take(reading, rule, undefined, word);
}

function readBundle(reading: Reading, word: Word): void {
  const letters = [...word.value.slice(1)];
  for (const [index, letter] of letters.entries()) {
    const rule = ruleOf(reading, word, `-${letter}`);
    if (rule.value !== 'none' && index + 1 < letters.length) {
      take(reading, rule, letters.slice(index + 1).join(''), word);
      return;
    }
    if (rule.value === 'required') takeNext(reading, rule, word);
    else take(reading, rule, undefined, word);
  }
}

function takeNext(reading: Reading, rule: OptionRule, word: Word): void {
  const next = reading.args[++reading.at];
  if (!next) throw new Refused(word, 'this option needs a value', `${word.value} and ${rule.kind?.what}`);
  note(word, `option ${rule.printed}`);
  take(reading, rule, next.value, next, true);
}

/** Note an option; `word` is the one that holds its value, all of it when `separate`. */
function take(
  reading: Reading,
  rule: OptionRule,
  value: string | undefined,
  word: Word,
  separate = false,
): void {
  const { printed, kind } = rule;
  reading.seen.add(printed);
  if (value === undefined) {
    note(word, `option ${printed}, takes no value`);
    reading.options.push(printed);
    return;
  }
  if (!kind) throw new Refused(word, `${printed} takes no value`, printed);
  checkValue(kind, value, word);
  note(word, separate ? `value of ${printed}: ${kind.what}` : `option ${printed} with ${kind.what}`);
  const long = printed.startsWith('--');
  const home = separate && word.tilde;
  if (home && (long || !kind.path)) {
    throw new Refused(word, '~ in the value of this option', "the absolute path; or '~' in single quotes");
  }
  if (long || rule.value === 'attached') reading.options.push(`${printed}${long ? '=' : ''}${value}`);
  else reading.options.push(printed, home ? word : value);
}

function checkValue(kind: Kind, value: string, word: Word): void {
  if (word.glob && !kind.pattern) {
    throw new Refused(word, 'an unquoted pattern in the value of an option', `${kind.what}, in quotes`);
  }
  checkKind(kind, value, word);
}

function ruleOf(reading: Reading, word: Word, option: string): OptionRule {
  const rule = reading.rules.get(option);
  if (rule) return rule;
  const known = reading.grammar.refused?.[option];
  if (known) throw new Refused(word, `${option}: ${known[0]}`, known[1]);
  const names = [...reading.rules.keys()];
  const longer = option.startsWith('--') ? names.filter((name) => name.startsWith(option)) : [];
  if (longer.length > 0)
    throw new Refused(word, `${option}: options are not abbreviated`, longer.join(' or '));
  const allowed =
    names.length > 0 ? `of ${reading.name}: ${names.join(' ')}` : `${reading.name} without options`;
  throw new Refused(word, `${option} is not among the options known to be harmless`, allowed);
}
