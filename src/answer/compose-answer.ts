import type { KeptResults } from '../context.ts';
import type { Entry, Report } from '../define.ts';
import { formatError, type ScoutError } from '../errors.ts';
import { renderEntry, structureEntry } from '../format/render.ts';
import { randomHex } from '../random-hex.ts';
import { join, type RemoteText } from '../remote-text.ts';
import { fitEntries, fitError, type KeepRest, type Measure, type ShownEntry } from './fit-page.ts';
import { Redactions } from './redactions.ts';

/** What a caller gets: the same facts as text and as an object. */
export interface Answer {
  readonly text: string;
  /** What the markers around remote text carry in this answer. */
  readonly nonce: string;
  readonly structured: Record<string, unknown>;
  readonly isError: boolean;
  readonly images: readonly { readonly base64: string; readonly mimeType: string }[];
  /** The code that the whole answer failed with. */
  readonly error?: ScoutError;
}

type Page = Pick<Answer, 'text' | 'structured' | 'images'>;

/** Less of a body says nothing; rather fewer outcomes are shown. */
const leastBodyBytes = 128;
const leastWordsBytes = 256;

/**
 * One page of a report: neither its text nor its structured form, as JSON, has more than `pageBytes` bytes. Texts
 * share it fairly, and as many outcomes are shown as there is room for. What does not fit is kept and named.
 */
export function composeAnswer(
  report: Report,
  pageBytes: number,
  kept: KeptResults,
  redactions = new Redactions(),
): Answer {
  const nonce = newNonce();
  const { entries } = report;
  for (const { error } of entries) if (error) redactions.countIn(error);
  const wordsBytes = wordsBytesOf(pageBytes);
  const page = (count: number, bodyBytes: number, keep: KeepRest) =>
    composePage(report, count, { bodyBytes, wordsBytes }, nonce, keep, redactions);
  const size = (count: number, bodyBytes: number) => sizeOf(page(count, bodyBytes, measuredTarget));
  const keepRest: KeepRest = (text, character) => targetOf(kept.keep(text()), character);
  const everything = Number.POSITIVE_INFINITY;
  const wholePage = () => {
    if (quickSize(entries) > pageBytes) return undefined;
    let keepsRest = false; // a brief has its whole text kept
    const measured = page(entries.length, everything, (text, character) => {
      keepsRest = true;
      return measuredTarget(text, character);
    });
    if (sizeOf(measured) > pageBytes) return undefined;
    return keepsRest ? page(entries.length, everything, keepRest) : measured;
  };
  const partPage = () => {
    const count = most(0, entries.length, 1, (n) => size(n, leastBodyBytes), pageBytes);
    const sizeAt = (bytes: number) => size(count, bytes);
    const bodyBytes = most(leastBodyBytes, pageBytes, pageBytes / 128, sizeAt, pageBytes);
    return page(count, bodyBytes, keepRest);
  };
  const shown = wholePage() ?? partPage();
  const failures = entries.flatMap(({ error }) => (error ? [error] : []));
  const isError = failures.length > 0 && failures.length === entries.length;
  return {
    ...shown,
    nonce,
    isError,
    ...(isError && failures[0] && { error: fitError(failures[0], wordsBytes) }),
  };
}

/** The answer of a call that failed as a whole. */
export function composeFailure(error: ScoutError, list: string, pageBytes: number): Answer {
  const shown = fitError(error, wordsBytesOf(pageBytes));
  const { code, message, fix } = shown;
  return {
    text: formatError(shown),
    nonce: newNonce(),
    structured: { [list]: [], error: { code, message, fix } },
    isError: true,
    images: [],
    error,
  };
}

