import type { Context } from '../context.ts';
import { ScoutError } from '../errors.ts';
import { slice } from '../remote-text.ts';
import type { Reading } from './read-targets.ts';

interface Piece {
  readonly offset?: number | undefined;
  readonly limit?: number | undefined;
}

/**
 * A piece of a kept result: from `character`, then `offset` and `limit` by line as in a file. Throws ScoutError
 * `result_expired`, or `invalid_argument` where it is shorter than that.
 */
export function readKept(
  context: Pick<Context, 'kept'>,
  target: { readonly id: string; readonly character: number },
  { offset = 1, limit }: Piece,
): Extract<Reading, { kind: 'kept' }> {
  const whole = context.kept.get(target.id);
  if (target.character > whole.length) {
    throw new ScoutError(
      'invalid_argument',
      `result:${target.id} ends before that`,
      `It has ${whole.length} characters: read it from its beginning, or from the place that an answer named.`,
    );
  }
  const from = wholeCharacter(whole, target.character);
  const start = offset > 0 ? afterLines(whole, from, offset - 1) : lastLines(whole, -offset);
  const end = limit === undefined ? whole.length : afterLines(whole, start, limit);
  const next = end < whole.length ? { next: end } : {};
  return { kind: 'kept', id: target.id, character: start, text: slice(whole, start, end), ...next };
}

/** A place between the halves of a surrogate pair is meant to be the one before them. */
function wholeCharacter(text: string, at: number): number {
  const isBetween = /^[\ud800-\udbff][\udc00-\udfff]$/.test(text.slice(Math.max(0, at - 1), at + 1));
  return isBetween ? at - 1 : at;
}

/** Where the line begins that is `lines` lines after the one at `from`. */
function afterLines(text: string, from: number, lines: number): number {
  let at = from;
  for (let left = lines; left > 0; left -= 1) {
    const end = text.indexOf('\n', at);
    if (end < 0) return text.length;
    at = end + 1;
  }
  return at;
}

function lastLines(text: string, lines: number): number {
  let at = text.endsWith('\n') ? text.length - 1 : text.length;
  for (let left = lines; left > 0 && at >= 0; left -= 1) at = at === 0 ? -1 : text.lastIndexOf('\n', at - 1);
  return Math.max(0, at + 1);
}
