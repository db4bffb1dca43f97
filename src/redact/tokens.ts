import type { Anchored } from './anchors.ts';
import type { Rule } from './secret.ts';
import { type TokenShape, tokenShapes } from './token-shapes.ts';

/** The rules for tokens that are told by their own form. */
export const tokens: readonly Anchored[] = tokenShapes.map((token) => ({
  grams: token.grams,
  rule: ruleOf(token),
}));

function ruleOf({ kind, shape, cut, from = 0, atEdge }: TokenShape): Rule {
  return (text, at) => {
    const start = at + from;
    if (start < 0 || (atEdge && !isEdge(text, start, atEdge))) return undefined;
    const length = matchLength(shape, text, start) || (cut ? matchLength(cut, text, start) : 0);
    return length > 0 ? { start, end: start + length, kind } : undefined;
  };
}

function matchLength(pattern: RegExp, text: string, at: number): number {
  const sticky = new RegExp(pattern); // one's own place to match at: the rules are shared
  sticky.lastIndex = at;
  return sticky.exec(text)?.[0].length ?? 0;
}

/** No letter or digit stands before it, nor a dash where it may hold one; but for an escape (`\n`, `%3D`). */
function isEdge(text: string, at: number, edge: 'word' | 'run'): boolean {
  const before = text.slice(Math.max(0, at - 3), at);
  return !(edge === 'run' ? /[\w-]$/ : /\w$/).test(before) || /(?:\\[nrt]|%[0-9A-Fa-f]{2})$/.test(before);
}
