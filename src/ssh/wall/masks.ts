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

/**
 * Whether every denied path is hidden where any command line runs: that of `wallMasks`, and what Landlock keeps of
 * processes outside. Any other file below /proc, and `**` within a pattern, only path checks hold.
 */
export function masksHoldAll({ entries }: DenyPaths): boolean {
  return entries.every(({ isException, segments }) => {
    const [first, ...rest] = segments;
    const names = (first === '**' ? rest : segments).map((segment) =>
      segment === '**' ? '**' : segment.map(({ text }) => text).join(''),
    );
    if (isException) return true;
    return names[0] === 'proc' ? keptByLandlock.has(names.at(-1) ?? '') : !names.includes('**');
  });
}

/** Files of /proc/PID that are opened by the rules of ptrace(2), which Landlock restricts; see proc(5). */
const keptByLandlock: ReadonlySet<string> = new Set(['auxv', 'environ', 'maps', 'mem', 'pagemap', 'smaps']);

/** Perl's glob knows braces and tildes, Python's no backslash: both know brackets. */
function literal(text: string): string {
  return text.replace(/[*?[\]{}~]/g, (character) => (character === ']' ? ']' : `[${character}]`));
}
