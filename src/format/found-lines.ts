import type { Context } from '../context.ts';
import type { Row } from '../define.ts';
import { compose, join, type RemoteText, slice, toRemoteText } from '../remote-text.ts';
import type { FoundLine, FoundPath } from '../ssh/find.ts';

const lineFeed = Buffer.from('\n');
/** Of a line around its match, in UTF-16 units. */
const shownLength = 300;
/** So many bytes of UTF-8 that is at most. */
const mostShownBytes = 3 * shownLength;

/** The first lines that hold no more than `maxBytes`, as much as is shown of each. */
export function linesWithin(lines: readonly FoundLine[], maxBytes: number): readonly FoundLine[] {
  let roomBytes = maxBytes;
  const end = lines.findIndex(({ text }) => {
    roomBytes -= Math.min(text.length + 1, mostShownBytes);
    return roomBytes < 0;
  });
  return end < 0 ? lines : lines.slice(0, end);
}

/** A row for each line that was found in `path`, or that stands around one. */
export function foundLines(found: FoundPath, path: RemoteText, clean: Context['clean']): readonly Row[] {
  return stretches(found.lines).flatMap((lines) => {
    const texts = cleaned(lines, clean);
    return texts.map((text, index) => {
      const line = texts.length === lines.length ? lines[index] : undefined;
      return line ? lineRow(line, text, path) : unnumberedRow(text, path);
    });
  });
}

/**
 * The lines of a stretch are cleaned as one text: a private key is no secret line by line. A secret of several lines
 * becomes one, and which line is which is not known then.
 */
function cleaned(lines: readonly FoundLine[], clean: Context['clean']): readonly RemoteText[] {
  const bytes = Buffer.concat(lines.flatMap(({ text }, index) => (index > 0 ? [lineFeed, text] : [text])));
  const all = clean(bytes);
  const texts: RemoteText[] = [];
  for (let begin = 0; begin <= all.length; ) {
    const feed = all.indexOf('\n', begin);
    const end = feed < 0 ? all.length : feed;
    texts.push(slice(all, begin, end));
    begin = end + 1;
  }
  return texts;
}

/** Lines that follow each other. */
function stretches(lines: readonly FoundLine[]): readonly (readonly FoundLine[])[] {
  const all: FoundLine[][] = [];
  for (const line of lines) {
    const last = all.at(-1);
    if (last?.at(-1)?.number === line.number - 1) last.push(line);
    else all.push([line]);
  }
  return all;
}

function lineRow(
  { number, isMatch, text: bytes, matchEnd }: FoundLine,
  text: RemoteText,
  path: RemoteText,
): Row {
  const shown = around(text, toRemoteText(bytes.subarray(0, matchEnd)).length);
  const sign = toRemoteText(isMatch ? ':' : '-');
  return {
    line: compose`  ${number}${sign} ${shown}`,
    alone: compose`${path}${sign}${number}${sign} ${shown}`,
    facts: { line: number, text: shown, ...(!isMatch && { context: true }) },
  };
}

function unnumberedRow(text: RemoteText, path: RemoteText): Row {
  const shown = around(text, 0);
  return { line: compose`  ${shown}`, alone: compose`${path}: ${shown}`, facts: { text: shown } };
}

/** So much of a long line that what ends at `end` is in its middle. */
function around(text: RemoteText, end: number): RemoteText {
  if (text.length <= shownLength) return text;
  const begin = Math.max(0, Math.min(text.length - shownLength, end - Math.ceil(shownLength / 2)));
  const piece = slice(text, wholeFrom(text, begin), wholeFrom(text, begin + shownLength));
  return join(
    [toRemoteText(begin > 0 ? '…' : ''), piece, toRemoteText(begin + shownLength < text.length ? '…' : '')],
    '',
  );
}

/** Not between the halves of a surrogate pair. */
function wholeFrom(text: string, at: number): number {
  return /[\udc00-\udfff]/.test(text.charAt(at)) ? at + 1 : at;
}
