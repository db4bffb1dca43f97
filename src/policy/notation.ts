import { type Kind, kindOf } from './kinds.ts';

/** One option of a program. */
export interface OptionRule {
  /** The spelling that is printed: the first of its line. */
  readonly printed: string;
  readonly value: 'none' | 'required' | 'attached';
  readonly kind: Kind | undefined;
}

export interface OperandRule {
  readonly kind: Kind;
  readonly least: number;
  readonly most: number;
}

/**
 * An option table, one option a line, as a man page's synopsis would have it:
 *
 *     -a --all                 no value
 *     -n --lines=NUMBER        a value, attached or in the next word
 *     --color[=always|never]   a value that can only be attached, or none
 *
 * The first spelling is the printed one. Several options without value that have one spelling each may share a
 * line after a colon: `: -a -b -c`. Throws for a line that is none of these: a defect of a grammar file.
 */
export function readOptions(table: string): ReadonlyMap<string, OptionRule> {
  const rules = new Map<string, OptionRule>();
  const add = (spelling: string, rule: OptionRule) => {
    if (!/^(?:-[A-Za-z0-9.]|--[A-Za-z0-9][a-z0-9-]+)$/.test(spelling))
      throw new Error(`not an option: ${spelling}`);
    if (rules.has(spelling)) throw new Error(`two rules for ${spelling}`);
    rules.set(spelling, rule);
  };
  for (const line of table.split('\n').map((text) => text.trim())) {
    if (line === '') continue;
    const shared = line.startsWith(':');
    const words = line.replace(/^:\s*/, '').split(/\s+/);
    const rule = readRule(words);
    for (const word of words) {
      const spelling = word.replace(/\[?=.*$/, '');
      add(spelling, shared ? { ...rule, printed: spelling } : rule);
    }
  }
  return rules;
}

function readRule(words: readonly string[]): OptionRule {
  const printed = (words[0] ?? '').replace(/\[?=.*$/, '');
  const valued = words.find((word) => word.includes('=')) ?? '';
  const attached = /\[=(.+)\]$/.exec(valued)?.[1];
  const required = /[^[]=(.+)$/.exec(valued)?.[1];
  if (attached !== undefined) return { printed, value: 'attached', kind: kindOf(attached) };
  if (required !== undefined) return { printed, value: 'required', kind: kindOf(required) };
  return { printed, value: 'none', kind: undefined };
}

/** Operands in order: `PATTERN FILE*`, with `?` none or one, `*` any number, `+` at least one. */
export function readOperands(text: string): readonly OperandRule[] {
  return text
    .split(' ')
    .filter(Boolean)
    .map((word) => {
      const [, name = '', count = ''] = /^([A-Z_]+)([?*+]?)$/.exec(word) ?? [];
      const many = count === '*' || count === '+';
      return {
        kind: kindOf(name),
        least: count === '?' || count === '*' ? 0 : 1,
        most: many ? Number.POSITIVE_INFINITY : 1,
      };
    });
}
