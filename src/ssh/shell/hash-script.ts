// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are expansions of the remote shell
import { quote } from '../../quote.ts';
import { factsLines, lsFunction } from './read-script.ts';
import { pathWord } from './shell-words.ts';
import { whyFunction } from './why-not.ts';

/**
 * SHA-256 of stdin by the first program that is there: GNU and BusyBox, Perl (macOS), OpenSSL, the BSDs. One is
 * chosen before it reads, for a second one would only see what a failing first one left.
 */
export const digestCommand = [
  'if command -v sha256sum >/dev/null; then sha256sum',
  'elif command -v shasum >/dev/null; then shasum -a 256',
  'elif command -v openssl >/dev/null; then openssl dgst -sha256',
  'elif command -v sha256 >/dev/null; then sha256 -q',
  'else echo none; fi',
].join('\n');

/**
 * One script that says what `path` is and what SHA-256 its content has, in one or two lines:
 *
 *   `eR`       it cannot be read, for the reason R (`scout_why`, D: denied, T: a trap)
 *   `sFACTS`   no regular file: never opened
 *   `fFACTS`   a file; then a line with its digest among other words, or `none` where no program makes one
 *
 * Exit status not 0: the file was opened and could not be read.
 */
export function hashScript(path: string): string {
  return [
    'exec 2>/dev/null',
    `p=${pathWord(path, quote)}`,
    whyFunction,
    lsFunction,
    'if [ ! -e "$p" ]; then scout_why "$p"; echo e$y; exit 0; fi',
    'scout_real "$p"; if scout_denied "$r"; then echo eD; exit 0; fi',
    factsLines,
    '[ -f "$p" ] || { printf "%s\\n" "s$s"; exit 0; }',
    'if scout_trap "$r"; then echo eT; exit 0; fi',
    'o=; { o=1; printf "%s\\n" "f$s"',
    digestCommand,
    '} <"$p"; x=$?; [ "$o" ] || { echo eP; x=0; }; exit $x',
  ].join('\n');
}
