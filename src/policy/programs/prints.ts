import type { Program, Token } from '../grammar.ts';
import { noteOperand } from '../operands.ts';
import { program } from '../options.ts';
import { Refused } from '../refusal.ts';
import { note } from '../trail.ts';
import type { Word } from '../word.ts';

const conversion = /%(?:%|[-+ #0]*\d{0,4}(?:\.\d{0,4})?([diouxXeEfFgGcsb]))/y;
const number = /^(?:[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?|[+-]?0[xX][\da-fA-F]+|)$/;

/** Programs that print what they are given, and those that do nothing: echo, printf, true, false (POSIX XCU). */
export const prints: readonly Program[] = [
  { name: 'echo', read: (args) => args.map(plainOrAbsolute) },
  { name: 'printf', read: readPrintf },
  program('true', { operands: '' }),
  program('false', { operands: '' }),
];

/** echo has no options to end with `--`: a pattern must not be able to give a name that begins with -. */
function plainOrAbsolute(word: Word): Token {
  if (!word.glob || /^(?:\/|\.\/|~\/)/.test(word.value)) {
    noteOperand(word, 'text to print');
    return word;
  }
  throw new Refused(
    word,
    'echo has no --, so this pattern may give an option',
    `./${word.source}; or quotes`,
  );
}

/**
 * bash's own printf writes variables by `-v` and `%n`, and ksh evaluates numbers as arithmetic, which can run a
 * command: so conversions are listed, and what a number is converted from must be one.
 */
function readPrintf(args: readonly Word[]): readonly Token[] {
  const [format, ...values] = args[0]?.value === '--' ? args.slice(1) : args;
  if (!format) throw new Refused('printf', 'a format is missing', "printf '%s\\n' TEXT");
  if (args[0] === format && format.value.startsWith('-')) {
    throw new Refused(format, 'an option of printf', "printf -- '-…' for a format that begins with -");
  }
  if (format.glob || format.tilde) throw new Refused(format, 'a pattern as format', 'the format in quotes');
  const conversions = conversionsOf(format);
  for (const [index, value] of values.entries()) {
    if (value.glob) throw new Refused(value, 'a pattern gives any number of names', 'the text in quotes');
    const isNumber = /[diouxXeEfFgG]/.test(conversions[index % conversions.length] ?? '');
    if (isNumber && !number.test(value.value)) {
      throw new Refused(value, 'not a number, which some shells would evaluate', 'a number; or %s');
    }
  }
  if (args[0] && args[0] !== format) note(args[0], 'end of the options');
  note(format, 'operand: a format');
  for (const value of values) noteOperand(value, 'what the format shows');
  return ['--', format.value, ...values];
}

function conversionsOf(format: Word): readonly string[] {
  const found: string[] = [];
  const text = format.value;
  for (let at = text.indexOf('%'); at >= 0; at = text.indexOf('%', conversion.lastIndex)) {
    conversion.lastIndex = at;
    const match = conversion.exec(text);
    if (!match) {
      throw new Refused(
        text.slice(at, at + 8),
        'not a conversion that all shells know',
        '%s %d %x %f %c %b %%',
      );
    }
    if (match[1] !== undefined) found.push(match[1]);
  }
  return found;
}
