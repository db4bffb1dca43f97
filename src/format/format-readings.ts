import { binaryType, isImage } from '../content-type.ts';
import type { Context } from '../context.ts';
import type { Entry, Fact, Report } from '../define.ts';
import type { Group } from '../operations/group.ts';
import type { Reading } from '../operations/read-targets.ts';
import { noRedaction, toRemoteText } from '../remote-text.ts';
import type { ReadOutcome } from '../ssh/files.ts';
import { formatBytes } from '../units.ts';
import { countOutcomes, summarize } from './count-outcomes.ts';
import { failedEntry } from './failed-entry.ts';
import { describeFacts, formatMode, formatTime } from './file-facts.ts';
import { formatListing } from './format-listing.ts';
import { hexHead } from './hex-head.ts';
import { showPath } from './names.ts';
import { saidBriefly } from './near-identical.ts';

const lineFeed = 0x0a;
/** What a file or listing is cut by. */
const bounds = 'SCOUT_MAX_FILE_SIZE, and SCOUT_MAX_OUTPUT_SIZE for all hosts together';

type Clean = Context['clean'];
type Outcome<What extends ReadOutcome['what']> = Extract<ReadOutcome, { what: What }>;

/** Files, directories and kept results as they were read, equal ones once under all their hosts. */
export function formatReadings(readings: readonly Reading[], { clean }: Pick<Context, 'clean'>): Report {
  const entries = readings.flatMap((reading) =>
    reading.kind === 'kept'
      ? [keptEntry(reading)]
      : [
          ...saidBriefly(reading.groups.map((group) => entryOf(reading, group, clean))),
          ...reading.failures.map((failure) => failedEntry(failure, reading.path)),
        ],
  );
  const summary = summaryOf(readings, entries);
  return { list: 'results', entries, ...(summary && { summary }) };
}

/** Only where hosts that read the same path differ: one outcome names its hosts, and targets are seen at a glance. */
function summaryOf(readings: readonly Reading[], entries: readonly Entry[]) {
  if (entries.length < 2) return undefined;
  const paths = readings.flatMap((reading) => (reading.kind === 'path' ? [reading] : []));
  if (paths.every(({ groups, failures }) => countOutcomes([...groups, ...failures]).total < 2))
    return undefined;
  const differing = paths.reduce((sum, { groups }) => sum + groups.length, 0);
  return summarize(entries, differing, { noun: paths.length === 1 ? 'hosts' : 'places', done: 'read' });
}

function keptEntry({ id, character, text, next }: Extract<Reading, { kind: 'kept' }>): Entry {
  const target = `result:${id}@${character}`;
  const more = next === undefined ? undefined : `result:${id}@${next}`;
  return {
    heading: more === undefined ? target : `${target}, read on with the target "${more}"`,
    facts: { target, ...(more !== undefined && { next: more }) },
    texts: { text: { text, stays: 'head', from: { id, character } } },
    tables: {},
  };
}

type Seen = Pick<Entry, 'hosts' | 'heading' | 'facts'>;

function entryOf(
  reading: Extract<Reading, { kind: 'path' }>,
  { hosts, values }: Group<ReadOutcome>,
  clean: Clean,
): Entry {
  const [outcome] = values;
  const { facts } = outcome;
  const described = describeFacts(facts);
  const times = values.map((value) => value.facts.modifiedMs);
  const isOne = times.length === 1;
  const first = isOne ? described.modified : formatTime(Math.min(...times));
  const last = isOne ? first : formatTime(Math.max(...times));
  const seen = {
    hosts,
    heading: [
      showPath(reading.path),
      `${formatMode(facts)} ${facts.owner}:${facts.group}`,
      formatBytes(facts.sizeBytes),
      first === last ? `modified ${first}` : `modified from ${first} to ${last}`,
    ].join(', '),
    facts: {
      path: reading.path,
      ...described,
      modified: first,
      ...(first !== last && { modified_last: last }),
    },
  };
  if (outcome.what === 'file') return fileEntry(seen, outcome, reading.firstLine, clean);
  if (outcome.what === 'directory') return directoryEntry(seen, outcome, reading, clean);
  const heading = `${seen.heading}, a ${facts.kind}: described, never opened`;
  return { ...seen, heading, texts: {}, tables: {} };
}

