import { longestLineBytes } from './audit-line.ts';
import { parseAuditLine, splitLine } from './parse-audit-line.ts';
import { readLines } from './read-lines.ts';
import { RunChain, type RunReport } from './run-chain.ts';

/** Where in the files something is: the name as it was given, and the number of the line, from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
}

export interface AuditReport {
  /** No line was changed, removed, moved or put in, as far as the lines themselves can tell. */
  readonly whole: boolean;
  /** In the order of their first lines. */
  readonly runs: readonly RunReport[];
  /** Lines that belong to no run, or to no known one. */
  readonly problems: readonly (Place & { readonly why: string })[];
  /** What is no fault: torn lines, lines without an end. */
  readonly notes: readonly (Place & { readonly what: string })[];
  /** How many problems and notes there are; only the first of them are listed. */
  readonly problemCount: number;
  readonly noteCount: number;
  /** Head hashes that were asked for and are on no line. */
  readonly missingHeads: readonly string[];
}

export interface AuditFileSource {
  readonly name: string;
  readonly chunks: AsyncIterable<Buffer>;
}

const mostListed = 20;
/** More runs are more than one log holds that is rotated now and then. */
const mostRuns = 500_000;

/**
 * Is an audit log whole? `files` are read one after another, oldest first, as parts of one log (docs/audit.md);
 * `heads` are hashes that were logged elsewhere and must be there. Memory grows with the runs, not the lines.
 */
export async function verifyAudit(
  files: readonly AuditFileSource[],
  heads: readonly string[],
): Promise<AuditReport> {
  const runs = new Map<string, RunChain>();
  const missing = new Set(heads);
  const problems = new FirstOnes<Place & { readonly why: string }>(mostListed);
  const notes = new FirstOnes<Place & { readonly what: string }>(mostListed);

  const takeLine = (bytes: Buffer, place: Place) => {
    const parsed = parseAuditLine(bytes);
    if (parsed.kind === 'torn') notes.add({ ...place, what: 'torn: only its beginning could be written' });
    else if (parsed.kind === 'wrong') {
      const run = parsed.run === undefined ? undefined : runs.get(parsed.run);
      if (run) run.break(place, parsed.why);
      else problems.add({ ...place, why: parsed.why });
    } else {
      const { line } = parsed;
      const run = runs.get(line.run) ?? new RunChain(line.run);
      if (runs.size < mostRuns) runs.set(line.run, run);
      else if (!runs.has(line.run))
        problems.add({ ...place, why: 'there are more runs than can be followed' });
      run.take(line, place);
      missing.delete(line.hash);
    }
  };

  for (const { name, chunks } of files) {
    for await (const { number, bytes, isEnded } of readLines(chunks, longestLineBytes)) {
      const place = { file: name, line: number };
      if (!bytes) problems.add({ ...place, why: 'it is longer than any line of an audit log' });
      else if (bytes.length > 0) {
        const parts = splitLine(bytes);
        if (parts.length > 1) notes.add({ ...place, what: 'several lines without a line feed between them' });
        for (const part of parts) takeLine(part, place);
        if (!isEnded) notes.add({ ...place, what: 'the last line has no line feed' });
      }
    }
  }
  const reports = [...runs.values()].map((run) => run.report());
  return {
    whole: reports.every(({ broken }) => !broken) && problems.count === 0 && missing.size === 0,
    runs: reports,
    problems: problems.listed,
    notes: notes.listed,
    problemCount: problems.count,
    noteCount: notes.count,
    missingHeads: [...missing],
  };
}

/** A hostile file has as many faults as lines. */
class FirstOnes<T> {
  readonly listed: T[] = [];
  readonly #most: number;
  count = 0;

  constructor(most: number) {
    this.#most = most;
  }

  add(one: T): void {
    this.count += 1;
    if (this.listed.length < this.#most) this.listed.push(one);
  }
}
