/**
 * ssh_config(5) PATTERNS: `*` stands for any characters, `?` for one. Time grows with the product of the two
 * lengths at worst: a star is tried again from its last place only, never from an earlier one.
 */
export function matchesPattern(text: string, pattern: string): boolean {
  let at = 0;
  let inPattern = 0;
  let star = -1;
  let afterStar = 0;
  while (at < text.length) {
    const wanted = pattern[inPattern];
    if (wanted === '*') {
      star = inPattern++;
      afterStar = at;
    } else if (wanted === '?' || (wanted !== undefined && wanted === text[at])) {
      inPattern++;
      at++;
    } else if (star >= 0) {
      inPattern = star + 1;
      at = ++afterStar;
    } else return false;
  }
  while (pattern[inPattern] === '*') inPattern++;
  return inPattern === pattern.length;
}

/**
 * A comma-separated pattern list, where `!` excludes. `refused` when an exclusion matches, wherever it stands
 * in the list; `none` when nothing matches.
 */
export function matchPatternList(
  text: string,
  list: string,
  ignoreCase = false,
): 'matched' | 'refused' | 'none' {
  let matched = false;
  for (const item of (ignoreCase ? lowerAscii(list) : list).split(',')) {
    const negated = item.startsWith('!');
    if (!matchesPattern(text, negated ? item.slice(1) : item)) continue;
    if (negated) return 'refused';
    matched = true;
  }
  return matched ? 'matched' : 'none';
}

/** The patterns of a Host line: one must match, and none that `!` excludes. */
export function matchesHostLine(patterns: readonly string[], host: string): boolean {
  let matched = false;
  for (const pattern of patterns) {
    const negated = pattern.startsWith('!');
    if (!matchesPattern(host, negated ? pattern.slice(1) : pattern)) continue;
    if (negated) return false;
    matched = true;
  }
  return matched;
}

export function isWildcard(pattern: string): boolean {
  return pattern.includes('*') || pattern.includes('?');
}

/** Lower case of A–Z only, as OpenSSH does it: host names are not subject to the user's language. */
export function lowerAscii(text: string): string {
  if (/^[\x00-\x7f]*$/.test(text)) return text.toLowerCase();
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
