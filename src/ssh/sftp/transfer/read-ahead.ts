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
  const queue: { readonly length: number; readonly answer: Promise<Buffer> }[] = [];
  let next = from;
  let turn = 0;
  const ask = () => {
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
    const chunk = await first.answer;
    if (chunk.length > 0) yield chunk;
    if (chunk.length < first.length) return;
  }
}

/** `length` bytes, or those up to the end of the file: a server may give less than it was asked for. */
async function readWhole({ lane, handle }: OpenHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const count = await lane.read(handle, buffer.subarray(filled), position + filled);
    if (count === 0) break;
    filled += count;
  }
  return buffer.subarray(0, filled);
}
