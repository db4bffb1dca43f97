import type { ScoutError } from '../../errors.ts';
import type { Reply } from '../ask/questions.ts';

/** One entry of a log; what it says is as it came, and must be cleaned to be shown. */
export interface LogLine {
  /** With its time in front, as it is to be read; more than one line where the entry has several. */
  readonly text: string;
  /** Milliseconds since 1970, where its time is known. */
  readonly atMs?: number | undefined;
}

/** The newest lines of one log of one host, oldest first. */
export interface HostLog {
  /** What was read, in our own words: `the journal`, a path, a container. */
  readonly from: string;
  readonly lines: readonly LogLine[];
  /** What the reader must know of them, in our own words. */
  readonly notes: readonly string[];
  /** How far the clock of the host is ahead of ours, where it is further than the answer took. */
  readonly aheadMs?: number | undefined;
}

/** A log that is not there, or that the account may not read. */
export class Unread {
  readonly error: ScoutError;

  constructor(error: ScoutError) {
    this.error = error;
  }
}

/** Times in ms, one a line: a line without one stands where the line before it stands, the first where the next does. */
export function placesOf(lines: readonly LogLine[]): readonly number[] {
  let lastMs = lines.find(({ atMs }) => atMs !== undefined)?.atMs ?? Number.NEGATIVE_INFINITY;
  return lines.map(({ atMs }) => {
    lastMs = atMs ?? lastMs;
    return lastMs;
  });
}

/** Lines in the order of their times; those of the same time as they were. */
export function inOrder(lines: readonly LogLine[]): readonly LogLine[] {
  const places = placesOf(lines);
  return lines
    .map((line, at) => ({ line, place: places[at] ?? 0, at }))
    .sort((a, b) => (a.place === b.place ? a.at - b.at : a.place < b.place ? -1 : 1))
    .map(({ line }) => line);
}

export const partNote = 'a line that is longer is shown in part';

/**
 * The lines of a reply; without the first where it was cut to the newest `most` bytes, and may be half a line: unless
 * that is all there is.
 */
export function linesOfReply(
  { text, bytes }: Pick<Reply, 'text' | 'bytes'>,
  most: number,
): { lines: readonly string[]; isCut: boolean; isPart: boolean } {
  const isCut = bytes >= most;
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  const isPart = isCut && lines.length === 1;
  return { lines: isCut && !isPart ? lines.slice(1) : lines, isCut, isPart };
}

/** A further line of an entry is set in, so that it cannot pass for an entry of its own. */
export function setIn(text: string): string {
  return text.replace(/\r?\n/g, '\n    ');
}
