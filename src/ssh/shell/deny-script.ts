// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are expansions of the remote shell
import type { DenyEntry, DenyPaths } from '../../deny-paths.ts';
import type { Piece } from '../../name-pattern.ts';
import { kernelTraps, pathTraps } from '../../path-traps.ts';
import { quote } from '../../quote.ts';
import { lineWord } from './shell-words.ts';

type Names = readonly (readonly Piece[])[];

/** An entry between its `**`: where the first part stands at the root, and what each part asks for. */
interface Route {
  readonly run: number;
  readonly isException: boolean;
  readonly isAnchored: boolean;
  readonly parts: readonly Names[];
}

/** The status of a command that the guard did not let run; also that of a program which cannot be run. */
export const guardStatus = 126;

/**
 * The line of the worker's boot that defines `denyFunctions` and the guard, once, for every script that follows. The
 * text of the first stays in `scout_deny`, for the shells that find(1) starts.
 */
export function denyLine(denied: DenyPaths): string {
  return `scout_deny=${lineWord(denyFunctions(denied))}; eval "$scout_deny"; ${guardFunction}`;
}

/**
 * `scout_guard TOKEN PATH…` ends with `guardStatus` where a path leads to what is not opened, and writes the token, why (D:
 * denied, T: one of `pathTraps`) and the path to stderr. Denied is also a directory in which every name is, one that nobody
 * has; a trap also a device wherever it is, and by another name a directory that has one below it, for who opens that
 * reads all of it. What `scout_real` remembers is forgotten: links change.
 */
const guardFunction = [
  'scout_guard() { tk=$1; shift; g=0; for f; do [ "$f" = - ] && continue; scout_real "$f"; k=;',
  'if scout_denied "$r" || { [ -d "$r" ] && scout_denied "$r/$tk"; }; then k=D;',
  'elif scout_trap "$r"; then k=T;',
  'elif [ -d "$f" ]; then scout_trap "$r/$tk" && k=T; [ "$r" = "$f" ] ||',
  `case $r in ${treesOfTraps()} esac;`,
  'elif [ "$r" != /dev/null ] && { [ -c "$r" ] || [ -b "$r" ]; }; then k=T; fi;',
  `[ "$k" ] && { printf "%s\\n" "$tk$k$f" >&2; g=${guardStatus}; break; }; done; E=; return $g; }`,
].join(' ');

/**
 * Arms of a `case` for the directories that have a trap somewhere below them. A `*` matches slashes too, so the longest
 * come first, and before each what lies below it.
 */
function treesOfTraps(): string {
  const trees = pathTraps.flatMap(({ path, isDirectory }) => {
    const names = path.split('/').slice(0, isDirectory ? undefined : -1);
    return names.map((_, index) => names.slice(0, index + 1).join('/') || '/');
  });
  const longestFirst = [...new Set(trees)].sort((one, other) => depthOf(other) - depthOf(one));
  return longestFirst
    .map((tree) => (tree.endsWith('/*') ? `${tree}/*) ;; ${tree}) k=T;;` : `${tree}) k=T;;`))
    .join(' ');
}

function depthOf(path: string): number {
  return path.split('/').length;
}

/**
 * Shell functions, for any POSIX shell and without a process but for directories and links:
 *
 *   `scout_real PATH`    sets `r` to the path with every link resolved, as far as it exists
 *   `scout_denied PATH`  whether a real path is denied, exactly as `DenyPaths.denies` has it
 *   `scout_trap PATH`    whether a real path is one of `kernelTraps`, or lies in one
 */
export function denyFunctions(denied: DenyPaths): string {
  return [realFunction, deniedFunction(denied.entries), trapFunction].join('\n');
}

const trapFunction = `scout_trap() { case $1 in ${kernelTraps
  .map(({ path, isDirectory }) => (isDirectory ? `${path}/*` : path))
  .join('|')}) return 0;; esac; return 1; }`;

/**
 * The directory by `cd -P`, which resolves as the kernel does, and the last name by readlink(1); where there is no
 * readlink, a link stays what it is. That costs a process, so an absolute path without a link in it (`scout_plain`) is
 * seen to be one by the shell itself, and the directory of the path before is remembered. The dot keeps line feeds at
 * the end of a name; stderr is closed, for a wall may refuse to open /dev/null.
 */
const realFunction = [
  'scout_plain() { rt=${1#/}; rt=${rt%/}/; rp=; while [ "$rt" ]; do rn=${rt%%/*}; rt=${rt#*/}',
  'case $rn in ""|.|..) return 1;; esac; rp=$rp/$rn; [ -h "$rp" ] && return 1; done; [ -d "$rp" ]; }',
  'scout_cd() { [ "$1" = "$E" ] && return; case $1 in /*) scout_plain "$1" && { q=$rp; E=$1; return 0; };; esac',
  'q=$(cd -P -- "$1" 2>&- && pwd -P && echo .) || return 1; q=${q%??}; E=$1; }',
  'E=; scout_real() { r=$1; h=40; while :; do if [ -d "$r" ]; then scout_cd "$r" && r=$q; return 0; fi',
  'case $r in */*) b=${r##*/}; e=${r%/*}/;; *) b=$r; e=.;; esac',
  'scout_cd "$e" || return 0; r=$q/$b; [ -h "$r" ] && [ $h -gt 0 ] || return 0',
  'h=$((h-1)); l=$(readlink "$r" 2>&- && echo .) || return 0; l=${l%??}',
  'case $l in /*) r=$l;; *) r=$q/$l;; esac; done; }',
].join('\n');

