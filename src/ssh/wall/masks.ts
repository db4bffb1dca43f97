import type { DenyPaths } from '../../deny-paths.ts';

/**
 * The denied paths as patterns that a wall hides by mounts: absolute or below `~`, which stands for homes, an
 * exception with `!` before it. What is below /proc, and `**` within a pattern, is left to the path checks.
 */
export function wallMasks({ entries }: DenyPaths): readonly string[] {
  return entries.flatMap(({ isException, segments }) => {
    const [first, ...rest] = segments;
    const below = first === '**' ? rest : segments;
    const names = below.map((segment) =>
      segment === '**' ? undefined : segment.map(({ text, glob }) => (glob ? text : literal(text))).join(''),
    );
    if (names.includes(undefined) || names[0] === 'proc') return [];
    return [`${isException ? '!' : ''}${first === '**' ? '~' : ''}/${names.join('/')}`];
  });
}

/** Perl's glob knows braces and tildes, Python's no backslash: both know brackets. */
function literal(text: string): string {
  return text.replace(/[*?[\]{}~]/g, (character) => (character === ']' ? ']' : `[${character}]`));
}
