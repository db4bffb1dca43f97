// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are expansions of the remote shell
import type { DenyPaths } from '../../deny-paths.ts';
import { quote } from '../../quote.ts';
import type { Builder, Wall } from '../wall/wall.ts';
import { denyLine } from './deny-script.ts';
import { whyFunction } from './why-not.ts';

/**
 * Reads a line, runs it, again. Given by `-c`: dash reads a script on stdin in blocks, and would swallow what
 * comes after the line that it runs. `read` takes single bytes from a pipe (POSIX), so lines sent ahead are
 * still there for the shell that a line puts in place of this one.
 */
const loop = 'while IFS= read -r l; do eval "$l"; done';

/**
 * What the login shell is asked to run, the next one when one gave no answer. No quote but one pair, no
 * backslash, no `!`, no line feed: csh, fish and POSIX shells read it alike. A restricted shell forbids slash
 * and exec, hence the second.
 */
export const execCommands: readonly string[] = [`exec /bin/sh -c '${loop}'`, `sh -c '${loop}'`];

/** The line that ends the worker and everything that it started. */
export const killLine = 'scout_kill';

const searchPath = [
  ...['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'],
  ...['/run/current-system/sw/bin', '/snap/bin'], // NixOS; packages of snapd
].join(':');

export interface BootOptions {
  readonly nice: boolean;
  /** What the scripts of the file doors ask `scout_denied` about. */
  readonly denied: DenyPaths;
  /** What `denyLine` makes of it, where that is known already: it takes a millisecond. */
  readonly denyText?: string | undefined;
  readonly wall: Wall;
  /** Who may build it. */
  readonly builders: readonly Builder[];
}

/**
 * The lines that turn the shell of `execCommands` into a worker that says hello with `tag` (24 hexadecimal
 * digits): `TAG PID REPORT` and a line feed on stdout, `TAG` and a line feed on stderr. They are sent at once;
 * nothing waits in between. Descriptor 9 writes to /dev/null, which a
 * strict wall does not open: its builder has left it open.
 */
export function bootLines(tag: string, { nice, denied, denyText, wall, builders }: BootOptions): string[] {
  const then = [
    [
      'case $w in *strict*) ;; *) exec 9>/dev/null;; esac; ulimit -c 0',
      // The default IFS is space, tab, line feed: a line feed that needs no line of its own and no process.
      'n=${IFS#??}',
      whyFunction,
      runFunction,
      killFunction,
      `trap ${killLine} EXIT`,
      `scout_say "${tag} $$ $w"; scout_say ${tag} >&2`,
    ].join('; '),
    // behind the hello, which need not wait for them: a shell reads its lines byte by byte
    denyText ?? denyLine(denied),
    divide,
  ];
  return [renewShell, ...wall.lines(loop, then, nice, builders)];
}

/**
 * Replace the shell by one with a fixed environment: nothing of the account's start-up files and no exported
 * function (BASH_FUNC_ls%%) reaches a command. TMPDIR=/dev/null makes a program fail that would spill to disk.
 *
 * `kill -9 0` ends the worker's process group, which must be its own: where a server starts programs in the
 * group of its own process (Dropbear), the new shell is started by setsid, or, where there is none, told
 * (`tree`) to look for its descendants. Field 5 of /proc/PID/stat is the group (proc(5)); field 2 is in
 * parentheses and may hold anything.
 */
const renewShell = [
  `PATH=${searchPath}; export PATH; g=; k=group;`,
  's=; { IFS= read -r s </proc/$$/stat; } 2>/dev/null; set -- ${s##*) };',
  '[ "$3" ] || set -- - - $(ps -o pgid= -p $$ 2>/dev/null);',
  'if [ "$3" != $$ ]; then if command -v setsid >/dev/null 2>&1; then g=setsid; else k=tree; fi; fi;',
  'u=${LOGNAME:-$USER}; [ "$u" ] || u=$(id -un 2>/dev/null);',
  'exec $g env -i "HOME=${HOME:-/}" "USER=$u" "LOGNAME=$u" ${TZ:+"TZ=$TZ"} "PATH=$PATH"',
  'SHELL=/bin/sh LC_ALL=C PAGER=cat TERM=dumb TMPDIR=/dev/null',
  `/bin/sh -c ${quote(loop)} sh $k`,
].join(' ');

/**
 * `scout_run TAG CWD COMMAND` and `scout_do`, of which the first runs what may change its shell (exit, exec, a syntax
 * error, a function) in one of its own, and the second does without that fork, a third of what a short command takes.
 * The trailers follow, then the directory is left, for who stands in one keeps its file system from being unmounted.
 * The command cannot see TAG: not in `$1`, not in `$l`, and a plain one has no expansion. A status that is no number
 * says why the directory could not be entered; no CWD is the home or, where that cannot be entered, `/`, as for sshd.
 * `hash -r`: programs come and go while a worker lives.
 */
const runFunction = [
  'scout_in() { cd -- "${1:-$HOME}" || cd -- "${1:-/}"; };',
  'scout_run() { if scout_in "$2" 2>&9; then (c=$3; unset l n; set --; eval "$c") </dev/null; y=$?;',
  'else scout_why "$2"; fi; scout_end "$1" $y; };',
  'scout_do() { if scout_in "$2" 2>&9; then hash -r; eval "$3" </dev/null; y=$?;',
  'else scout_why "$2"; fi; scout_end "$1" $y; };',
  'scout_end() { scout_say "$1 $2"; scout_say "$1" >&2; cd /; };',
  // the printf of the Korn shells is a program
  'if [ "$KSH_VERSION" ]; then scout_say() { print -r -- "$1"; }; else scout_say() { printf "%s\\n" "$1"; }; fi',
].join(' ');

/**
 * Ends everything that the worker started, and it. Without a group of its own: look for descendants of its first shell
 * until a round finds no new one, and end them, then that shell, then this one.
 */
const killFunction = [
  'if [ "$1" = tree ]; then scout_kill() { { IFS= read -r m </proc/self/stat; m=${m%% *};',
  'd=" $$ "; c=; while [ "$c" != "$d" ]; do c=$d;',
  'for f in /proc/[0-9]*/stat; do IFS= read -r s <$f || continue; p=${s%% *}; set -- ${s##*) };',
  'case $d in *" $p "*) ;; *" $2 "*) d="$d$p ";; esac; done; done;',
  'for p in ${d#" $$ "}; do [ "$p" = "$m" ] || kill -9 $p; done; kill -9 $$; } 2>&9; exit; };',
  'else scout_kill() { kill -9 0; }; fi; set --',
].join(' ');

/**
 * The line that makes two of the worker: one shell reads the orders and hands them on, another runs them, and so the
 * order to die is read whatever runs. The one that runs is waited for by a shell of its own, which ends them all behind
 * it: the first shell waits for both, and would not see it while the one that reads lives on.
 */
const divide = [
  `{ while IFS= read -r l; do case $l in ${killLine}) ${killLine};; esac; scout_say "$l"; done; ${killLine}; } |`,
  `{ ( ${loop} ); ${killLine}; }; ${killLine}`,
].join(' ');
