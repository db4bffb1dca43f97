import { noHash } from './audit-line.ts';
import type { ChainLine } from './parse-audit-line.ts';
import type { Place } from './verify-audit.ts';

export interface RunReport {
  readonly run: string;
  readonly lines: number;
  readonly firstTime: string;
  readonly lastTime: string;
  /** Hash of its last line that follows from the ones before it. */
  readonly head: string;
  /** Its first break; what comes after it proves nothing. */
  readonly broken?: Place & { readonly why: string };
  /** What is no fault, but should be known. */
  readonly notes: readonly string[];
}

/** The chain of one run, line by line. */
export class RunChain {
  readonly #run: string;
  #lines = 0;
  #firstSequence = 0;
  #sequence = 0;
  #head = '';
  #firstTime = '';
  #lastTime = '';
  #openIntents = 0;
  #hasEnded = false;
  #broken: (Place & { readonly why: string }) | undefined;

  constructor(run: string) {
    this.#run = run;
  }

  take(line: ChainLine, place: Place): void {
    const problem = this.#lines === 0 ? problemOfFirst(line) : this.#problemOf(line);
    if (problem !== undefined) this.break(place, problem);
    if (this.#lines === 0) {
      this.#firstSequence = line.sequence;
      this.#firstTime = line.time;
    }
    this.#lines += 1;
    if (this.#broken) return;
    this.#sequence = line.sequence;
    this.#head = line.hash;
    this.#lastTime = line.time;
    this.#hasEnded = line.event === 'end';
    if (line.event === 'intent') this.#openIntents += 1;
    if (line.event === 'outcome') this.#openIntents -= 1;
  }

  /** Only the first break counts. */
  break(place: Place, why: string): void {
    this.#broken ??= { ...place, why };
  }

  report(): RunReport {
    const isFromStart = this.#firstSequence === 1;
    const notes = [
      ...(isFromStart
        ? []
        : [`begins at sequence ${this.#firstSequence}: what was before it is in an older file`]),
      ...(this.#hasEnded || this.#broken ? [] : ['no end line: still running, killed, or cut']),
      ...(isFromStart && this.#hasEnded && this.#openIntents > 0
        ? [`${this.#openIntents} intents without an outcome`]
        : []),
    ];
    return {
      run: this.#run,
      lines: this.#lines,
      firstTime: this.#firstTime,
      lastTime: this.#lastTime,
      head: this.#head,
      ...(this.#broken && { broken: this.#broken }),
      notes,
    };
  }

  #problemOf({ sequence, prev, event }: ChainLine): string | undefined {
    if (this.#hasEnded) return `sequence ${sequence} comes after the end of its run`;
    if (sequence !== this.#sequence + 1)
      return sequence > this.#sequence
        ? `sequence ${this.#sequence + 1} is missing: it goes on at ${sequence}`
        : `sequence ${sequence} comes again or too late`;
    if (prev !== this.#head) return 'it does not follow the line before it: that one is another';
    return event === 'start' ? 'a run starts once' : undefined;
  }
}

/** A run begins with its start, or, in a file that it found rotated, by saying that it goes on. */
function problemOfFirst({ sequence, prev, event }: ChainLine): string | undefined {
  const isStart = event === 'start';
  if (isStart !== (sequence === 1) || isStart !== (prev === noHash))
    return 'its start is not as a run starts';
  if (isStart || event === 'continued') return undefined;
  return `its lines before sequence ${sequence} are missing`;
}