/**
 * Name by name from the root: `dp` is the path so far, `dk` its length, `w2` the last two names, and so on, so that
 * a `*` of a case pattern, which also matches slashes, finds none to match. `dr` is the last run of entries of one
 * kind (denying, excepting) that fitted.
 */
function deniedFunction(entries: readonly DenyEntry[]): string {
  const routes = routesOf(entries);
  const simple = routes.filter(({ parts }) => parts.length === 1);
  const lengths = [...new Set(routes.flatMap(({ parts }) => parts.map((part) => part.length)))];
  const longest = Math.max(1, ...lengths);
  const windows = Array.from({ length: longest - 1 }, (_, index) => longest - index);
  const denying = [...new Set(routes.filter(({ isException }) => !isException).map(({ run }) => run))];
  if (denying.length === 0) return 'scout_denied() { return 1; }';
  return [
    `scout_denied() { dt=$1/; dp=; dk=0; dr=0; ${flagsOf(routes)}w1=`,
    'while [ "$dt" ]; do ds=${dt%%/*}; dt=${dt#*/}; [ "$ds" ] || continue; dp=$dp/$ds; dk=$((dk+1))',
    ...windows.map((length) => `w${length}=$w${length - 1}/$ds`),
    'w1=$ds',
    caseOf('$dk$dp', simple.filter(({ isAnchored }) => isAnchored).map(withLength)),
    ...lengths.map((length) => {
      const own = simple.filter(({ isAnchored, parts }) => !isAnchored && parts[0]?.length === length);
      return own.length > 0 ? `[ $dk -lt ${length} ] || ${caseOf(`$w${length}`, own.map(asIs))}` : '';
    }),
    ...routes.flatMap((route, index) => (route.parts.length > 1 ? chainOf(route, index) : [])),
    `done; case $dr in ${denying.join('|')}) return 0;; esac; return 1; }`,
  ]
    .filter(Boolean)
    .join('\n');
}

type Arm = readonly [run: number, pattern: string];

function withLength({ run, parts: [names = []] }: Route): Arm {
  return [run, `${names.length}${quote('/')}${patternOf(names)}`];
}

function asIs({ run, parts: [names = []] }: Route): Arm {
  return [run, patternOf(names)];
}

/** The last run first, for the first arm that fits is taken. */
function caseOf(subject: string, arms: readonly Arm[]): string {
  const runs = [...new Set(arms.map(([run]) => run))].sort((a, b) => b - a);
  if (runs.length === 0) return '';
  const lines = runs.map((run) => {
    const patterns = arms.filter((arm) => arm[0] === run).map(([, pattern]) => pattern);
    return `${patterns.join('|')}) ${raise(run)};;`;
  });
  return `case ${subject} in\n${lines.join('\n')}\nesac`;
}

/** Each part after the one before it, wherever it fits first; `fI_J` is how far the path was then. */
function chainOf({ run, isAnchored, parts }: Route, index: number): readonly string[] {
  return parts.map((names, place) => {
    const flag = `f${index}_${place}`;
    const before = `$f${index}_${place - 1}`;
    const subject = place === 0 && isAnchored ? '$dk$dp' : `$w${names.length}`;
    const pattern =
      place === 0 && isAnchored ? `${names.length}${quote('/')}${patternOf(names)}` : patternOf(names);
    const from = place === 0 ? `$dk -ge ${names.length}` : `$((dk-${names.length})) -ge "${before}"`;
    const isReached = place === 0 ? '' : `[ "${before}" ] && `;
    const found = `${flag}=$dk${place === parts.length - 1 ? `; ${raise(run)}` : ''}`;
    return `[ "$${flag}" ] || { ${isReached}[ ${from} ] && case ${subject} in ${pattern}) ${found};; esac; }`;
  });
}

function flagsOf(routes: readonly Route[]): string {
  return routes
    .flatMap(({ parts }, index) => (parts.length > 1 ? parts.map((_, place) => `f${index}_${place}=; `) : []))
    .join('');
}

function raise(run: number): string {
  return `[ $dr -gt ${run} ] || dr=${run}`;
}

/** Entries of one kind in a row are one run; the first is 1. */
function routesOf(entries: readonly DenyEntry[]): readonly Route[] {
  let run = 1;
  return entries.map(({ segments, isException }, index) => {
    if (index > 0 && isException !== entries[index - 1]?.isException) run += 1;
    const parts: (readonly Piece[])[][] = [[]];
    for (const segment of segments) {
      if (segment === '**') parts.push([]);
      else parts.at(-1)?.push(segment);
    }
    const isAnchored = segments[0] !== '**';
    return { run, isException, isAnchored, parts: parts.filter((part) => part.length > 0) };
  });
}

function patternOf(names: Names): string {
  const pieces = names.flatMap((name, index) => (index > 0 ? [{ text: '/', glob: false }, ...name] : name));
  const joined: Piece[] = [];
  for (const piece of pieces) {
    const before = joined.at(-1);
    if (!before || before.glob || piece.glob) joined.push(piece);
    else joined[joined.length - 1] = { text: before.text + piece.text, glob: false };
  }
  return joined.map(({ text, glob }) => (glob ? text : quote(text))).join('');
}
