declare const cleaned: unique symbol;

/** Text that came from a remote machine and went through `toRemoteText`. Formatters accept only this type. */
export type RemoteText = string & { readonly [cleaned]: true };

/** What hides secrets in decoded text; plugged in by the composition root. */
export type Redact = (text: string) => string;

/**
 * Everything but line feed and tab that a terminal obeys or a reader cannot see: controls (Cc), format
 * characters such as bidirectional overrides, zero-width joiners and tags (Cf), lone surrogates (Cs), line and
 * paragraph separators, and the letters that are blank (Hangul fillers).
 */
const unseen = /(?![\n\t])\p{Cc}|\p{Cf}|\p{Cs}|\p{Zl}|\p{Zp}|[\u115f\u1160\u3164\uffa0]/gu;

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * The one door by which remote bytes become text: decode as UTF-8 (a byte that is not becomes U+FFFD) → show
 * controls and invisible characters as `\x1b`, `\u202e`, `\u{e0041}` → redact. CR LF is a line end and becomes LF.
 */
export function toRemoteText(remote: Uint8Array | string, redact?: Redact): RemoteText {
  const text = typeof remote === 'string' ? remote : decoder.decode(remote);
  const visible = text.replace(/\r\n/g, '\n').replace(unseen, escapeCharacter);
  return (redact ? redact(visible) : visible) as RemoteText; // the only place that may set the brand
}

/** Remote text that must stay on one line and short: a banner, a file name, a server's message. */
export function toRemoteLine(remote: Uint8Array | string, maxLength = 200): RemoteText {
  const text = toRemoteText(remote)
    .trim()
    .replace(/\s*\n\s*/g, ' ⏎ ');
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
export function join(texts: readonly RemoteText[], separator: '\n' | ' ' | ''): RemoteText {
  return texts.join(separator) as RemoteText; // every part is cleaned
}

/** A piece of cleaned text is clean. Indexes count UTF-16 units, as String.slice. */
export function slice(text: RemoteText, start: number, end?: number): RemoteText {
  return text.slice(start, end) as RemoteText;
}

function escapeCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  if (code <= 0xff) return `\\x${hex.padStart(2, '0')}`;
  return code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\u{${hex}}`;
}
