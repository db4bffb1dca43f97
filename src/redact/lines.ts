import type { LineEnds } from './secret.ts';

/** A line longer than this is no line of a key; nobody looks further for its beginning. */
const mostLineUnits = 2_100;

export interface Line {
  readonly start: number;
  readonly end: number;
}

/**
 * The lines of text[from, to), one after another; a line end that is written as an escape (`\n` in a string of JSON)
 * ends one, too. A line that is too long comes in pieces.
 */
export function* linesFrom(text: string, from: number, to: number): Generator<Line> {
  let start = from;
  while (start < to) {
    const stop = Math.min(to, start + mostLineUnits);
    const match = /\r?\n|\\{1,4}r\\{1,4}n|\\{1,4}n/.exec(text.slice(start, stop));
    const end = match ? start + match.index : stop;
    yield { start, end };
    start = end + (match?.[0].length ?? 0);
  }
}

/** The same lines from the one that ends at `to` up to the beginning of the text, or to one that is too long. */
export function* linesUp(text: string, to: number): Generator<Line> {
  let end = to;
  for (;;) {
    const start = lineStart(text, end);
    if (start === undefined) return;
    yield { start, end };
    if (start === 0) return;
    const before = text.slice(Math.max(0, start - 12), start);
    end = start - (/(?:\r?\n|(?:\\{1,4}r)?\\{1,4}n)$/.exec(before)?.[0].length ?? 1);
  }
}

/** Where the line begins in which `at` is; undefined where that is too far away. */
export function lineStart(text: string, at: number): number | undefined {
  const floor = Math.max(0, at - mostLineUnits);
  for (let place = at - 1; place >= floor; place -= 1) {
    const code = text.charCodeAt(place);
    if (code === 0x0a || (code === 0x6e && text.charCodeAt(place - 1) === 0x5c)) return place + 1;
  }
  return floor === 0 ? 0 : undefined;
}

/**
 * Where the line of a place in a text ends. Long ones are remembered, and another below: thousands of values may stand
 * in one line of megabytes.
 */
export function lineEndsOf(text: string): LineEnds {
  let long: readonly Line[] = [];
  return (at) => {
    const known = long.find(({ start, end }) => start <= at && at <= end);
    if (known) return known.end;
    const feed = text.indexOf('\n', at);
    const end = feed < 0 ? text.length : feed;
    if (end - at > mostLineUnits) long = [{ start: at, end }, ...long.slice(0, 1)];
    return end;
  };
}

/** How many characters of base64 a line ends with, before what editors, quotes and cat -A put there. */
export function base64Tail(text: string, { start, end }: Line): number {
  let last = end;
  const floor = Math.max(start, end - mostLineUnits);
  while (last > floor && ' \t\r\\$"\',;|)'.includes(text.charAt(last - 1))) last -= 1;
  if (text.slice(Math.max(start, last - 2), last) === '^M') last -= 2;
  let first = last;
  while (first > floor && isBase64(text.charCodeAt(first - 1))) first -= 1;
  return last - first;
}

function isBase64(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x2f && code <= 0x39) ||
    code === 0x2b ||
    code === 0x3d
  );
}
