// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are expansions of the remote shell
import type { DenyPaths } from '../../deny-paths.ts';
import { quote } from '../../quote.ts';
import { type FindRequest, longestLineBytes } from '../find.ts';
import { denyTests, nameTest } from './find-tests.ts';
import { bsdFacts, gnuFacts, lsFunction } from './read-script.ts';
import { pathWord } from './shell-words.ts';
import { whyFunction } from './why-not.ts';

/** What find is given to run: never a login shell. */
const sh = '/bin/sh';
/** A file with a NUL in so many bytes is no text. */
const lookedAtBytes = 32 * 1024;
/** A number and a sign before a line. */
const longestHeadBytes = 24;
/** Walking into these from above is never meant; autofs would call other machines. */
const neverEntered = ['/proc', '/sys', '/dev', '/net'];
const kernelTypes = [
  'proc|sysfs|devtmpfs|devpts|debugfs|tracefs|securityfs|cgroup|cgroup2|bpf|configfs|pstore|efivarfs|mqueue',
  'hugetlbfs|fusectl|rpc_pipefs|binfmt_misc|selinuxfs|autofs|nsfs',
].join('|');

/**
 * One script that finds what `request` asks for. Its stdout are records that each end with a NUL:
 *
 *   `eR`          it cannot be searched, for the reason R (`scout_why`, D: denied, V: a window into the kernel,
 *                 X: no usable find)
 *   `TPATH`       first: the real path of the target
 *   `SFACTS:PATH` something found, PATH below that of the target
 *   `FFACTS:PATH` a file whose content matches; then `B` where it is binary, or `L` and what `grep -n` says
 *
 * Its stderr: a line that begins with `find:` or `grep:` for each thing that cannot be opened, and `token` for each
 * that is denied. It ends when the walk has; who has enough kills it.
 */
export function findScript(request: FindRequest, token: string, denied: DenyPaths): string {
  const tests = testsOf(request);
  const isNear = request.crossDevices ? '' : ' -xdev';
  return [
    'exec 3>&2 2>/dev/null', // from here on >&2 is nowhere: behind a wall it may not be opened again
    `p=${pathWord(request.path, quote)}`,
    `tk=${token}`,
    whyFunction,
    lsFunction,
    `fD='scout_denied "$2" || exit 1; printf "%s\\n" "$1" >&2; exit 0'`, // for find -exec: is $2 denied?
    `if [ ! -e "$p" ]; then scout_why "$p"; printf 'e%s\\000' $y; exit 0; fi`,
    `scout_real "$p"; if scout_denied "$r"; then printf 'eD\\000'; exit 0; fi`,
    ...(request.pattern ? ["case $r/ in /proc/*|/sys/*|/dev/*|/net/*) printf 'eV\\000'; exit 0;; esac"] : []),
    'if [ -d "$r" ]; then',
    `{ [ -r "$r" ] && [ -x "$r" ]; } || { printf 'eP\\000'; exit 0; }`,
    `fm='-mindepth 1' fd=${request.depth}; else fm= fd=0; fi`,
    ...(request.sinceMs === undefined ? [] : [minutesSince(request.sinceMs)]),
    // Whatever this find does not know ends it with an error, and without a walk.
    `scout_try() { find -H "$r" -maxdepth 0${isNear} ${tests} "$@" >&2; }`,
    request.pattern ? 'fP=' : String.raw`fP='-printf \c'; scout_try $fP || fP=`,
    `[ "$fP" ] || { scout_try && ${statFlavour}; } || { printf 'eX\\000'; exit 0; }`,
    `set -- ${neverEntered.map((path) => `-path ${path}`).join(' -o ')} \\) -o -prune \\)`,
    ...(request.crossDevices
      ? [
          `while read -r a m t b; do case $t in ${kernelTypes}) set -- -path "$m" -o "$@";; esac; done </proc/mounts`,
        ]
      : []),
    `set -- -H "$r" $fm -maxdepth $fd${isNear} \\( ! \\( "$@" ${lookedInto(request, denied)} ${tests}`,
    `printf 'T%s\\000' "$r"`,
    ...(request.pattern ? contentSearch(request, request.pattern.source) : nameSearch()),
    'exit 0',
  ].join('\n');
}

/**
 * Never false for a directory, which is not entered where it is denied; and false for a denied file where content is
 * searched. `$fP` prints nothing: GNU's find moves tests of names to the front, across an -o too, but for what prints,
 * and would ask some hundred names of every file.
 */
