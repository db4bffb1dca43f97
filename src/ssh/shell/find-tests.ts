import type { DenyPaths } from '../../deny-paths.ts';
import type { Piece } from '../../name-pattern.ts';
import { quote } from '../../quote.ts';

/** The test of find(1) for a pattern of names. */
export function nameTest(name: readonly Piece[]): string {
  return `-name ${quote(patternOf(name))}`;
}

/**
 * A test of find(1) that every real path which an entry denies fits, and few others: here `*` may stand for slashes,
 * and exceptions are left out. What is below a denied directory is not asked for: it is not entered. The last name is
 * looked at first, for most files fail there, at little cost. Empty where nothing is denied.
 */
export function denyTests(denied: DenyPaths): string {
  const byLastName = new Map<string, Set<string>>();
  for (const { isException, segments } of denied.entries) {
    if (isException) continue;
    const last = segments.at(-1);
    const name = last === undefined || last === '**' ? '*' : patternOf(last);
    const path = `/${segments.map((segment) => (segment === '**' ? '\0' : patternOf(segment))).join('/')}`;
    // `/a/**/b` is also /a/b: the star takes the place of one slash and all between.
    const paths = byLastName.get(name) ?? new Set();
    byLastName.set(name, paths.add(path.replaceAll('/\0', '*')));
  }
  const tests = [...byLastName].map(([name, paths]) => {
    const any = [...paths].map((path) => `-path ${quote(path)}`).join(' -o ');
    return `-name ${quote(name)} \\( ${any} \\)`;
  });
  return tests.length === 0 ? '' : `\\( ${tests.join(' -o ')} \\)`;
}

/** For fnmatch(3), which takes a backslash for the sign that the next character is itself. */
function patternOf(pieces: readonly Piece[]): string {
  return pieces.map(({ text, glob }) => (glob ? text : text.replace(/[*?[\]\\]/g, '\\$&'))).join('');
}
