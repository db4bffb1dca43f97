import { linesFrom } from './lines.ts';
import type { Secret } from './secret.ts';

/** Widths of PEM (RFC 7468) and of OpenSSH. */
const leastWidth = 64;
const line = /^[ \t]*([A-Za-z0-9+/]{64}|[A-Za-z0-9+/]{70})[ \t]*$/;
const last = /^[ \t]*[A-Za-z0-9+/]{1,70}={0,2}[ \t]*$/;

/**
 * A text that is nothing but lines of base64 as wide as those of a key, as `sed -n 3,9p key` prints them: neither
 * marker tells whether it is one, so it is taken for one. Digests are hexadecimal and are not.
 */
export function headlessKey(text: string): Secret | undefined {
  if (text.length < leastWidth) return undefined;
  let width = 0;
  let end = 0;
  let isOver = false;
  const begin = text.search(/[^ \t\r\n]/);
  if (begin < 0) return undefined; // megabytes of line feeds are no key
  for (const { start, end: stop } of linesFrom(text, begin, text.length)) {
    const shown = text.slice(start, Math.min(stop, start + 100));
    if (shown.trim() === '') continue;
    const body = isOver ? undefined : line.exec(shown)?.[1];
    if (body !== undefined && (width === 0 || body.length === width) && isMixed(body)) width = body.length;
    else if (width > 0 && !isOver && last.test(shown)) isOver = true;
    else return undefined;
    end = stop;
  }
  return width > 0 ? { start: begin, end, kind: 'private-key' } : undefined;
}

function isMixed(text: string): boolean {
  return /[G-Z]/.test(text) && /[g-z]/.test(text);
}
