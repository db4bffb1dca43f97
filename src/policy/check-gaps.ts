import type { Joint, Step } from './read-script.ts';
import { Refused } from './refusal.ts';

const token = /\\\n|#[^\n]*|[ \t]+|\n|&&|\|\||[;|!]/y;

/** What may stand before a command, by its joint: blanks and comments are taken out already. */
const expected: Readonly<Record<Joint, RegExp>> = {
  '': /^\n*(!?)$/,
  ';': /^[;\n]\n*(!?)$/,
  '&&': /^&&\n*(!?)$/,
  '||': /^\|\|\n*(!?)$/,
  '|': /^\|\n*(!?)$/,
};

/**
 * The parser recovers from some errors without a word about them, and drops what it did not understand. So the
 * text outside of words and redirections must be nothing but blanks, comments and exactly the operators that the
 * tree shows.
 */
export function checkGaps(source: string, steps: readonly Step[]): void {
  let at = 0;
  for (const step of steps) {
    for (const [index, span] of step.spans.entries()) {
      const operators = operatorsOf(source, at, span.pos);
      const found = index === 0 ? expected[step.joint].exec(operators) : /^()$/.exec(operators);
      if (!found || (index === 0 && (found[1] === '!') !== step.negated)) refuseGap(source, at, span.pos);
      at = span.end;
    }
  }
  if (!/^;?\n*$/.test(operatorsOf(source, at, source.length))) refuseGap(source, at, source.length);
}

/** The operators and newlines between two offsets, blanks, comments and continued lines left out. */
function operatorsOf(source: string, from: number, to: number): string {
  let operators = '';
  let mayComment = from === 0;
  for (let at = from; at < to; at = token.lastIndex) {
    token.lastIndex = at;
    const found = token.exec(source)?.[0];
    if (found === undefined || token.lastIndex > to || (found.startsWith('#') && !mayComment)) {
      refuseGap(source, at, to);
    }
    if (found === '\\\n') continue;
    mayComment = true;
    if (!/^[#\s]/.test(found) || found === '\n') operators += found;
  }
  return operators;
}

function refuseGap(source: string, from: number, to: number): never {
  throw new Refused(
    source.slice(from, Math.max(to, from + 1)).trim() || source.slice(from),
    'shells may read what stands between the words in different ways',
    'plain commands joined by | && || ; with special characters in single quotes',
  );
}
