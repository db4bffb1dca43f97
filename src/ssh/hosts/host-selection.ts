import { ScoutError } from '../../errors.ts';
import { nearestNames } from '../../nearest-names.ts';
import type { HostNames } from './host-names.ts';
import { isWildcard, matchesHostLine, matchesPattern, matchPatternList } from './pattern.ts';
import { isSafeHostName } from './safe-names.ts';

const maxExpressionBytes = 4_096;

/** Does a host of this name exist for the server? Patterns as in SCOUT_HOSTS; only exclusions: all but these. */
export function isAllowed(name: string, patterns: readonly string[]): boolean {
  if (patterns.length === 0) return true;
  const list = patterns.every((pattern) => pattern.startsWith('!')) ? [...patterns, '*'] : patterns;
  return matchPatternList(name, list.join(',')) === 'matched';
}

/**
 * The hosts that an expression names: aliases, globs and `!` exclusions, separated by commas. Aliases come in the
 * order of the configuration, names that only a wildcard Host line covers after them. `names` holds what may be
 * used at all. Throws ScoutError `invalid_argument` for what is no expression, `unknown_host` for a name or glob
 * that stands for nothing.
 */
export function selectHosts(
  expression: string,
  names: HostNames,
  isUsable: (name: string) => boolean,
): readonly string[] {
  const items = itemsOf(expression);
  if (items.length === 1 && names.aliases.includes(expression)) return [expression];
  const exclusions = items.filter((item) => item.startsWith('!')).map((item) => item.slice(1));
  const wanted = items.filter((item) => !item.startsWith('!'));
  const included = new Set<string>(wanted.length === 0 ? names.aliases : []);
  for (const item of wanted) for (const name of namesOf(item, names, isUsable)) included.add(name);
  const listed = new Set(names.aliases);
  const inOrder = [
    ...names.aliases.filter((alias) => included.has(alias)),
    ...[...included].filter((name) => !listed.has(name)),
  ];
  const selected = inOrder.filter((name) => !exclusions.some((pattern) => matchesPattern(name, pattern)));
  if (selected.length === 0) throw unknownHost(expression, names.aliases, 'no host is left of');
  return selected;
}

function itemsOf(expression: string): readonly string[] {
  const refuse = (problem: string) =>
    new ScoutError(
      'invalid_argument',
      `the host expression ${problem}`,
      'Give one alias, or aliases, globs and exclusions separated by commas without blanks: web*,!web3',
    );
  if (expression === '') throw refuse('is empty');
  if (Buffer.byteLength(expression) > maxExpressionBytes) throw refuse('is longer than 4 KiB');
  const items = expression.split(',');
  for (const item of items) {
    const name = item.startsWith('!') ? item.slice(1) : item;
    if (name === '') throw refuse('has an empty part');
    if (!isSafeHostName(name)) throw refuse('has a character that no host name may hold, or starts with "-"');
  }
  return items;
}

function namesOf(item: string, names: HostNames, isUsable: (name: string) => boolean): readonly string[] {
  if (names.aliases.includes(item)) return [item];
  if (isWildcard(item)) {
    const found = names.aliases.filter((alias) => matchesPattern(alias, item));
    if (found.length === 0) throw unknownHost(item, names.aliases, 'no host matches');
    return found;
  }
  const covered = isUsable(item) && names.wildcards.some((patterns) => matchesHostLine(patterns, item));
  if (!covered) throw unknownHost(item, names.aliases, 'the ssh configuration has no host');
  return [item];
}

function unknownHost(name: string, aliases: readonly string[], problem: string): ScoutError {
  const shown = JSON.stringify(name.length > 80 ? `${name.slice(0, 80)}…` : name);
  const near = nearestNames(name.replace(/[*?!]/g, ''), aliases);
  const fix =
    near.length > 0
      ? `Did you mean ${near.join(' or ')}? scout_hosts lists all hosts.`
      : 'List the hosts with scout_hosts; a new one needs a Host block in the ssh configuration, and to be in SCOUT_HOSTS where that is set.';
  return new ScoutError('unknown_host', `${problem} ${shown}`, fix);
}
