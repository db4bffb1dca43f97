// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are expansions of the remote shell
import { quote } from '../../quote.ts';
import type { ReadRequest } from '../files.ts';
import { pathWord } from './shell-words.ts';
import { whyFunction } from './why-not.ts';

/** What stat(1) of GNU, BusyBox and toybox prints (%f is st_mode in hexadecimal), and that of the BSDs. */
export const gnuFacts = '%f:%s:%Y:%X:%U:%G:%u:%g';
export const bsdFacts = '%Xp:%z:%m:%a:%Su:%Sg:%u:%g';

/**
 * `scout_ls FLAGS PATH` where there is no stat: the same fields from ls(1), whose first five columns POSIX
 * defines, and date(1). The type and permissions are letters, the size of a device is not a number.
 */
export const lsFunction = [
  'scout_ls() { set -f; set -- "$2" $(ls -ldn$1 "$2"); set -- "$2" "$6" "$(date -r "$1" +%s)" "$4" "$5";',
  'printf %s "$1:$2:$3:$3:$4:$5:$4:$5"; set +f; }',
].join(' ');

/** Sets `s` to the facts of `$p`, links followed, and `S` to how they were found. Needs `lsFunction`. */
export const factsLines = [
  `S=c; s=$(stat -L -c ${gnuFacts} -- "$p") || { S=f; s=$(stat -L -f ${bsdFacts} -- "$p"); } ||`,
  '{ S=l; s=$(scout_ls L "$p"); }',
].join('\n');

/** For `find -exec … {} +` where find cannot print facts: $1 flavour of stat, $2 separator, then paths. */
const listBatch = [
  lsFunction,
  'S=$1 T=$2; shift 2; case $S in',
  `c) stat -c "$T"S${gnuFacts}:%n -- "$@";;`,
  `f) stat -f "$T"S${bsdFacts}:%N -- "$@";;`,
  `*) for f; do printf %s "$T"S; scout_ls '' "$f"; printf ':%s\\n' "$f"; done;; esac`,
  'for f; do if [ -h "$f" ]; then printf %s "$T"L"$f$T"T; readlink "$f"',
  'elif [ -d "$f" ] && ! { [ -r "$f" ] && [ -x "$f" ]; }; then printf %s "$T"U"$f"; fi; done',
].join('\n');

/**
 * One script that says what `request.path` is and gives its content. Its stdout is a line, then bytes:
 *
 *   `eR`        it cannot be read, for the reason R (`scout_why`, D: denied, T: a trap, or X: no usable find)
 *   `sFACTS`    something that is never opened
 *   `fFACTS`    a file; then its lines, one more than wanted, at most maxBytes + 1
 *   `dKFACTS`   a directory; then records, at most maxBytes + 1; each begins with a separator, which is NUL where
 *               K is n and `token` where K is t, and a letter: R real path of the directory itself,
 *               S facts and path, L path of a symbolic link, T where that leads, U path of a directory that
 *               cannot be opened
 *
 * Exit status not 0: the file was opened and could not be read. Nothing here depends on a message's wording.
 */
export function readScript(request: ReadRequest, token: string): string {
  return [
    'exec 2>/dev/null',
    `p=${pathWord(request.path, quote)}`,
    `tk=${token}`,
    whyFunction,
    lsFunction,
    `if [ ! -e "$p" ]; then scout_why "$p"; echo e$y; exit 0; fi`,
    'scout_real "$p"; if scout_denied "$r"; then echo eD; exit 0; fi',
    factsLines,
    'if [ -d "$p" ]; then',
    '{ cd -- "$p" && [ -r . ]; } || { echo eP; exit 0; }',
    "if find . -maxdepth 0 -printf ''; then k=n; elif find . -maxdepth 0 >/dev/null; then k=t; else echo eX; exit 0; fi",
    'printf "%s\\n" "d$k$s"',
    `{ if [ $k = n ]; then printf '\\0R%s' "$r"; ${gnuFind(request.depth)}`,
    `else printf %s "$tk"R"$r"; ${plainFind(request.depth)}; fi; } |`,
    `head -c ${request.maxBytes + 1}`,
    'exit 0',
    'elif [ -f "$p" ]; then if scout_trap "$r"; then echo eT; exit 0; fi',
    `o=; { o=1; printf "%s\\n" "f$s"; ${contentPipe(request)}; } <"$p"; x=$?`,
    '[ "$o" ] || { echo eP; x=0; }; exit $x',
    'else printf "%s\\n" "s$s"; fi',
  ].join('\n');
}

function gnuFind(depth: number): string {
  const facts = String.raw`\0S%y=%m:%s:%T@:%A@:%u:%g:%U:%G:%P`;
  return [
    `find . -mindepth 1 -maxdepth ${depth} -printf ${quote(facts)}`,
    String.raw`\( -type l -printf '\0L%P\0T%l' -o -type d ! \( -readable -executable \) -printf '\0U%P' \)`,
  ].join(' ');
}

function plainFind(depth: number): string {
  const batch = `-exec /bin/sh -c ${quote(listBatch)} sh "$S" "$tk" {} +`;
  return `find . -mindepth 1 -maxdepth ${depth} ${batch}`;
}

/** Bytes from stdin: tail(1) skips, head(1) counts; one line and one byte more tell whether there is more. */
function contentPipe({ firstLine, lines, maxBytes }: ReadRequest): string {
  return [
    ...(firstLine > 1 ? [`tail -n +${firstLine}`] : []),
    ...(firstLine < 0 ? [`tail -n ${-firstLine}`] : []),
    ...(lines === undefined ? [] : [`head -n ${lines + 1}`]),
    `head -c ${maxBytes + 1}`,
  ].join(' | ');
}
