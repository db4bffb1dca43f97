import type { DenyPaths } from '../../deny-paths.ts';
import type { ScoutError } from '../../errors.ts';
import type { FileFacts } from '../files.ts';
import {
  type FindOutcome,
  type FindRequest,
  type FoundLine,
  type FoundPath,
  longestLineBytes,
} from '../find.ts';
import { tooMuchFound } from '../find-error.ts';
import { nameMachine } from '../name-machine.ts';
import { RegexMachine } from '../regex-machine.ts';
import type { Handles } from './handles.ts';
import { readChunks } from './read-chunks.ts';
import type { Ask } from './session.ts';
import { statusOf } from './sftp-error.ts';

const lineFeed = 0x0a;
/** A larger file would have to travel to be searched. */
const largestFileBytes = 1024 * 1024;
/** How many times what may be shown may be read. */
const readFactor = 4;

/** Looks at one path after the other, and keeps what `request` asks for. */
export class Search {
  readonly #ask: Ask;
  readonly #handles: Handles;
  readonly #top: string;
  readonly #request: FindRequest;
  readonly #denies: (path: string) => boolean;
  readonly #name: RegexMachine | undefined;
  readonly #pattern: RegexMachine | undefined;
  readonly #found: FoundPath[] = [];
  #count = 0;
  #readBytes = 0;
  #more = false;
  #skipped = 0;
  unreadable = 0;
  denied = 0;

  constructor(ask: Ask, handles: Handles, top: string, request: FindRequest, denied: DenyPaths) {
    this.#ask = ask;
    this.#handles = handles;
    this.#top = top;
    this.#request = request;
    this.#denies = (path) => denied.denies(path);
    this.#name = request.name && nameMachine(request.name);
    this.#pattern = request.pattern && new RegexMachine(request.pattern.node);
  }

  get isFull(): boolean {
    return this.#more;
  }

  outcome(stopped?: ScoutError): FindOutcome {
    return {
      found: this.#found.sort((a, b) => Buffer.compare(a.path, b.path)),
      more: this.#more,
      unreadable: this.unreadable,
      denied: this.denied,
      skipped: this.#skipped,
      ...(stopped && { stopped }),
    };
  }

  /** Whether it is what is asked for, before its content is looked at. */
  isWanted(name: string, facts: FileFacts): boolean {
    const { type, sinceMs, largerThanBytes, pattern } = this.#request;
    const kind = pattern ? 'file' : type;
    if (kind !== undefined && facts.kind !== kind) return false;
    if (sinceMs !== undefined && facts.modifiedMs < Math.floor(sinceMs / 1_000) * 1_000) return false;
    if (largerThanBytes !== undefined && facts.sizeBytes <= largerThanBytes) return false;
    return !this.#name || this.#name.endOfMatch(Buffer.from(name)) >= 0;
  }

  /** Look at what is wanted. `below`: its path below the top. Rejects with `output_limit` when too much would be read. */
  async look(below: string, facts: FileFacts): Promise<void> {
    const path = Buffer.from(below);
    if (!this.#pattern) {
      this.#keep({ path, facts, lines: [], isBinary: false }, 1);
      return;
    }
    const real = below === '' ? this.#top : `${this.#top === '/' ? '' : this.#top}/${below}`;
    if (this.#denies(real)) this.denied += 1;
    else if (facts.sizeBytes > largestFileBytes) this.#skipped += 1;
    else await this.#lookInside(real, path, facts, this.#pattern);
  }

  #keep(found: FoundPath, count: number): void {
    if (this.#count + count > this.#request.limit) this.#more = true;
    else {
      this.#count += count;
      this.#found.push(found);
    }
  }

  async #lookInside(real: string, path: Uint8Array, facts: FileFacts, pattern: RegexMachine): Promise<void> {
    const content = await this.#read(real, facts.sizeBytes);
    if (!content) return;
    if (content.includes(0)) {
      if (linesIn(content).some((line) => pattern.endOfMatch(line) >= 0))
        this.#keep({ path, facts, lines: [], isBinary: true }, 1);
      return;
    }
    const lines = this.#linesAround(linesIn(content), pattern);
    if (lines.length > 0) this.#keep({ path, facts, lines, isBinary: false }, 0);
  }

  /** The lines that match, as many as there is room for, among those around them. */
  #linesAround(all: readonly Uint8Array[], pattern: RegexMachine): readonly FoundLine[] {
    const { contextLines, limit } = this.#request;
    const ends = new Map<number, number>();
    let stop = all.length;
    for (const [index, text] of all.entries()) {
      const end = pattern.endOfMatch(text);
      if (end < 0) continue;
      if (this.#count >= limit) {
        this.#more = true;
        stop = index; // around the others it would pass for a line that does not match
        break;
      }
      this.#count += 1;
      ends.set(index, end);
    }
    const shown = new Set<number>();
    for (const index of ends.keys())
      for (let at = Math.max(0, index - contextLines); at <= index + contextLines && at < stop; at += 1)
        shown.add(at);
    return [...shown]
      .sort((a, b) => a - b)
      .map((index) => ({
        number: index + 1,
        isMatch: ends.has(index),
        text: Buffer.from(all[index]?.subarray(0, longestLineBytes) ?? []),
        matchEnd: ends.get(index) ?? 0,
      }));
  }

  async #read(path: string, sizeBytes: number): Promise<Buffer | undefined> {
    try {
      const { handle, first } = await this.#handles.open(
        this.#ask,
        (sftp, done) => sftp.open(path, 'r', done),
        (opened) => {
          const content = this.#contentOf(opened, sizeBytes);
          content.catch(() => {}); // awaited below, unless the file is not opened
          return content;
        },
      );
      try {
        return await first;
      } finally {
        this.#handles.closeLater(this.#ask, handle);
      }
    } catch (error) {
      if (statusOf(error) === undefined) throw error;
      this.unreadable += 1;
      return undefined;
    }
  }

  async #contentOf(handle: Buffer, sizeBytes: number): Promise<Buffer> {
    const chunks: Buffer[] = [];
    const range = { startByte: 0, endByte: largestFileBytes, sizeBytes };
    for await (const chunk of readChunks(this.#ask, handle, range)) {
      chunks.push(chunk);
      this.#readBytes += chunk.length;
      if (this.#readBytes > this.#request.maxBytes * readFactor) throw tooMuchFound(this.#readBytes);
    }
    return Buffer.concat(chunks);
  }
}

function linesIn(content: Buffer): readonly Uint8Array[] {
  const lines: Uint8Array[] = [];
  for (let begin = 0; begin < content.length; ) {
    const feed = content.indexOf(lineFeed, begin);
    const end = feed < 0 ? content.length : feed;
    lines.push(content.subarray(begin, end));
    begin = end + 1;
  }
  return lines;
}
