import { toRemoteText } from '../remote-text.ts';

/** What is looked at of one text: more than is shown of it, so that a secret at the cut is still recognised. */
const readLength = 64 * 1024;
const mostMembers = 100;
const deepest = 4;
/** What any value counts as, in characters. */
const leastCost = 16;

/** What a cut may leave of a secret that nobody recognises without its end. */
const unsureLength = 4 * 1024;

/**
 * A text for the audit log: secrets redacted (whatever SCOUT_REDACT says: that is about answers), controls and
 * invisible characters escaped, `maxLength` characters at most.
 */
export function auditText(text: string, maxLength: number): string {
  const clean = toRemoteText(text.slice(0, readLength));
  const unread = text.length - Math.min(text.length, readLength);
  if (clean.length <= maxLength && unread === 0) return clean;
  const sure = unread === 0 ? clean.length : Math.max(0, clean.length - unsureLength);
  const shown = clean.slice(0, Math.min(maxLength, sure)).replace(/[\ud800-\udbff]$/, '');
  return `${shown}… (${clean.length - shown.length + unread} more characters)`;
}

/**
 * Arguments as they were asked for, whatever they are: every text and every name cleaned and short, few members,
 * not deep, `maxLength` characters of text altogether, and a quarter of that in one.
 */
export function auditValue(value: unknown, maxLength: number): unknown {
  let left = maxLength;
  const textOf = (text: string) => {
    const shown = auditText(text, Math.max(0, Math.min(left, maxLength / 4)));
    left -= shown.length;
    return shown;
  };
  const shownOf = (each: unknown, depth: number): unknown => {
    if (left <= 0) return '…';
    left -= leastCost; // for what is no text
    if (typeof each === 'string') return textOf(each);
    if (typeof each === 'number' || typeof each === 'boolean' || each === null) return each;
    if (typeof each !== 'object') return undefined;
    if (depth === deepest) return '…';
    if (Array.isArray(each)) return bounded(each, (one) => shownOf(one, depth + 1), '…');
    const entries = bounded(
      Object.entries(each),
      ([name, member]): [string, unknown] => [textOf(name), shownOf(member, depth + 1)],
      ['…', true],
    );
    return Object.fromEntries(entries);
  };
  return shownOf(value, 0);
}

/** The first members, and `more` where there are others. */
function bounded<T, U>(members: readonly T[], shown: (member: T) => U, more: U): readonly U[] {
  const first = members.slice(0, mostMembers).map(shown);
  return members.length > mostMembers ? [...first, more] : first;
}
