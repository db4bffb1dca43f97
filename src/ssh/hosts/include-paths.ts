import { join } from 'node:path';

/** What expanding a glob needs of the file system. */
export interface Directories {
  /** Names in a directory; empty where there is none. */
  names(path: string): readonly string[];
  exists(path: string): boolean;
}

/**
 * The paths that an absolute Include argument stands for, in byte order (glob(7): `*`, `?`, `[…]`, backslash;
 * a leading dot must be written out). Empty where nothing is there.
 */
export function includedPaths(pattern: string, directories: Directories): readonly string[] {
  let found: readonly string[] = ['/'];
  const segments = pattern.split('/').filter((segment) => segment !== '');
  for (const [index, segment] of segments.entries()) {
    const last = index === segments.length - 1;
    found = found.flatMap((base) => expand(base, segment, directories, last));
  }
  return [...found].sort(byBytes);
}

function expand(base: string, segment: string, directories: Directories, last: boolean): readonly string[] {
  if (!/[*?[]/.test(segment)) {
    const path = join(base, segment.replace(/\\(.)/g, '$1'));
    return !last || directories.exists(path) ? [path] : [];
  }
  const atoms = atomsOf(segment);
  const hidden = segment.startsWith('.');
  return directories
    .names(base)
    .filter((name) => name.startsWith('.') === hidden && matches(name, atoms))
    .map((name) => join(base, name));
}

type Atom = '*' | ((char: string) => boolean);

function atomsOf(segment: string): readonly Atom[] {
  const atoms: Atom[] = [];
  for (const [atom] of segment.matchAll(/\[!?\]?[^\]]*\]|\\.|./gs)) {
    if (atom === '*') atoms.push('*');
    else if (atom === '?') atoms.push(() => true);
    else if (atom.length > 2 && atom.startsWith('[')) atoms.push(classOf(atom.slice(1, -1)));
    else atoms.push((char) => char === (atom.length > 1 ? atom.slice(1) : atom));
  }
  return atoms;
}

/** `a-z_` or `!a-z_`. */
function classOf(body: string): (char: string) => boolean {
  const negated = body.startsWith('!');
  const ranges = [...(negated ? body.slice(1) : body).matchAll(/(.)-(.)|(.)/gs)].map(
    ([, from, to, single]) => [from ?? single ?? '', to ?? single ?? ''] as const,
  );
  return (char) => ranges.some(([from, to]) => char >= from && char <= to) !== negated;
}

/** As `matchesPattern`: a star is tried again from its last place only. */
function matches(name: string, atoms: readonly Atom[]): boolean {
  let at = 0;
  let inAtoms = 0;
  let star = -1;
  let afterStar = 0;
  while (at < name.length) {
    const atom = atoms[inAtoms];
    if (atom === '*') {
      star = inAtoms++;
      afterStar = at;
    } else if (atom?.(name.charAt(at))) {
      inAtoms++;
      at++;
    } else if (star >= 0) {
      inAtoms = star + 1;
      at = ++afterStar;
    } else return false;
  }
  return atoms.slice(inAtoms).every((atom) => atom === '*');
}

function byBytes(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}
