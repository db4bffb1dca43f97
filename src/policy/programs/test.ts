import type { Program, Token } from '../grammar.ts';
import { checkKind, kindOf } from '../kinds.ts';
import { noteOperand } from '../operands.ts';
import { Refused } from '../refusal.ts';
import { note } from '../trail.ts';
import type { Word } from '../word.ts';

const onPath = new Set('bcdefghkLprsSuwxOG'.split('').map((letter) => `-${letter}`));
const onText = new Set(['-n', '-z']);
const betweenTexts = new Set(['=', '==', '!=']);
const betweenNumbers = new Set(['-eq', '-ne', '-gt', '-ge', '-lt', '-le']);
const betweenPaths = new Set(['-nt', '-ot', '-ef']);

const accepted = 'one test of POSIX: -f FILE, -n TEXT, A = B, 1 -lt 2, each with ! before it or not';

/** test(1), by the number of its arguments as POSIX has it, without the parts that shells read differently. */
export const tests: readonly Program[] = [
  { name: 'test', read: (args) => readTest(args) },
  { name: '[', read: readBracket },
];

function readBracket(args: readonly Word[]): readonly Token[] {
  const last = args.at(-1);
  if (last?.value !== ']' || last.glob) throw new Refused('[', '] is missing at the end', '[ -f FILE ]');
  note(last, 'the end of the test');
  return [...readTest(args.slice(0, -1)), ']'];
}

function readTest(args: readonly Word[]): readonly Token[] {
  for (const word of args) {
    if (word.glob) throw new Refused(word, 'a pattern may give any number of names', 'one name; or quotes');
  }
  const [first, ...others] = args;
  if (first?.value === '!' && others.length > 0) {
    note(first, 'operator: turns the test around');
    return ['!', ...readPlain(others)];
  }
  return readPlain(args);
}

function readPlain(args: readonly Word[]): readonly Token[] {
  const [first, second, third, extra] = args;
  if (!first) return [];
  if (extra) throw new Refused(extra, 'more than one test at once', '[ … ] && [ … ] or [ … ] || [ … ]');
  if (!second) return [text(first)];
  if (!third) return readUnary(first, second);
  return readBinary(first, second, third);
}

function readUnary(operator: Word, operand: Word): readonly Token[] {
  if (operator.value === '-v' || operator.value === '-R') {
    throw new Refused(operator, 'bash evaluates the name of a variable, which can run a command', accepted);
  }
  note(operator, 'operator of test');
  if (operator.value === '-t' && /^\d$/.test(operand.value)) {
    note(operand, 'operand: the number of a stream');
    return ['-t', operand.value];
  }
  if (onText.has(operator.value)) return [operator.value, text(operand)];
  if (!onPath.has(operator.value)) throw new Refused(operator, 'not a test that all shells know', accepted);
  checkKind(kindOf('NAME'), operand.value, operand);
  return [operator.value, text(operand)];
}

function readBinary(left: Word, operator: Word, right: Word): readonly Token[] {
  const { value } = operator;
  note(operator, 'operator of test');
  if (betweenNumbers.has(value)) return [number(left), value, number(right)];
  if (betweenTexts.has(value)) return [text(left), value === '==' ? '=' : value, text(right)];
  if (!betweenPaths.has(value)) throw new Refused(operator, 'not a test that all shells know', accepted);
  for (const path of [left, right]) checkKind(kindOf('NAME'), path.value, path);
  return [text(left), value, text(right)];
}

/** Shells differ in which of two operators they see first, so an operand must not look like one. */
function text(word: Word): Token {
  const { value } = word;
  if (!/^-[A-Za-z]+$/.test(value) && !['!', '(', ')', '=', '==', '!=', '<', '>', ']'].includes(value)) {
    noteOperand(word, 'text or a path');
    return word;
  }
  throw new Refused(word, 'an operand that looks like an operator', `another letter before both: x${value}`);
}

/** Some shells evaluate the operands of -eq as arithmetic, which can run a command. */
function number(word: Word): Token {
  if (/^[+-]?\d{1,18}$/.test(word.value)) {
    note(word, 'operand: a number');
    return word.value;
  }
  throw new Refused(word, 'not a number, which some shells would evaluate', 'a number; or = between texts');
}
