import { findSecrets } from './redact/find-secrets.ts';
import type { Secret } from './redact/secret.ts';

declare const cleaned: unique symbol;

/** Text that came from a remote machine and went through `toRemoteText`. Formatters accept only this type. */
export type RemoteText = string & { readonly [cleaned]: true };

/** Finds secrets in decoded text (`findSecrets`), or none where redaction is off. */
export type Redact = (text: string, hasUnseen: boolean) => readonly Secret[];

/** For a server that is told to show everything (SCOUT_REDACT=off). */
export const noRedaction: Redact = () => [];

/** Hears of every secret that was replaced. */
export type OnRedacted = (kind: string) => void;

/**
 * Everything but line feed and tab that a terminal obeys or a reader cannot see: controls (Cc), format
 * characters such as bidirectional overrides, zero-width joiners and tags (Cf), lone surrogates (Cs), line and
 * paragraph separators, variation selectors and whatever else Unicode lets a display leave out (DI), and the
 * pattern of Braille that has no dots.
 */
const unseen = /[\0-\x08\x0b-\x1f\x7f-\x9f\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{DI}\u2800]{1,4096}/gu;
/** A quick look for what could be one: most text of machines is ASCII. */
const uncommon = /[^\n\t\x20-\x7e]/;

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * The one door by which remote bytes become text: decode as UTF-8 (a byte that is not becomes U+FFFD) → replace
 * secrets by `[redacted:KIND]` → show controls and invisible characters as `\x1b`, `\u202e`, `\u{e0041}`. CR LF is
 * a line end and becomes LF. Who does not say how secrets are found has them all replaced: it cannot be forgotten.
 */
export function toRemoteText(
  remote: Uint8Array | string,
  redact: Redact = findSecrets,
  onRedacted?: OnRedacted,
): RemoteText {
  const decoded = typeof remote === 'string' ? remote : decoder.decode(remote);
  const text = decoded.includes('\r') ? decoded.replaceAll('\r\n', '\n') : decoded;
  const hasUnseen = uncommon.test(text) && (text.search(unseen) >= 0 || text.includes('\ufffd'));
  const show = (piece: string) => (hasUnseen ? piece.replace(unseen, escapeRun) : piece);
  const pieces: string[] = [];
  let done = 0;
  for (const { start, end, kind } of redact(text, hasUnseen)) {
    onRedacted?.(kind);
    pieces.push(show(text.slice(done, start)), `[redacted:${kind}]`);
    done = end;
  }
  pieces.push(show(done === 0 ? text : text.slice(done)));
  return pieces.join('') as RemoteText; // the only place that may set the brand
}

/** Remote text that must stay on one line and short: a banner, a file name, a server's message. No secret is in it. */
export function toRemoteLine(remote: Uint8Array | string, maxLength = 200): RemoteText {
  const lines = toRemoteText(remote)
    .split('\n')
    .map((line) => line.trim());
  const text = lines.filter((line) => line !== '').join(' ⏎ ');
  return (text.length > maxLength ? `${text.slice(0, maxLength)}…` : text) as RemoteText; // a cut of cleaned text
}

/** Text of our own around remote text: compose`${name} → ${target}`. Only literals of this program go in plain. */
export function compose(
  literals: TemplateStringsArray,
  ...values: readonly (RemoteText | number)[]
): RemoteText {
  return String.raw({ raw: literals }, ...values) as RemoteText; // every part is a literal of ours or cleaned
}

/** Cleaned texts, one after another. */
export function join(texts: readonly RemoteText[], separator: '\n' | '\\n' | ' ' | ''): RemoteText {
  return texts.join(separator) as RemoteText; // every part is cleaned
}

/** A piece of cleaned text is clean. Indexes count UTF-16 units, as String.slice. */
export function slice(text: RemoteText, start: number, end?: number): RemoteText {
  return text.slice(start, end) as RemoteText;
}

/** Of a run of characters: most are of one, and there are whole megabytes where there is no text. */
function escapeRun(run: string): string {
  if (run.length === 1) return escapeCode(run.charCodeAt(0));
  const escaped: string[] = [];
  for (const character of run) escaped.push(escapeCode(character.codePointAt(0) ?? 0));
  return escaped.join('');
}

function escapeCode(code: number): string {
  return byteEscapes[code] ?? (code <= 0xffff ? `\\u${hex(code, 4)}` : `\\u{${hex(code, 0)}}`);
}

const byteEscapes = Array.from({ length: 256 }, (_, code) => `\\x${hex(code, 2)}`);

function hex(code: number, length: number): string {
  return code.toString(16).padStart(length, '0');
}