function fileEntry(seen: Seen, outcome: Outcome<'file'>, wantedLine: number, clean: Clean): Entry {
  const { content, truncated, reachedEnd, firstLine } = outcome;
  const type = binaryType(content);
  if (type !== undefined) return binaryEntry(seen, outcome, type, clean);
  const lines = countLines(content);
  const endsOpen = content.length > 0 && content.at(-1) !== lineFeed;
  const first = firstLine ?? wantedLine;
  const more: Record<string, Fact> =
    !reachedEnd && firstLine !== undefined ? { next_offset: firstLine + Math.max(1, lines) } : {};
  const notes = [
    wantedLine === 1 ? `${lines} lines` : `${lines} lines from line ${first}`,
    ...(reachedEnd && endsOpen ? ['no line feed at the end'] : []),
    ...(truncated ? [`cut at ${formatBytes(content.length)} (${bounds})`] : []),
    ...(truncated && endsOpen ? ['in the middle of a line that is longer'] : []),
    ...('next_offset' in more ? [`more follows: read on with offset ${more.next_offset}`] : []),
  ];
  return {
    ...seen,
    heading: [seen.heading, ...notes].join(', '),
    facts: {
      ...seen.facts,
      ...(wantedLine !== 1 && { first_line: first }),
      lines,
      truncated,
      ...(endsOpen && { final_newline: false }),
      ...more,
    },
    texts: { text: { text: clean(content), stays: 'head' } },
    tables: {},
  };
}

function binaryEntry(seen: Seen, outcome: Outcome<'file'>, type: string, clean: Clean): Entry {
  const { content, reachedEnd, truncated, firstLine } = outcome;
  const facts = { ...seen.facts, type };
  if (isImage(type) && reachedEnd && !truncated && firstLine === 1) {
    const image = { base64: Buffer.from(content).toString('base64'), mimeType: type };
    return { ...seen, heading: `${seen.heading}, ${type}`, facts, texts: {}, tables: {}, image };
  }
  const start = content.subarray(0, 4_096);
  if (clean(start) !== toRemoteText(start, noRedaction)) {
    const heading = `${seen.heading}, ${type}; its first bytes hold a secret and are not shown`;
    return { ...seen, heading, facts, texts: {}, tables: {} };
  }
  const head = toRemoteText(hexHead(content), noRedaction);
  return {
    ...seen,
    heading: `${seen.heading}, ${type}; its first bytes:`,
    facts,
    texts: { hex: { text: head, stays: 'head' } },
    tables: {},
  };
}

function directoryEntry(
  seen: Seen,
  { entries, truncated, unreadable }: Outcome<'directory'>,
  { firstLine, lines }: Pick<Extract<Reading, { kind: 'path' }>, 'firstLine' | 'lines'>,
  clean: Clean,
): Entry {
  const { rows: all } = formatListing(entries, clean);
  const start = firstLine < 0 ? Math.max(0, all.length + firstLine) : firstLine - 1;
  const end = lines === undefined ? all.length : start + lines;
  const rows = all
    .slice(start, end)
    .map((row, at) => (at === 0 ? { ...row, line: row.alone ?? row.line } : row));
  const notes = [
    // a machine names them in an order of its own, and all would have to travel to know the first
    truncated
      ? `${entries.length} entries of more, whichever came first, cut (${bounds})`
      : `${entries.length} entries`,
    ...(unreadable > 0 ? [`${unreadable} directories may not be read`] : []),
    ...(rows.length < all.length ? [`${rows.length} lines from line ${start + 1}`] : []),
    ...(end < all.length ? [`more follows: read on with offset ${end + 1}`] : []),
  ];
  return {
    ...seen,
    heading: [seen.heading, ...notes].join(', '),
    facts: {
      ...seen.facts,
      [truncated ? 'listed' : 'total']: entries.length,
      truncated,
      ...(unreadable > 0 && { unreadable }),
      ...(rows.length < all.length && { first_line: start + 1, lines: rows.length }),
      ...(end < all.length && { next_offset: end + 1 }),
    },
    texts: {},
    tables: { entries: { rows } },
  };
}

function countLines(content: Uint8Array): number {
  let lines = 0;
  for (let at = content.indexOf(lineFeed); at >= 0; at = content.indexOf(lineFeed, at + 1)) lines += 1;
  return content.length > 0 && content.at(-1) !== lineFeed ? lines + 1 : lines;
}
