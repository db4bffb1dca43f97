import type { Anchored } from './anchors.ts';
import { base64Tail, lineStart, linesFrom, linesUp } from './lines.ts';
import type { Secret } from './secret.ts';

const kind = 'private-key';
/** The largest key that is looked for between its markers: a PGP block with its sub-keys. */
const mostBlockUnits = 128 * 1024;
const begin = /-{4,5} ?BEGIN [A-Z0-9 ]{0,40}$/;
const end = /-{4,5} ?END [A-Z0-9 ]{0,40}$/;
const headerLine =
  /(?:^|[^A-Za-z])(?:Proc-Type|DEK-Info|Comment|Version|Subject|Hash|Charset|X-[\w-]{1,40}):/;

/** PEM, OpenSSH and PGP blocks, and what is left of them where their beginning or their end was cut off. */
export const privateKeys: readonly Anchored[] = [
  { grams: ['priv'], rule: (text, at) => pemAt(text, at) ?? puttyAt(text, at) },
];

function pemAt(text: string, at: number): Secret | undefined {
  if (!text.startsWith('PRIVATE KEY', at)) return undefined;
  const before = text.slice(Math.max(0, at - 60), at);
  const opening = begin.exec(before);
  if (opening) return blockFrom(text, at - opening[0].length, at);
  const closing = end.exec(before);
  return closing ? blockUpTo(text, at - closing[0].length, afterMarker(text, at)) : undefined;
}

/** From a BEGIN line to its END line, or as far as lines look like the key's. */
function blockFrom(text: string, start: number, at: number): Secret | undefined {
  const bodyStart = afterMarker(text, at);
  const closing = closingAfter(text, bodyStart);
  if (closing !== undefined && hasMaterial(text.slice(bodyStart, closing))) {
    return { start, end: afterMarker(text, closing), kind };
  }
  if (closing !== undefined) return undefined; // a program or a manual that speaks of the markers
  const prefix = start - (lineStart(text, start) ?? start); // of grep -n, a journal and the like
  const stop = Math.min(text.length, bodyStart + mostBlockUnits);
  let last = bodyStart;
  for (const line of linesFrom(text, bodyStart, stop)) {
    const length = base64Tail(text, line);
    const shown = text.slice(line.start, Math.min(line.end, line.start + 200));
    const isBlank = line.end - line.start <= prefix + 12;
    if (headerLine.test(shown)) continue;
    const found = last > bodyStart;
    if (length >= 16 || (found && length > 0 && !/[a-z] [a-z]/i.test(shown))) last = line.end;
    else if (!isBlank) break;
    if (found && length < 16) break;
  }
  return last > bodyStart ? { start, end: last, kind } : undefined;
}

/** From the first line above an END line that looks like the key's. */
function blockUpTo(text: string, start: number, stop: number): Secret | undefined {
  let first = start;
  let shortLines = 0;
  for (const line of linesUp(text, start)) {
    const length = base64Tail(text, line);
    const isOwn = line.end === start; // what stands before the marker on its own line
    const isCutStart = line.start === 0 && length > 0;
    if (isOwn && length < 32) continue;
    if (length < 32 && !isCutStart && !(shortLines < 2 && length > 0 && isBelowBody(text, line.start))) break;
    shortLines = length >= 32 ? 2 : shortLines + 1;
    first = line.start;
    if (start - first > mostBlockUnits) break;
  }
  return first < start ? { start: first, end: stop, kind } : undefined;
}

/** One of the two lines above ends like those of a key's body, or the text was cut there. */
function isBelowBody(text: string, start: number): boolean {
  const [, first, second] = linesUp(text, start);
  return [first, second].some((line) => {
    const length = line ? base64Tail(text, line) : 0;
    return length >= 32 || (line?.start === 0 && length > 0);
  });
}

/** Where the marker at `at` is over: its dashes, where they are there. */
function afterMarker(text: string, at: number): number {
  const rest = /^PRIVATE KEY(?: BLOCK)?(?: ?-{1,5})?/.exec(text.slice(at, at + 40));
  return at + (rest?.[0].length ?? 0);
}

/** Where `PRIVATE KEY` of the next END marker is, if no other BEGIN comes before it. */
function closingAfter(text: string, from: number): number | undefined {
  for (let at = text.indexOf('PRIVATE KEY', from); at >= 0 && at - from < mostBlockUnits; ) {
    const before = text.slice(Math.max(from, at - 60), at);
    if (end.test(before)) return at;
    if (begin.test(before)) return undefined;
    at = text.indexOf('PRIVATE KEY', at + 1);
  }
  return undefined;
}

function hasMaterial(body: string): boolean {
  return /[A-Za-z0-9+/=]{20}/.test(body) && /\d/.test(body);
}

/** `Private-Lines: 14` and as many lines of base64; `Private-MAC:` is a MAC of the key. */
function puttyAt(text: string, at: number): Secret | undefined {
  if (text.startsWith('Private-MAC:', at)) return blockUpTo(text, lineStart(text, at) ?? at, at);
  const head = /^Private-Lines: (\d{1,4})/.exec(text.slice(at, at + 24));
  if (!head) return undefined;
  const bodyStart = at + head[0].length;
  let left = Number(head[1]) + 1;
  let last = bodyStart;
  for (const line of linesFrom(text, bodyStart, Math.min(text.length, bodyStart + mostBlockUnits))) {
    if (line.start > bodyStart && base64Tail(text, line) === 0) break;
    last = line.end;
    left -= 1;
    if (left <= 0) break;
  }
  return last > bodyStart ? { start: bodyStart, end: last, kind } : undefined;
}
