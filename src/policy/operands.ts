import type { Token } from './grammar.ts';
import { checkKind } from './kinds.ts';
import type { OperandRule } from './notation.ts';
import { Refused } from './refusal.ts';
import { note } from './trail.ts';
import type { Word } from './word.ts';

/** Operands against their kinds and counts. A pattern of the shell stays one only where any number may come. */
export function readOperandWords(
  name: string,
  rules: readonly OperandRule[],
  words: readonly Word[],
  refusePlus: boolean,
): readonly Token[] {
  const tokens: Token[] = [];
  const least = rules.reduce((sum, rule) => sum + rule.least, 0);
  if (words.length < least) {
    throw new Refused(
      name,
      'an operand is missing',
      `${name} with ${rules.map((rule) => rule.kind.what).join(' and ')}`,
    );
  }
  let at = 0;
  for (const rule of rules) {
    for (let count = 0; count < rule.most && at < words.length; count++) {
      const word = words[at++];
      if (word) tokens.push(readOperand(word, rule, refusePlus));
    }
  }
  const extra = words[at];
  if (extra) throw new Refused(extra, `${name} takes no further operand`, mostOf(name, rules));
  return tokens;
}

function readOperand(word: Word, rule: OperandRule, refusePlus: boolean): Token {
  const { kind } = rule;
  if (refusePlus && word.value.startsWith('+')) {
    throw new Refused(
      word,
      'old systems read + as an option here',
      './+… for a file; -n +5 for a line number',
    );
  }
  checkKind(kind, word.value, word);
  noteOperand(word, kind.what, kind.pattern);
  if (kind.pattern && word.tilde) {
    throw new Refused(word, '~ at the start of a pattern', "the pattern in single quotes: '~…'");
  }
  if (kind.pattern) return word.value;
  if (word.glob && rule.most === 1) {
    throw new Refused(
      word,
      'a pattern may give any number of names, and here only one may stand',
      'one name; or the pattern in quotes',
    );
  }
  return word;
}

/** What becomes of the characters of a word that the shell may replace is part of what the word means. */
export function noteOperand(word: Word, what: string, isPattern = false): void {
  const glob = word.glob && !isPattern ? ', the shell puts all names that match' : '';
  note(word, `operand: ${what}${glob}${word.tilde ? ', ~ is the home directory' : ''}`);
}

function mostOf(name: string, rules: readonly OperandRule[]): string {
  if (rules.length === 0) return `${name} without operands`;
  return `${name} with ${rules.length === 1 ? 'one operand' : `${rules.length} operands`} at most`;
}
