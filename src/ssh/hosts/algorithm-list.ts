import type { AlgorithmNames } from './algorithm-names.ts';
import { matchesPattern, matchPatternList } from './pattern.ts';

/**
 * Is this a list that ssh accepts? After `+`, `^` or nothing each name must be known; after `-` anything may stand.
 */
export function isAlgorithmList(list: string, names: AlgorithmNames): boolean {
  if (list.startsWith('-')) return true;
  const items = listedNames(list);
  if (items[0] === undefined || items[0] === '') return false;
  return upToEmpty(items).every((item) => isKnown(item, names));
}

/**
 * The list after `+` (append), `-` (remove, wildcards allowed) or `^` (put first) was applied to the defaults.
 * Undefined when nothing is left, which ssh refuses. ssh_config(5) Ciphers, HostKeyAlgorithms.
 */
export function assembleAlgorithms(
  list: string | undefined,
  names: AlgorithmNames,
): readonly string[] | undefined {
  if (list === undefined || list === '') return names.defaults;
  if (list.startsWith('-')) {
    return names.defaults.filter((name) => matchPatternList(name, list.slice(1)) !== 'matched');
  }
  const items = upToEmpty(listedNames(list));
  const ordered = list.startsWith('+')
    ? [...names.defaults, ...items]
    : list.startsWith('^')
      ? [...items, ...names.defaults]
      : items;
  const assembled = new Set<string>();
  for (const item of ordered) {
    if (item.startsWith('!')) return undefined;
    if (names.newer.includes(item)) assembled.add(item);
    for (const name of names.all) if (matchesPattern(name, item)) assembled.add(name);
  }
  return assembled.size > 0 ? [...assembled] : undefined;
}

function listedNames(list: string): readonly string[] {
  return (/^[+^]/.test(list) ? list.slice(1) : list).split(',');
}

/** ssh stops reading a list at its first empty name. */
function upToEmpty(items: readonly string[]): readonly string[] {
  const empty = items.indexOf('');
  return empty < 0 ? items : items.slice(0, empty);
}

function isKnown(item: string, names: AlgorithmNames): boolean {
  if (names.all.includes(item) || names.newer.includes(item)) return true;
  return names.wildcards && names.all.some((name) => matchPatternList(name, item) !== 'none');
}
