import type { ExtendedRegex } from '../../extended-regex.ts';
import { commandText } from '../../policy/command-text.ts';

/** How far back a pattern is looked for where grep must do it, and what is said of that. */
export const mostSearched = 10_000;
export const searchedNote = `pattern looked for in the newest ${mostSearched} lines`;

/** Commands of which each reads what the one before prints; to be judged before it is run. */
export function pipeline(...commands: readonly (readonly string[])[]): string {
  return commands.map(commandText).join(' | ');
}

/** grep for a pattern that is printed for every grep; `others` are patterns of ours that are let through too. */
export function grepWords(pattern: string, ...others: readonly string[]): readonly string[] {
  return ['grep', '-a', '-E', ...[pattern, ...others].flatMap((each) => ['-e', each])];
}

/**
 * The pattern for PCRE, which journalctl has: in brackets a backslash stands for itself in POSIX, and begins an
 * escape there. All else that `parseExtendedRegex` prints is read alike.
 */
export function perlPattern({ source }: ExtendedRegex): string {
  return replaceOutside(
    source,
    (text) => text,
    (bracket) => bracket.replaceAll('\\', '\\\\'),
  );
}

/** The pattern for lines that have a text in front of what it is about, which `prefix` matches: `^` comes after it. */
export function behindPrefix({ source }: ExtendedRegex, prefix: string): string {
  return replaceOutside(
    source,
    (text) => (text === '^' ? `(^${prefix})` : text),
    (bracket) => bracket,
  );
}

/** Characters and escapes outside of bracket expressions, and whole bracket expressions. */
function replaceOutside(
  source: string,
  outside: (text: string) => string,
  bracket: (text: string) => string,
): string {
  return source.replace(/\\.|\[\^?\]?(?:\[:[a-z]+:\]|[^\]])*\]|./gsu, (piece) =>
    piece.startsWith('[') ? bracket(piece) : outside(piece),
  );
}
