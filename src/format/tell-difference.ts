import type { Fact } from '../define.ts';
import type { VersionContent } from '../operations/fetch-versions.ts';
import type { RemoteText } from '../remote-text.ts';
import { type Comparable, hiddenDifference } from './comparable-text.ts';
import { countUnshared, type Differ } from './line-diff.ts';

export interface Difference {
  /** In a few words; empty where the diff says all. */
  readonly how: string;
  readonly facts: Readonly<Record<string, Fact>>;
  readonly hunks?: RemoteText;
}

/** How one version differs from the one it is compared with, or why that cannot be shown. */
export function tellDifference(
  base: Comparable | undefined,
  own: Comparable | undefined,
  content: VersionContent | undefined,
  differ: Differ,
): Difference {
  if (!own) return only(missing(content));
  if (!base) return only('there is no text of the version it is compared with, only its hash');
  const changed =
    content && 'content' in content && content.changed ? ['it changes while it is compared'] : [];
  if (Buffer.compare(own.bytes, base.bytes) === 0) return only([...changed, 'now it is the same'].join(', '));
  if (!('text' in own)) return only(`${own.type}, compared by hash and size`);
  if (!('text' in base)) return only(`a text, compared with ${base.type}`);
  if (own.text === base.text) return only(`only in ${hiddenDifference(base, own)}`);
  const notes = [
    ...changed,
    ...(base.ends === own.ends ? [] : [`line ends ${own.ends}, not ${base.ends}`]),
    ...(withoutBlanks(own.text) === withoutBlanks(base.text) ? ['only white space'] : []),
  ];
  const diff = differ(base.text, own.text, 3);
  const { removed, added } = diff ?? countUnshared(base.text, own.text);
  const lines = `-${removed} +${added} lines`;
  return {
    how: [...notes, diff ? lines : `too different for a diff, about ${lines}`].join(', '),
    facts: { removed, added, ...(notes.length > 0 && { note: notes.join(', ') }) },
    ...(diff && { hunks: diff.hunks }),
  };
}

function only(how: string): Difference {
  return { how, facts: { note: how } };
}

function missing(content: VersionContent | undefined): string {
  if (!content || 'content' in content) return 'compared by hash';
  switch (content.missing) {
    case 'too large':
      return 'too large to show (SCOUT_MAX_FILE_SIZE), compared by hash and size';
    case 'changed':
      return 'it changes while it is compared';
    case 'failed':
      return `compared by hash, for its bytes could not be had (${content.error.code})`;
  }
}

function withoutBlanks(text: string): string {
  return text.replace(/[ \t]+|\\x0d$/gm, '').replace(/\n$/, '');
}
