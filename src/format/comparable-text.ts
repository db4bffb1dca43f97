import { binaryType } from '../content-type.ts';
import type { Context } from '../context.ts';
import { noRedaction, type RemoteText, toRemoteText } from '../remote-text.ts';

/** A file as it is compared: its cleaned text, or what it is where it is no text. */
export type Comparable = { readonly bytes: Uint8Array; readonly ends: LineEnds } & (
  | { readonly text: RemoteText }
  | { readonly type: string }
);

export type LineEnds = 'LF' | 'CR LF' | 'mixed';

const carriageReturn = 0x0d;
const lineFeed = 0x0a;

/**
 * Cleaned before they are compared: a secret that a hunk cuts in half would not be known for one. Line ends are all
 * the same in cleaned text; where some file has both kinds, those with a carriage return are shown as `\x0d`.
 */
export function comparables(files: readonly Uint8Array[], clean: Context['clean']): readonly Comparable[] {
  const withEnds = files.map((bytes) => ({ bytes, ends: lineEnds(bytes) }));
  const isMixed = withEnds.some(({ ends }) => ends === 'mixed');
  return withEnds.map((file) => {
    const type = binaryType(file.bytes);
    if (type !== undefined) return { ...file, type };
    return { ...file, text: clean(isMixed ? doubledReturns(file.bytes) : file.bytes) };
  });
}

/** Why two files that are not the same have the same cleaned text. */
export function hiddenDifference(one: Comparable, other: Comparable): string {
  const [plain, otherPlain] = [one, other].map(({ bytes }) => toRemoteText(bytes, noRedaction));
  if (plain !== otherPlain) return 'redacted secrets';
  return one.ends === other.ends
    ? 'bytes that are no UTF-8, or characters shown by their codes'
    : `line ends (${other.ends}, not ${one.ends})`;
}

/** The door for remote text drops the return of CR LF, and shows one that stands before it. */
function doubledReturns(bytes: Uint8Array): Uint8Array {
  return Buffer.from(Buffer.from(bytes).toString('latin1').replaceAll('\r\n', '\r\r\n'), 'latin1');
}

function lineEnds(bytes: Uint8Array): LineEnds {
  let [lines, returns] = [0, 0];
  for (let at = bytes.indexOf(lineFeed); at >= 0; at = bytes.indexOf(lineFeed, at + 1)) {
    lines += 1;
    if (bytes[at - 1] === carriageReturn) returns += 1;
  }
  if (returns === 0) return 'LF';
  return returns === lines ? 'CR LF' : 'mixed';
}
