import type { Lane } from './lane.ts';

/** A file that is open on a channel. */
export interface OpenHandle {
  readonly lane: Lane;
  readonly handle: Buffer;
}

export interface ReadRange {
  readonly from: number;
  /** Where to stop; infinite where only the end of the file says it. */
  readonly to: number;
  /** How much may be asked for before it is taken, in bytes. */
  readonly aheadBytes: number;
}

/** So many are asked for together. */
const togetherAsked = 4;

/**
 * The bytes of a range, front to back, asked for over all `handles` in turn. Ends early where the file does. Rejects
 * with ssh2's errors.
 */
export async function* readAhead(
  handles: readonly OpenHandle[],
  { from, to, aheadBytes }: ReadRange,
): AsyncGenerator<Buffer> {
  const chunkBytes = Math.min(...handles.map(({ lane }) => lane.maxReadBytes));
  const most = Number.isFinite(to) ? Math.max(1, Math.ceil(aheadBytes / chunkBytes)) : 1;
  const queue: { readonly length: number; readonly answer: Promise<readonly Buffer[]> }[] = [];
  let next = from;
  let turn = 0;
  const ask = () => {
    // several at once leave in one packet of TCP, and wake the server once
    if (queue.length > Math.max(0, most - togetherAsked)) return;
    while (queue.length < most && next < to) {
      const open = handles[turn++ % handles.length];
      if (!open) return;
      const length = Math.min(chunkBytes, to - next);
      const answer = readWhole(open, next, length);
      answer.catch(() => {}); // awaited below, unless an earlier one ends the loop
      queue.push({ length, answer });
      next += length;
    }
  };
  for (;;) {
    ask();
    const first = queue.shift();
    if (!first) return;
    const pieces = await first.answer;
    yield* pieces;
    if (lengthOf(pieces) < first.length) return;
  }
}

/** `length` bytes, or those up to the end of the file: a server may give less than it was asked for. */
async function readWhole(
  { lane, handle }: OpenHandle,
  position: number,
  length: number,
): Promise<readonly Buffer[]> {
  let pieces = await lane.read(handle, length, position);
  for (let filled = lengthOf(pieces), last = filled; last > 0 && filled < length; filled += last) {
    const more = await lane.read(handle, length - filled, position + filled);
    pieces = [...pieces, ...more];
    last = lengthOf(more);
  }
  return pieces;
}

function lengthOf(pieces: readonly Buffer[]): number {
  return pieces.reduce((sum, { length }) => sum + length, 0);
}
