import type { Fact } from '../define.ts';
import type { Version } from '../operations/diff-targets.ts';
import type { Place } from '../operations/look-at-places.ts';
import type { FileFacts } from '../ssh/files.ts';
import { formatMode } from './file-facts.ts';

/** Modes and owners of a version's places, in words where they are worth a word. */
export interface Shared {
  readonly words: readonly string[];
  readonly facts: Readonly<Record<string, Fact>>;
}

/** Of the most common mode and owners, which need no names when there are many. */
const mostNamed = 3;

/** Nothing is said where all places of all versions have the same mode and owners; else who has which. */
export function sharedModes(
  versions: readonly Version[],
  label: (place: Place) => string,
): (version: Version) => Shared {
  const all = new Set(versions.flatMap(({ places }) => places.map(({ facts }) => keyOf(facts))));
  return ({ places }) => {
    const kinds = new Map<string, (typeof places)[number][]>();
    for (const place of places) {
      const key = keyOf(place.facts);
      kinds.set(key, [...(kinds.get(key) ?? []), place]);
    }
    const [first] = places;
    if (kinds.size === 1 && first) {
      const { mode, owner, group } = first.facts;
      const facts = { mode: mode.toString(8).padStart(4, '0'), owner, group };
      return { words: all.size === 1 ? [] : [describe(first.facts)], facts };
    }
    const [most, ...few] = [...kinds.values()].sort((a, b) => b.length - a.length);
    const named = [...(most ? [most] : []), ...few].map((same) => {
      const who = same === most && same.length > mostNamed ? 'the others' : same.map(label).join(' ');
      return same[0] ? `${describe(same[0].facts)} (${who})` : '';
    });
    return { words: named, facts: { modes: named.join(', ') } };
  };
}

/** Owners by their numbers: one door knows their names and the other does not. */
function keyOf({ mode, owner, group, ownerId, groupId }: FileFacts): string {
  return `${mode} ${ownerId ?? owner} ${groupId ?? group}`;
}

function describe(facts: FileFacts): string {
  return `${formatMode(facts)} ${facts.owner}:${facts.group}`;
}
