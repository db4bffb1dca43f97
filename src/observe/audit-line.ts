import { createHash } from 'node:crypto';

/** How every line begins, and no other place in a line can read: quotes inside a JSON string are escaped. */
export const lineStart = '{"time":"';

/** What stands before the hash of a line; the hash covers all that is before it. */
export const hashMark = ',"hash":"';

/** What the first line of a run carries in place of the hash of the line before it. */
export const noHash = '0'.repeat(64);

/** No line is longer; the writer bounds every text in it. */
export const longestLineBytes = 256 * 1024;

/** Members of a line in the order in which they are written; undefined ones are left out. */
export type LineFacts = Readonly<Record<string, unknown>> & {
  readonly time: string;
  readonly run: string;
  readonly sequence: number;
  readonly event: string;
};

/** A line, without its line feed, and its SHA-256 hash, which the next line of the run carries as `prev`. */
export function writeLine(facts: LineFacts, prev: string): { readonly text: string; readonly hash: string } {
  const covered = JSON.stringify({ ...facts, prev }).slice(0, -1);
  const hash = hashOf(covered);
  return { text: `${covered}${hashMark}${hash}"}`, hash };
}

export function hashOf(covered: string | Uint8Array): string {
  return createHash('sha256').update(covered).digest('hex');
}
