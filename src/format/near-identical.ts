import type { Entry, TextBody } from '../define.ts';
import type { RemoteText } from '../remote-text.ts';
import { toRemoteText } from '../remote-text.ts';
import { countUnshared, createDiffer, type Differ } from './line-diff.ts';

/** For all comparisons of one answer, in ms. */
const budgetMs = 300;
/** Texts that differ in more lines are not near each other. */
const mostEdits = 300;
/** A diff is shown where it is shorter than this part of the text, with the words that go with it. */
const worthwhileShare = 0.6;
const wordsLength = 100;

/**
 * Outcomes of the same question: where a text differs in a few lines from the one of the outcome that most hosts
 * have, it is said by a diff against that. Then that one comes first.
 */
export function saidBriefly(entries: readonly Entry[]): readonly Entry[] {
  const [first, ...others] = entries.filter(({ texts, error }) => !error && Object.keys(texts).length > 0);
  if (!first) return entries;
  const most = others.reduce((best, entry) => (sizeOf(entry) > sizeOf(best) ? entry : best), first);
  const differ = createDiffer(budgetMs, mostEdits);
  const said = entries.map((entry) => (entry === most ? entry : withBriefs(entry, most, differ)));
  if (said.every((entry, index) => entry === entries[index])) return entries;
  return [most, ...said.filter((entry) => entry !== most)];
}

function sizeOf({ hosts }: Entry): number {
  return hosts?.length ?? 0;
}

function withBriefs(entry: Entry, most: Entry, differ: Differ): Entry {
  const against = most.hosts?.[0];
  if (against === undefined) return entry;
  const briefs = Object.entries(entry.texts).flatMap(([name, body]) => {
    const other = most.texts[name];
    const diff = other && !other.longer && !body.longer && shortDiff(other, body, differ);
    return !diff ? [] : [[name, { ...body, brief: { against, diff } }] as const];
  });
  return briefs.length === 0 ? entry : { ...entry, texts: { ...entry.texts, ...Object.fromEntries(briefs) } };
}

function shortDiff(most: TextBody, own: TextBody, differ: Differ): RemoteText | undefined {
  const roomLength = own.text.length * worthwhileShare - wordsLength;
  if (roomLength <= 0) return undefined;
  if (most.text === own.text)
    return toRemoteText('(no line differs: only what is redacted, or not shown, does)\n');
  const { removed, added } = countUnshared(most.text, own.text);
  if (removed + added > mostEdits) return undefined;
  const diff = differ(most.text, own.text, 1);
  return diff && diff.hunks.length <= roomLength ? diff.hunks : undefined;
}
