import type { Ask } from './session.ts';

/** What every server gives in one answer; ssh2 would split a longer request into round trips one by one. */
export const chunkBytes = 31 * 1024;
/** About 1 MiB on the way at once keeps a path of 40 ms at 25 MB/s; ssh2's window is 2 MiB a channel. */
const mostAhead = 32;

export interface Range {
  readonly startByte: number;
  /** Where to stop; undefined: at the end of the file, which is where an answer is empty. */
  readonly endByte: number | undefined;
  /**
   * What the file says of its size. One request asks for a byte more: an answer that ends right there is the end, for of
   * a regular file a server gives all that was asked for (draft-ietf-secsh-filexfer-02 section 6.4). 0: it does not say
   * (/proc), gives short answers in the middle, and reading ahead is wasted.
   */
  readonly sizeBytes: number;
}

/**
 * The bytes of an open file, front to back. Requests run ahead, ever more of them the longer it is read, so that
 * a short look stays cheap and a long one is not bound by the round trip.
 */
export async function* readChunks(ask: Ask, handle: Buffer, range: Range): AsyncGenerator<Buffer> {
  const { sizeBytes, endByte = Number.POSITIVE_INFINITY } = range;
  let position = range.startByte;
  let window = sizeBytes > 0 ? 4 : 1;
  while (position < endByte) {
    const requests: { readonly length: number; readonly answer: Promise<Buffer> }[] = [];
    let next = position;
    while (requests.length < window && next < endByte) {
      const stop = next < sizeBytes ? Math.min(sizeBytes + 1, endByte) : endByte;
      const length = Math.min(chunkBytes, stop - next);
      const answer = readAt(ask, handle, next, length);
      answer.catch(() => {}); // awaited below, unless an earlier one ends the loop
      requests.push({ length, answer });
      const isLast = next <= sizeBytes && next + length > sizeBytes;
      next += length;
      if (isLast) break; // nothing is expected there or beyond
    }
    for (const { length, answer } of requests) {
      const chunk = await answer;
      if (chunk.length === 0) return;
      position += chunk.length;
      yield chunk;
      if (chunk.length === length) continue;
      if (position === sizeBytes) return;
      break; // the later ones leave a gap: ask again from here
    }
    if (sizeBytes > 0) window = Math.min(window * 2, mostAhead);
  }
}

/** At most `length` bytes from `position`, in one round trip; empty at the end of the file. */
export async function readAt(ask: Ask, handle: Buffer, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length);
  const count = await ask<number>((sftp, done) => sftp.read(handle, buffer, 0, length, position, done));
  return buffer.subarray(0, count);
}
