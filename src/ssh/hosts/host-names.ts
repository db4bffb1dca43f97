import type { ConfigFile } from './config-file.ts';
import { includedFiles, topFiles } from './config-reading.ts';
import { isWildcard } from './pattern.ts';
import { isSafeHostName } from './safe-names.ts';
import type { Source } from './source.ts';

/** The names that the configuration speaks of, without a look at any host. */
export interface HostNames {
  /** Concrete aliases in file order through every Include, without duplicates. */
  readonly aliases: readonly string[];
  /** The patterns of each Host line that holds a wildcard other than a bare `*`. */
  readonly wildcards: readonly (readonly string[])[];
}

/**
 * Collect the names from the user's and the system's files. A file that cannot be used is passed over here; it
 * shows when a host is resolved. Throws ScoutError where the first file of all is refused.
 */
export function collectHostNames(source: Source): HostNames {
  const aliases = new Set<string>();
  const wildcards: (readonly string[])[] = [];
  const visited = new Set<ConfigFile>();
  const visit = (reading: ReturnType<typeof topFiles>[number]): void => {
    if (visited.has(reading.file)) return; // an Include that leads back
    visited.add(reading.file);
    for (const { heading, statements } of reading.file.sections) {
      const patterns = heading.kind === 'host' ? heading.patterns : [];
      for (const pattern of patterns) if (isAlias(pattern)) aliases.add(pattern);
      if (patterns.some(isNarrowWildcard))
        wildcards.push(patterns.filter((pattern) => !isEverything(pattern)));
      for (const statement of statements) {
        if (statement.kind === 'include')
          for (const inner of usable(statement, reading, source)) visit(inner);
      }
    }
  };
  for (const reading of topFiles(source)) visit(reading);
  return { aliases: [...aliases], wildcards };
}

function usable(
  ...[statement, reading, source]: Parameters<typeof includedFiles>
): ReturnType<typeof includedFiles> {
  try {
    return includedFiles(statement, reading, source);
  } catch {
    return []; // the same refusal is thrown, with its place, when a host is resolved
  }
}

function isAlias(pattern: string): boolean {
  return !pattern.startsWith('!') && !isWildcard(pattern) && isSafeHostName(pattern);
}

function isNarrowWildcard(pattern: string): boolean {
  return !pattern.startsWith('!') && isWildcard(pattern) && !isEverything(pattern);
}

function isEverything(pattern: string): boolean {
  return /^\*+$/.test(pattern);
}
