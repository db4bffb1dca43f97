import { type FindRequest, type FoundLine, type FoundPath, longestLineBytes } from '../find.ts';
import type { OwnerTexts } from '../owner-text.ts';
import { RegexMachine } from '../regex-machine.ts';
import { parseFacts } from './parse-facts.ts';

const lineFeed = 0x0a;
/** Shown whole anyway. */
const shortLineBytes = 256;

/** Takes the records of `findScript` as they arrive, and keeps at most `limit` paths or lines. */
export class FoundRecords {
  readonly #request: FindRequest;
  readonly #machine: RegexMachine | undefined;
  readonly #owners: OwnerTexts = new Map();
  #parts: Buffer[] = [];
  #top: Buffer = Buffer.alloc(0);
  #found: FoundPath[] = [];
  #count = 0;
  receivedBytes = 0;
  /** More were found than are kept. */
  more = false;
  /** The reason of an `e` record. */
  failure: string | undefined;
  /** The target was reached and is being searched. */
  hasBegun = false;

  constructor(request: FindRequest) {
    this.#request = request;
    this.#machine = request.pattern && new RegexMachine(request.pattern.node);
  }

  push(chunk: Buffer): void {
    this.receivedBytes += chunk.length;
    let begin = 0;
    for (let end = chunk.indexOf(0); end >= 0; end = chunk.indexOf(0, begin)) {
      this.#take(Buffer.concat([...this.#parts.splice(0), chunk.subarray(begin, end)]));
      begin = end + 1;
    }
    if (begin < chunk.length) this.#parts.push(Buffer.from(chunk.subarray(begin)));
  }

  /** In byte order. Where the search was stopped, with the whole lines of a record that has not come whole. */
  end(): readonly FoundPath[] {
    const rest = Buffer.concat(this.#parts.splice(0));
    if (rest.length > 0 && rest.toString('latin1', 0, 1) === 'L')
      this.#take(rest.subarray(0, rest.lastIndexOf(lineFeed) + 1));
    return this.#found
      .filter((found) => this.#isWanted(found))
      .sort((a, b) => Buffer.compare(a.path, b.path));
  }

  /** Where a pattern is looked for, a path without a match is only one to which one may come. */
  #isWanted(found: FoundPath | undefined): boolean {
    return this.#request.pattern === undefined || found?.isBinary === true || (found?.lines.length ?? 0) > 0;
  }

  /** Where to look in a long line: the beginning, where the match is not found in what came of it. */
  #endOfMatch(text: Uint8Array): number {
    if (text.length <= shortLineBytes) return 0;
    try {
      return Math.max(0, this.#machine?.endOfMatch(text) ?? 0);
    } catch {
      return 0; // grep could afford what we cannot
    }
  }

  #take(record: Buffer): void {
    const kind = record.toString('latin1', 0, 1);
    const body = record.subarray(1);
    if (kind === 'e') this.failure = body.toString('latin1');
    else if (kind === 'T') {
      this.#top = body;
      this.hasBegun = true;
    } else if (kind === 'S' || kind === 'F') this.#takePath(body, kind === 'S');
    else this.#takeContent(kind === 'B', body);
  }

  #takePath(body: Buffer, counts: boolean): void {
    const parsed = parseFacts(body.toString('latin1'), this.#owners);
    if (!parsed || this.#isTooOld(parsed.facts.modifiedMs)) return;
    if (counts && this.#isFull()) return;
    if (!this.#isWanted(this.#found.at(-1))) this.#found.pop();
    const path = Buffer.from(parsed.rest.slice(1), 'latin1');
    const above = this.#top.length === 1 ? 0 : this.#top.length; // the root is a slash itself
    this.#found.push({ path: path.subarray(above + 1), facts: parsed.facts, lines: [], isBinary: false });
    if (counts) this.#count += 1;
  }

  /** find(1) was asked in whole minutes. */
  #isTooOld(modifiedMs: number): boolean {
    const { sinceMs } = this.#request;
    return sinceMs !== undefined && modifiedMs < Math.floor(sinceMs / 1_000) * 1_000;
  }

  #isFull(): boolean {
    if (this.#count >= this.#request.limit) this.more = true;
    return this.more;
  }

  #takeContent(isBinary: boolean, body: Buffer): void {
    const last = this.#found.at(-1);
    if (!last || last.isBinary || last.lines.length > 0) return; // the file itself was too old
    if (isBinary) {
      if (this.#isFull()) return;
      this.#count += 1;
      this.#found[this.#found.length - 1] = { ...last, isBinary };
      return;
    }
    const lines: FoundLine[] = [];
    let end = Number.POSITIVE_INFINITY;
    let around = 0;
    for (const line of linesOf(body)) {
      around = line.isMatch ? 0 : around + 1;
      if (around > 2 * this.#request.contextLines) break; // no grep prints so many between two matches
      if (line.isMatch && this.#isFull()) {
        const shown = lines.findLast(({ isMatch }) => isMatch)?.number;
        end = shown === undefined ? 0 : shown + this.#request.contextLines; // the rest stands around this one
        break;
      }
      if (line.isMatch) this.#count += 1;
      lines.push({ ...line, matchEnd: line.isMatch ? this.#endOfMatch(line.text) : 0 });
    }
    this.#found[this.#found.length - 1] = { ...last, lines: lines.filter(({ number }) => number <= end) };
  }
}

/** `12:text` matches, `11-text` is context, `--` stands between stretches that do not meet. */
function* linesOf(body: Buffer): Generator<Omit<FoundLine, 'matchEnd'>> {
  for (let begin = 0; begin < body.length; ) {
    const feed = body.indexOf(lineFeed, begin);
    const end = feed < 0 ? body.length : feed;
    const head = /^(\d+)([:-])/.exec(body.toString('latin1', begin, Math.min(end, begin + 24)));
    if (head) {
      const from = begin + head[0].length;
      const text = body.subarray(from, Math.min(end, from + longestLineBytes));
      yield { number: Number(head[1]), isMatch: head[2] === ':', text };
    }
    begin = end + 1;
  }
}
