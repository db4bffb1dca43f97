import type { EndedSpan } from './trace-recorder.ts';

/** Spans that wait to be sent, in bounded memory: what comes when it is full is let go. */
export class SpanQueue {
  readonly #most: number;
  readonly #spans: EndedSpan[] = [];
  droppedCount = 0;

  constructor(most: number) {
    this.#most = most;
  }

  get size(): number {
    return this.#spans.length;
  }

  push(span: EndedSpan): void {
    if (this.#spans.length < this.#most) this.#spans.push(span);
    else this.droppedCount += 1;
  }

  /** The oldest, `most` of them. */
  take(most: number): readonly EndedSpan[] {
    return this.#spans.splice(0, most);
  }

  /** Spans that could not be sent now, before all others; the newest of them are let go where there is no room. */
  giveBack(spans: readonly EndedSpan[]): void {
    const room = Math.max(0, this.#most - this.#spans.length);
    this.#spans.unshift(...spans.slice(0, room));
    this.droppedCount += Math.max(0, spans.length - room);
  }
}
