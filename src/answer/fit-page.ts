import type { LateText } from '../context.ts';
import type { Entry, Fact, RowsBody, TextBody } from '../define.ts';
import { ScoutError } from '../errors.ts';
import { join, type RemoteText, slice, toRemoteText } from '../remote-text.ts';
import { mostUnits } from './kept-results.ts';
import { costsAtMost, headWithin, shortened, tailWithin } from './text-cost.ts';

/** A text of which a page shows the beginning and perhaps the end. */
export interface ShownText {
  readonly head: RemoteText;
  readonly tail?: RemoteText;
  readonly rest?: Rest;
  /** It is a diff against the text of that host; `whole` is the target of the text itself. */
  readonly brief?: { readonly against: string; readonly whole: string };
}

export interface ShownTable {
  readonly header?: string;
  readonly rows: RowsBody['rows'];
  readonly rest?: Rest;
}

export interface ShownHosts {
  readonly names: readonly string[];
  readonly total: number;
  readonly rest?: Rest;
}

/** Where what is not shown can be read: a target of scout_read. */
export interface Rest {
  readonly target: string;
  readonly hiddenBytes: number;
}

export interface ShownEntry extends Omit<Entry, 'hosts' | 'texts' | 'tables'> {
  readonly hosts?: ShownHosts;
  readonly texts: Readonly<Record<string, ShownText>>;
  readonly tables: Readonly<Record<string, ShownTable>>;
}

/** Keeps a text and answers the target under which it can be read from that character on. */
export type KeepRest = (text: () => RemoteText | LateText, character: number) => string;

/** How much of everything is shown, in bytes as `costOf` counts them. */
export interface Measure {
  /** Of each text, table and list of hosts: smaller ones are whole, larger ones are cut here, and the rest kept. */
  readonly bodyBytes: number;
  /** Of each heading, fact and error: words of this program and its caller, cut without keeping the rest. */
  readonly wordsBytes: number;
  /** Texts that could be said by a diff against another's are whole all the same. */
  readonly noBriefs?: boolean;
}

/** Entries as they are shown by a measure; what is cut from their bodies goes to `keep`. */
export function fitEntries(
  entries: readonly Entry[],
  { bodyBytes, wordsBytes, noBriefs = false }: Measure,
  keep: KeepRest,
): readonly ShownEntry[] {
  return entries.map(({ hosts, heading, facts, texts, tables, error, image }) => ({
    heading: shortened(heading, wordsBytes),
    facts: mapValues(facts, (fact) => fitFact(fact, wordsBytes)),
    texts: mapValues(texts, (body) => (noBriefs ? fitText : fitBrief)(body, bodyBytes, keep)),
    tables: mapValues(tables, (body) => fitTable(body, bodyBytes, keep)),
    ...(hosts && { hosts: fitHosts(hosts, bodyBytes, keep) }),
    ...(error && { error: fitError(error, wordsBytes) }),
    ...(image && { image }),
  }));
}

/**
 * An error whose two sentences cost at most `wordsBytes` each. What they say of a machine was cleaned where it was
 * met; that nothing is in them that must not be seen, a secret among a caller's own words included, is made sure here.
 */
export function fitError(error: ScoutError, wordsBytes: number): ScoutError {
  const message = shortened(toRemoteText(error.message), wordsBytes);
  const fix = shortened(toRemoteText(error.fix), wordsBytes);
  if (message === error.message && fix === error.fix) return error;
  return new ScoutError(error.code, message, fix, error.cause);
}

function fitFact(fact: Fact, wordsBytes: number): Fact {
  return typeof fact === 'string' ? shortened(fact, wordsBytes) : fact;
}

function fitBrief(body: TextBody, bodyBytes: number, keep: KeepRest): ShownText {
  const { text, brief } = body;
  if (!brief) return fitText(body, bodyBytes, keep);
  const shown = fitText({ text: brief.diff, stays: 'head' }, bodyBytes, keep);
  return { ...shown, brief: { against: brief.against, whole: keep(() => text, 0) } };
}

