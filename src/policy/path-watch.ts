import type { AskedPath, DenyPaths } from '../deny-paths.ts';
import { quote } from '../quote.ts';
import type { PathUse } from './paths.ts';
import { Refused } from './refusal.ts';
import { shellText, type Word } from './word.ts';

/** What a command does with paths, as far as it is read; all of its words share it. */
export interface PathWatch {
  readonly denied: DenyPaths;
  /** Every path that is opened, as shell text that gives the same names as the words of the command. */
  readonly opened: Set<string>;
}

/** Refuse a path that is denied, or may be expanded to one; remember one that is opened. */
export function watchPath(use: PathUse, value: string, word: Word, isOpened = use !== 'name'): void {
  const { paths, base } = word;
  if (!paths || (use !== 'name' && value === '-')) return;
  const isWhole = value === word.value;
  const pieces = isWhole ? word.pieces : [{ text: value, glob: false }];
  refuseDenied({ pieces, tilde: isWhole && word.tilde, base }, use, paths.denied, word);
  if (isOpened) paths.opened.add(isWhole ? shellText(word) : quote(value));
}

/** The working directory is read with all that is below it; `word` is the one that says so. */
export function watchStart(word: Word): void {
  const { paths, base = '' } = word;
  if (!paths) return;
  refuseDenied({ pieces: [{ text: '.', glob: false }], base }, 'tree', paths.denied, word);
  paths.opened.add('.');
}

function refuseDenied(path: AskedPath, use: PathUse, denied: DenyPaths, word: Word): void {
  if (!denied.mayDeny(path, use)) return;
  throw new Refused(
    word,
    word.glob
      ? 'the pattern may give a path that SCOUT_DENY_PATHS denies'
      : 'SCOUT_DENY_PATHS denies this path',
    'its name and facts (ls -l, stat, find), or another file; who runs scout-mcp can change SCOUT_DENY_PATHS',
    'path_denied',
  );
}
