import type { Context } from '../context.ts';
import type { TextBody } from '../define.ts';
import type { Kept } from '../operations/gathered.ts';
import { compose } from '../remote-text.ts';

const lineFeed = 0x0a;
/** A longer line is shown as far as it was kept. */
const longestHalf = 8_192;
/** No secret that begins on a page reaches further beyond it: a private key with sub-keys has 128 KiB at most. */
const marginBytes = 144 * 1024;
/** Of a character that a page counts as one byte at least, and CR LF. */
const mostBytesOfOne = 4;

/**
 * What a stream printed. Of one that is far longer than a page only both ends are cleaned now, with more of them than
 * any page shows, and the rest when somebody reads on: to clean 10 MiB takes longer than all else. Where a secret is
 * in the ends all of it is cleaned at once, so that every place in the text and every count is exact.
 */
export function streamBody(kept: Kept, { clean, config }: Pick<Context, 'clean' | 'config'>): TextBody {
  const { head, tail, droppedBytes } = kept;
  const whole = () =>
    droppedBytes === 0
      ? clean(head)
      : compose`${clean(head)}\n[${droppedBytes} bytes came here and were not kept]\n${clean(tail)}`;
  const ends = endsOf(
    head,
    droppedBytes === 0 ? head : tail,
    config.pageSizeBytes * mostBytesOfOne + marginBytes,
  );
  const [text, last] = ends.map((bytes) => clean(bytes, () => {}));
  if (text === undefined || last === undefined || [text, last].some((end) => end.includes('[redacted:')))
    return { text: whole(), stays: 'head and tail' };
  return { text, stays: 'head and tail', longer: { tail: last, units: head.length + tail.length, whole } };
}

/** Whole lines of both ends, `least` bytes or a little more; none where there is not far more than that. */
function endsOf(head: Uint8Array, tail: Uint8Array, least: number): readonly Uint8Array[] {
  if (head.length < 2 * least || tail.length < 2 * least) return [];
  const end = head.subarray(least, least + longestHalf).indexOf(lineFeed);
  const before = tail.subarray(-least - longestHalf, -least);
  const start = before.lastIndexOf(lineFeed);
  if (end < 0 || start < 0) return []; // longer lines than text has
  return [head.subarray(0, least + end + 1), tail.subarray(start + 1 - before.length - least)];
}

/**
 * Without the two halves of lines beside the gap, and without the first whole line behind it: half a secret might not
 * be known for what it is, nor a value whose name stands on the line before it.
 */
export function wholeLines(kept: Kept): Kept {
  const { head, tail, droppedBytes } = kept;
  if (droppedBytes === 0) return kept;
  const last = head.subarray(-longestHalf).lastIndexOf(lineFeed);
  const end = last < 0 ? head.length : Math.max(0, head.length - longestHalf) + last + 1;
  const half = tail.subarray(0, longestHalf).indexOf(lineFeed) + 1;
  const start = half + tail.subarray(half, half + longestHalf).indexOf(lineFeed) + 1;
  const bytes = droppedBytes + head.length - end + start;
  return { head: head.subarray(0, end), tail: tail.subarray(start), droppedBytes: bytes };
}
