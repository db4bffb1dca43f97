/** A text as it reads without what cannot be seen, and where each of its characters was. */
export interface View {
  readonly shown: string;
  readonly at: (place: number) => number;
}

/** Escape sequences (ECMA-48: CSI, OSC and the like), then whatever else is not seen; bytes that were no UTF-8. */
const hidden =
  /\x1b\[[0-?]{0,64}[ -/]{0,8}[@-~]|\x1b\][^\x07\x1b]{0,256}(?:\x07|\x1b\\)|\x1b[ -/]?[0-~]|(?![\n\t])\p{Cc}|\p{Cs}|\p{DI}|\p{Zl}|\p{Zp}|[\u2800\ufffd]/gu;
/** What divides fields or lines rather than hiding in a word. */
const divides = /^[\r\v\f\x1c-\x1e\x85\u2028\u2029]$/;

/** What follows a NUL where it ends a field, as in /proc/PID/environ and cmdline. */
const nextField = /^(?:--?\w|[A-Za-z_]\w{0,63}=|$)/;
const rare = /[\r\v\f\x1c-\x1e\x85\u2028\u2029]/;

/** Without all of it; and, where a NUL, CR or the like is among it, once more with line ends in their places. */
export function plainViews(text: string): readonly View[] {
  const bare = view(text, (sign, end) =>
    sign === '\0' && nextField.test(text.slice(end, end + 70)) ? '\n' : '',
  );
  const lined = view(text, (sign) => (sign === '\0' || divides.test(sign) ? '\n' : ''));
  return lined.shown === bare.shown || !rare.test(text) ? [bare] : [bare, lined];
}

function view(text: string, standIn: (sign: string, end: number) => string): View {
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