function fitText(body: TextBody, bodyBytes: number, keep: KeepRest): ShownText {
  const { text, stays, from, longer } = body;
  if (longer)
    return bodyBytes < longer.units ? fitLonger(text, longer, bodyBytes, keep) : { head: longer.whole() };
  if (costsAtMost(text, bodyBytes)) return { head: text };
  const headBytes = stays === 'head' ? bodyBytes : stays === 'tail' ? 0 : Math.ceil(bodyBytes / 2);
  const head = slice(text, 0, headLength(text, headBytes));
  const tail =
    stays === 'head' ? undefined : slice(text, text.length - tailLength(text, bodyBytes - headBytes));
  const hidden = text.slice(head.length, text.length - (tail?.length ?? 0));
  const target = from ? `result:${from.id}@${from.character + head.length}` : keep(() => text, head.length);
  const rest = { target, hiddenBytes: Buffer.byteLength(hidden) };
  return { head, ...(tail !== undefined && { tail }), rest };
}

/** Both ends of a text that no page shows whole. What is hidden is counted in units that are about bytes. */
function fitLonger(
  text: RemoteText,
  longer: NonNullable<TextBody['longer']>,
  bodyBytes: number,
  keep: KeepRest,
): ShownText {
  const head = slice(text, 0, headLength(text, Math.ceil(bodyBytes / 2)));
  const tail = slice(longer.tail, longer.tail.length - tailLength(longer.tail, Math.floor(bodyBytes / 2)));
  const target = keep(() => longer, head.length);
  return { head, tail, rest: { target, hiddenBytes: longer.units - head.length - tail.length } };
}

function fitTable(table: RowsBody, bodyBytes: number, keep: KeepRest): ShownTable {
  const { rows, header } = table;
  if (bodyBytes === Number.POSITIVE_INFINITY) return table;
  const count = costsOf(rows).findIndex((used) => used > bodyBytes);
  if (count < 0) return table;
  const hidden = rows.slice(count);
  const hiddenBytes = hidden.reduce((sum, { line }) => sum + Buffer.byteLength(line) + 1, 0);
  const whole = () => {
    const lines = hidden.map((row) => row.alone ?? row.line);
    let units = 0;
    // thousands of lines that each name a path of megabytes are more than any string holds
    const end = lines.findIndex((line) => {
      units += line.length;
      return units > mostUnits;
    });
    const kept = end < 0 ? lines : lines.slice(0, end + 1);
    return join([...(header === undefined ? [] : [toRemoteText(header)]), ...kept], '\n');
  };
  return { ...table, rows: rows.slice(0, count), rest: { target: keep(whole, 0), hiddenBytes } };
}

/** The first name is always shown: an outcome of nobody would be none. */
function fitHosts(hosts: readonly string[], bodyBytes: number, keep: KeepRest): ShownHosts {
  let used = 0;
  const count = hosts.findIndex((host, index) => {
    used += host.length + 4;
    return index > 0 && used > bodyBytes;
  });
  if (count < 0) return { names: hosts, total: hosts.length };
  const hidden = hosts.slice(count).join('\n');
  const rest = { target: keep(() => toRemoteText(hidden), 0), hiddenBytes: Buffer.byteLength(hidden) };
  return { names: hosts.slice(0, count), total: hosts.length, rest };
}

/** What the rows up to each of them cost together; a page is tried in many sizes before it is shown. */
function costsOf(rows: RowsBody['rows']): readonly number[] {
  let used = 0;
  const costs = knownCosts.get(rows) ?? rows.map((row) => (used += rowCost(row)));
  knownCosts.set(rows, costs);
  return costs;
}

const knownCosts = new WeakMap<RowsBody['rows'], readonly number[]>();

function rowCost({ line, facts }: RowsBody['rows'][number]): number {
  return Math.max(Buffer.byteLength(line), Buffer.byteLength(JSON.stringify(facts))) + 1;
}

/** To a line end, if one is in the second half. */
function headLength(text: string, bytes: number): number {
  const most = headWithin(text, bytes);
  const lineEnd = text.lastIndexOf('\n', most - 1) + 1;
  return lineEnd > most / 2 && lineEnd <= most ? lineEnd : most;
}

/** From a line start, if one is in the first half. */
function tailLength(text: string, bytes: number): number {
  const most = tailWithin(text, bytes);
  const lineStart = text.indexOf('\n', text.length - most) + 1;
  const length = text.length - lineStart;
  return lineStart > 0 && length > most / 2 ? length : most;
}

function mapValues<A, B>(values: Readonly<Record<string, A>>, change: (value: A) => B): Record<string, B> {
  const changed: Record<string, B> = {};
  for (const [name, value] of Object.entries(values)) changed[name] = change(value);
  return changed;
}