function lookedInto(request: FindRequest, denied: DenyPaths): string {
  const tests = denyTests(denied);
  if (tests === '') return '';
  const denials = ` \\\n${tests} \\\n`; // a line of its own, the same in each script
  const isDenied = `-exec ${sh} -c "$scout_deny; $fD" sh "$tk" {} \\;`;
  return request.pattern
    ? `\\( -type d -o ${testsOf(request)} \\) \\( !${denials}-o ! ${isDenied} -o -type d -prune \\)`
    : `\\( ! -type d -o $fP !${denials}-o ! ${isDenied} -o -prune \\)`;
}

function testsOf(request: FindRequest): string {
  const { type, name, sinceMs, largerThanBytes, pattern } = request;
  const letter = pattern ? 'f' : type && { file: 'f', directory: 'd', symlink: 'l' }[type];
  return [
    ...(letter === undefined ? [] : [`-type ${letter}`]),
    ...(name === undefined ? [] : [nameTest(name)]),
    ...(sinceMs === undefined ? [] : ['-mmin -$fn']),
    ...(largerThanBytes === undefined ? [] : [`-size +${largerThanBytes}c`]),
  ].join(' ');
}

/** Whole minutes, by the clock of that machine, rounded up: the exact moment is compared here. */
function minutesSince(sinceMs: number): string {
  const seconds = Math.floor(sinceMs / 1_000);
  return `fn=$(( ($(date +%s) - (${seconds})) / 60 + 2 )); [ "$fn" -gt 0 ] || fn=1`;
}

/** Each path on its way as soon as it is found (`\c`): find(1) keeps what it prints until it has 4 KiB. */
function nameSearch(): readonly string[] {
  const facts = String.raw`S%y=%m:%s:%T@:%A@:%u:%g:%U:%G:%p\0\c`;
  const one = [lsFunction, 'fS=$1 f=$2', factsOfFile, `printf 'S%s:%s\\000' "$s" "$f"`].join('\n');
  return [
    `if [ "$fP" ]; then find "$@" -printf ${quote(facts)} 2>&3`,
    `else find "$@" -exec ${sh} -c ${quote(one)} sh "$fS" {} \\; 2>&3; fi`,
  ];
}

/** `fS`: how stat(1) is asked there. A find that prints facts by itself needs none. */
const statFlavour = '{ fS=c; stat -L -c %f -- "$r" >&2 || { fS=f; stat -L -f %Xp -- "$r" >&2; } || fS=l; }';

/** `s`: facts of `$f` as `parseFacts` takes them, by the flavour of stat `$fS`. */
const factsOfFile = [
  'case $fS in',
  `c) s=$(stat -c ${gnuFacts} -- "$f");;`,
  `f) s=$(stat -f ${bsdFacts} -- "$f");;`,
  `*) s=$(scout_ls '' "$f");; esac`,
].join('\n');

/**
 * Which files match, first: by one grep for many, whose list has NULs where it can have them. Where it cannot
 * (BusyBox), by one grep for many that says whether any does, and only then by one for each. Then their lines.
 */
function contentSearch(request: FindRequest, pattern: string): readonly string[] {
  const word = quote(pattern);
  const show = [
    lsFunction,
    'scout_show() { f=$1',
    factsOfFile,
    `printf 'F%s:%s\\000' "$s" "$f"`,
    `x=$(head -c ${lookedAtBytes} <"$f" | tr -dc '\\000' | wc -c)`,
    `if [ $x -gt 0 ]; then printf 'B\\000'; return; fi; printf L`,
    `grep -anE -m ${request.limit + 1}${request.contextLines > 0 ? ` -C ${request.contextLines}` : ''} -e ${word} -- "$f" |`,
    `cut -b 1-${longestLineBytes + longestHeadBytes} | tr '\\000' '\\001'; printf '\\000'; }`,
  ];
  const listed = ['fS=$1; shift', ...show, 'for f; do scout_show "$f"; done'].join('\n');
  const tried = [
    'fS=$1; shift',
    `for f; do [ -r "$f" ] || echo grep: >&2; done`,
    'exec 2>&4',
    ...show,
    `grep -qE -e ${word} -- "$@" || exit 0`,
    `for f; do grep -qE -e ${word} -- "$f" && scout_show "$f"; done`,
  ].join('\n');
  return [
    "if printf 'x\\n' | grep -lE --null --line-buffered -e x >&2 && xargs -0 -n 1 true </dev/null; then",
    `find "$@" -exec grep -lE --null --line-buffered -e ${word} -- {} + 2>&3 |`,
    `xargs -0 -n 1 ${sh} -c ${quote(listed)} sh "$fS"`,
    `else find "$@" -exec ${sh} -c ${quote(tried)} sh "$fS" {} + 4>&2 2>&3; fi`,
  ];
}
