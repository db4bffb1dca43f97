import { quote } from '../../quote.ts';

/**
 * One word of shell that stands on one line, for the worker reads its orders line by line: a line feed becomes
 * `$n`, which the boot script sets to one.
 */
export function lineWord(text: string): string {
  return quote(text).replaceAll('\n', `'"$n"'`);
}

/**
 * One word of shell for a path as callers write it: absolute, `~`, `~/…`, or relative to the home directory
 * (empty: the home). What it expands to starts with a slash, so no path is taken for an option or for `cd -`.
 * `word` quotes what needs it.
 */
export function pathWord(path: string, word: (text: string) => string): string {
  if (path.startsWith('/')) return word(path);
  const below = path === '~' ? '' : path.replace(/^~\//, '');
  return below === '' ? '"$HOME"' : `"$HOME"/${word(below)}`;
}
