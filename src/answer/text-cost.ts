/** UTF-16 units of a text that belong to one character, and the bytes it takes inside a JSON string. */
interface Piece {
  readonly units: 1 | 2;
  readonly bytes: number;
}

/**
 * Bytes that a text takes inside a JSON string (RFC 8259 section 7, as JSON.stringify writes it), without the
 * quotes. Its UTF-8 form is never longer. Counting ends above `limit`: then the answer is only more than that.
 */
export function costOf(text: string, limit = Number.POSITIVE_INFINITY): number {
  let bytes = 0;
  for (let at = 0; at < text.length && bytes <= limit; ) {
    const piece = pieceAt(text, at);
    bytes += piece.bytes;
    at += piece.units;
  }
  return bytes;
}

/** The longest beginning that costs at most `bytes` and cuts no character in half, in UTF-16 units. */
export function headWithin(text: string, bytes: number): number {
  let at = 0;
  for (let left = bytes; at < text.length; ) {
    const piece = pieceAt(text, at);
    left -= piece.bytes;
    if (left < 0) break;
    at += piece.units;
  }
  return at;
}

/** The longest end that costs at most `bytes` and cuts no character in half, in UTF-16 units. */
export function tailWithin(text: string, bytes: number): number {
  let start = text.length;
  for (let left = bytes; start > 0; ) {
    const isPair = start > 1 && pieceAt(text, start - 2).units === 2;
    const piece = pieceAt(text, start - (isPair ? 2 : 1));
    left -= piece.bytes;
    if (left < 0) break;
    start -= piece.units;
  }
  return text.length - start;
}

/** Whether a text costs at most `bytes`. A unit costs six at most, which spares counting where there is room enough. */
export function costsAtMost(text: string, bytes: number): boolean {
  return text.length * 6 <= bytes || costOf(text, bytes) <= bytes;
}

/** `text`, or as much of its beginning as costs at most `bytes` with `…` behind it. */
export function shortened(text: string, bytes: number): string {
  if (costsAtMost(text, bytes)) return text;
  return `${text.slice(0, headWithin(text, Math.max(0, bytes - 3)))}…`;
}

function pieceAt(text: string, at: number): Piece {
  const code = text.charCodeAt(at);
  if (code < 0x20) return code >= 8 && code <= 13 && code !== 11 ? twoBytes : escaped;
  if (code === 0x22 || code === 0x5c) return twoBytes;
  if (code < 0x80) return oneByte;
  if (code < 0x800) return twoBytes;
  if (code < 0xd800 || code > 0xdfff) return threeBytes;
  const isPair = code < 0xdc00 && (text.charCodeAt(at + 1) & 0xfc00) === 0xdc00;
  return isPair ? pair : escaped;
}

const oneByte: Piece = { units: 1, bytes: 1 };
const twoBytes: Piece = { units: 1, bytes: 2 };
const threeBytes: Piece = { units: 1, bytes: 3 };
/** `\u001f`, and half a pair. */
const escaped: Piece = { units: 1, bytes: 6 };
const pair: Piece = { units: 2, bytes: 4 };
