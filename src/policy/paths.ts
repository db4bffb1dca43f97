import { type PathTrap, pathTraps } from '../path-traps.ts';
import type { Word } from './word.ts';

/**
 * What a program does with a path: `name` looks at it (stat, list), `file` opens it, `tree` opens everything
 * below it.
 */
export type PathUse = 'name' | 'file' | 'tree';

interface Trap {
  /** Its names below the root; `*` is any. */
  readonly names: readonly string[];
  readonly why: string;
  /** A directory, which itself may be looked at; the trap is what lies in it. */
  readonly isDirectory: boolean;
}

/** Merely looking at these makes an automounter call another machine. */
const looked: readonly Trap[] = [
  trap({ path: '/net/*', why: 'an automounter may call another machine for it', isDirectory: false }),
];

const opened: readonly Trap[] = [...looked, ...pathTraps.map(trap)];

/** Those in which nothing lies. */
const plainFiles: ReadonlySet<readonly string[]> = new Set(
  opened.flatMap(({ names, isDirectory }) => (isDirectory || names.at(-1) === '*' ? [] : [names])),
);

/** What the paths of traps begin with. Devices a door describes by itself. */
const trapped: ReadonlySet<string | undefined> = new Set(
  opened.map(({ names }) => names[0]).filter((name) => name !== 'dev'),
);

/**
 * Why a file door must not be asked for this path, or undefined. Devices are left to the door, which describes
 * them; a path from the home directory is taken for a harmless one.
 */
export function readProblem(path: string): string | undefined {
  const own = path.startsWith('/') ? segments(path) : undefined;
  if (own === undefined || !trapped.has(own[0])) return undefined;
  const plain = own.map((segment) => segment.replace(/[*?[]/g, '\0'));
  return opened.find(
    ({ names, isDirectory }) => meets(plain, names, 'name') && (!isDirectory || own.length > names.length),
  )?.why;
}

/** Why this directory must not be entered, or undefined. */
export function directoryProblem(directory: string): string | undefined {
  const path = segments(directory);
  return path && looked.find(({ names }) => meets(path, names, 'name'))?.why;
}

/** Why what is below this directory must not all be read, or undefined. */
export function belowProblem(directory: string): string | undefined {
  const path = segments(directory);
  return path && opened.find(({ names }) => meets(path, names, 'tree'))?.why;
}

/** Why this path must not be used so, or undefined. Lexical: links are the guard's business. */
export function pathProblem(word: Word, use: PathUse): string | undefined {
  if ((use === 'file' && word.value === '-') || word.value === '/dev/null') return undefined;
  const isRelative = !word.tilde && !word.value.startsWith('/');
  const base = word.base?.startsWith('/') ? `${word.base}/` : '';
  const path = segments(isRelative ? base + word.value : word.value);
  if (path === undefined) return undefined;
  const shell = word.glob ? [...path] : path.map((segment) => segment.replace(/[*?[]/g, '\0'));
  return (use === 'name' ? looked : opened).find(({ names }) => meets(shell, names, use))?.why;
}

function trap({ path, why, isDirectory }: PathTrap): Trap {
  return { names: path.split('/').slice(1), why, isDirectory };
}

/**
 * Segments below the root once `.` and `..` are resolved by their text; undefined for a path that stays below
 * where it starts. One that climbs may reach the root, and is judged as if it did.
 */
function segments(path: string): readonly string[] | undefined {
  const resolved: string[] = [];
  let climbs = path.startsWith('/');
  for (const segment of path.split('/')) {
    if (segment === '..') climbs = resolved.pop() === undefined || climbs;
    else if (segment !== '' && segment !== '.') resolved.push(segment);
  }
  return climbs ? resolved : undefined;
}

/** The path may be the trap or lie in it; a tree may also have the trap in it. */
function meets(path: readonly string[], trap: readonly string[], use: PathUse): boolean {
  if (path.length < trap.length && use !== 'tree') return false;
  if (path.length > trap.length && plainFiles.has(trap)) return false;
  return trap.every((segment, index) => {
    const own = path[index];
    return own === undefined || segment === '*' || matches(own, segment);
  });
}

/** Whether a pattern of the shell may match a name; brackets count as any text, to be safe. */
function matches(pattern: string, name: string): boolean {
  if (pattern.includes('[')) return true;
  let at = 0;
  let star = -1;
  let from = 0;
  let place = 0;
  while (place < name.length) {
    const wanted = pattern.charAt(at);
    if (wanted === '*') {
      star = at++;
      from = place;
    } else if (wanted === '?' || wanted === name.charAt(place)) {
      at++;
      place++;
    } else if (star < 0) return false;
    else {
      at = star + 1;
      place = ++from;
    }
  }
  return /^\**$/.test(pattern.slice(at));
}
