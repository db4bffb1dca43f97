/** A text as it reads without what cannot be seen, and where each of its characters was. */
export interface View {
  readonly shown: string;
  readonly at: (place: number) => number;
}

/** Escape sequences (ECMA-48: CSI, OSC and the like). */
const sequence = /\x1b\[[0-?]{0,64}[ -/]{0,8}[@-~]|\x1b\][^\x07\x1b]{0,256}(?:\x07|\x1b\\)|\x1b[ -/]?[0-~]/g;
/** A run of those, of whatever else is not seen, and of bytes that were no UTF-8; not longer than V8's matcher has room for. */
const hidden = new RegExp(
  `(?:${sequence.source}|\\x1b|[\\0-\\x08\\x0b-\\x1a\\x1c-\\x1f\\x7f-\\x9f\\p{Cs}\\p{DI}\\p{Zl}\\p{Zp}\\u2800\\ufffd]{1,4096}){1,64}`,
  'gu',
);
/** What does not divide fields or lines, but hides in a word. */
const undivided = /[^\0\r\v\f\x1c-\x1e\x85\u2028\u2029]+/g;

/** What follows a NUL where it ends a field, as in /proc/PID/environ and cmdline. */
const nextField = /--?\w|[A-Za-z_]\w{0,63}=|$/y;
const rare = /[\r\v\f\x1c-\x1e\x85\u2028\u2029]/;

/** Without all of it; and, where a NUL, CR or the like is among it, once more with line ends in their places. */
export function plainViews(text: string): readonly View[] {
  const bare = view(text, (run, end) => {
    if (!run.endsWith('\0')) return '';
    nextField.lastIndex = end;
    return nextField.test(text) ? '\n' : '';
  });
  if (!rare.test(text)) return [bare];
  const lined = view(text, (run) => '\n'.repeat(run.replace(sequence, '').replace(undivided, '').length));
  return lined.shown === bare.shown ? [bare] : [bare, lined];
}

function view(text: string, standIn: (run: string, end: number) => string): View {
  const pieces: string[] = [];
  /** Where kept pieces begin in `shown`, and in the text. */
  const shownStarts: number[] = [0];
  const starts: number[] = [0];
  let [length, done] = [0, 0];
  for (const match of text.matchAll(hidden)) {
    const kept = text.slice(done, match.index);
    const instead = standIn(match[0], match.index + match[0].length);
    if (kept !== '' || instead !== '') {
      pieces.push(kept, instead);
      length += kept.length + instead.length;
    }
    done = match.index + match[0].length;
    shownStarts.push(length);
    starts.push(done);
  }
  pieces.push(text.slice(done));
  return { shown: pieces.join(''), at: (place) => original(place, shownStarts, starts) };
}

function original(place: number, shownStarts: readonly number[], starts: readonly number[]): number {
  let [low, high] = [0, shownStarts.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((shownStarts[middle] ?? 0) <= place) low = middle;
    else high = middle - 1;
  }
  return (starts[low] ?? 0) + place - (shownStarts[low] ?? 0);
}