/** The first `count` outcomes by a measure, and where the others are. */
function composePage(
  { entries, list, summary }: Report,
  count: number,
  measure: Measure,
  nonce: string,
  keep: KeepRest,
  redactions: Redactions,
): Page {
  const shown = fitEntries(entries.slice(0, count), measure, keep);
  const hidden = entries.slice(count);
  const rest = hidden.length === 0 ? undefined : keep(() => wholeText(hidden, nonce), 0);
  const isAlone = entries.length === 1;
  const lines = [
    ...(summary ? [summary.line] : []),
    ...shown.map((entry) => renderEntry(entry, nonce, isAlone)),
    ...(rest === undefined ? [] : [`[${hidden.length} more results: read on with the target "${rest}"]`]),
    ...(redactions.line === undefined ? [] : [redactions.line]),
    ...(redactions.total > 0 && looksAlike(entries) ? [onlySecretsDiffer] : []),
  ];
  return {
    text: lines.join('\n\n'),
    structured: {
      [list]: shown.map(structureEntry),
      ...summary?.facts,
      ...(redactions.total > 0 && { redacted: redactions.total }),
      ...(rest !== undefined && { more_results: hidden.length, rest }),
    },
    images: shown.flatMap(({ image }) => (image ? [image] : [])),
  };
}

/** Outcomes are put together by their bytes, before anything is replaced: some may then look the same. */
const onlySecretsDiffer = '[outcomes above that look the same differ in what was redacted]';

function looksAlike(entries: readonly Entry[]): boolean {
  const seen = new Set<string>();
  return entries.some(({ texts }) => {
    const bodies = Object.values(texts);
    if (bodies.some(({ longer }) => longer)) return false; // of which most is not looked at
    const text = bodies.map((body) => body.text).join('\0');
    const isAgain = text.includes('[redacted:') && seen.has(text);
    seen.add(text);
    return isAgain;
  });
}

function wholeText(entries: readonly Entry[], nonce: string): RemoteText {
  const all = Number.POSITIVE_INFINITY;
  const everything = { bodyBytes: all, wordsBytes: all, noBriefs: true };
  const whole: readonly ShownEntry[] = fitEntries(entries, everything, () => '');
  // every text in it was cleaned, and the rest are our own words
  return join(
    whole.map((entry) => `${renderEntry(entry, nonce, false)}\n` as RemoteText),
    '\n',
  );
}

/**
 * The largest number from `low` to `high`, within `tolerance`, whose size is within `limit`; `low` where none is known
 * to be. By halves, and in turn where the size would be right if it grew as the number does, which it mostly does.
 */
function most(
  low: number,
  high: number,
  tolerance: number,
  sizeAt: (value: number) => number,
  limit: number,
): number {
  let over = sizeAt(high) - limit;
  if (high <= low || over <= 0) return Math.max(low, high);
  let [fitting, tooMuch, room] = [low, high, Number.POSITIVE_INFINITY];
  for (let turn = 0; tooMuch - fitting > tolerance && room > tolerance; turn += 1) {
    const aim = room < over ? fitting + room : tooMuch - over;
    const isAim = turn % 2 === 0 && aim > fitting && aim < tooMuch;
    const value = isAim ? aim : Math.floor((fitting + tooMuch) / 2);
    if (value === fitting) break;
    const more = sizeAt(value) - limit;
    if (more <= 0) [fitting, room] = [value, -more];
    else [tooMuch, over] = [value, more];
  }
  return fitting;
}

function sizeOf({ text, structured }: Page): number {
  return Math.max(Buffer.byteLength(text), Buffer.byteLength(JSON.stringify(structured)));
}

/** No more than the page will have, quickly: what is far too long need not be put together to be measured. */
function quickSize(entries: readonly Entry[]): number {
  return entries.reduce(
    (sum, { texts, tables }) =>
      sum +
      Object.values(texts).reduce((length, { text, brief }) => length + (brief?.diff ?? text).length, 0) +
      Object.values(tables).reduce((length, { rows }) => length + rows.length, 0),
    0,
  );
}

function wordsBytesOf(pageBytes: number): number {
  return Math.max(leastWordsBytes, Math.floor(pageBytes / 8));
}

function targetOf(id: string, character: number): string {
  return `result:${id}${character > 0 ? `@${character}` : ''}`;
}

/** As long as the target that a kept text will have. */
function measuredTarget(_text: () => unknown, character: number): string {
  return targetOf('0'.repeat(12), character);
}

function newNonce(): string {
  return randomHex(12);
}
