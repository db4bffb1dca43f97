import type { Section } from './config-file.ts';
import { isWildcard } from './pattern.ts';

/**
 * The sections of one file by the names of their Host lines, so that a configuration of a thousand hosts is not
 * searched a thousand times over.
 */
export class SectionIndex {
  readonly #sections: readonly Section[];
  /** Places of the sections that any name may need: wildcards, exclusions, Match, Includes. */
  readonly #general: readonly number[];
  readonly #byName = new Map<string, number[]>();

  constructor(sections: readonly Section[]) {
    const general: number[] = [];
    this.#sections = sections;
    for (const [place, section] of sections.entries()) {
      const { heading, alwaysVisited } = section;
      if (heading.kind !== 'host' || alwaysVisited || !heading.patterns.every(isName)) general.push(place);
      else for (const name of new Set(heading.patterns)) this.#add(name, place);
    }
    this.#general = general;
  }

  /** In file order, every section that may apply to `host` or must be looked at in any case. */
  sectionsFor(host: string): readonly Section[] {
    const own = this.#byName.get(host) ?? [];
    const places = [...this.#general, ...own].sort((left, right) => left - right);
    return places.flatMap((place) => this.#sections[place] ?? []);
  }

  #add(name: string, place: number): void {
    const places = this.#byName.get(name);
    if (places) places.push(place);
    else this.#byName.set(name, [place]);
  }
}

function isName(pattern: string): boolean {
  return !pattern.startsWith('!') && !isWildcard(pattern);
}
