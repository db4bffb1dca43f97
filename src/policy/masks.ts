import { quote } from '../quote.ts';
import type { Token } from './grammar.ts';

type Masked = 'docker' | 'journalctl' | 'systemctl';

const marker = '[redacted:environment]';

/** `"Env": [` of docker inspect, an element a line; podman shows the options of its creation besides. */
const dockerScript = [
  String.raw`/^ *"([A-Za-z]*Env|CreateCommand)": \[$/,/^ *\],?$/{`,
  String.raw`s/^( *"[^"=\]*=).*"(,?)$/\1${marker}"\2/`,
  't',
  String.raw`/^ *"[^"=\]*",?$/b`,
  String.raw`s/^( *").*"(,?)$/\1${marker}"\2/`,
  '}',
];

const text = String.raw`"[^"\]*(\\.[^"\]*)*"`;
const field = '"[A-Z_]*ENVIRON"[[:space:]]*:[[:space:]]*';

/** Fields such as COREDUMP_ENVIRON in JSON: a text, a list of texts, or a list of bytes over several lines. */
const journalScript = [
  String.raw`s/(${field})(${text}|\[([^]"]|${text})*\])/\1"${marker}"/g`,
  String.raw`/${field}\[[^]]*$/,/\]/{`,
  String.raw`s/(${field})\[[^]]*$/\1"${marker}"/`,
  't',
  String.raw`s/^[^]]*\]//`,
  't',
  'd',
  '}',
];

/** `Environment=` of a unit, also in a comment and continued; all of it where it is not plainly names and values. */
const unitScript = [
  ':a',
  String.raw`/^[[:space:]#;]*(Environment|SetCredential[A-Za-z]*)[[:space:]]*=.*\\$/{`,
  '$!{',
  'N',
  String.raw`s/\n[[:space:]]*[#;].*//`, // systemd.syntax(7): a comment does not end what is continued
  'ba',
  '}',
  '}',
  '/^[[:space:]#;]*Environment[[:space:]]*=/{',
  String.raw`s/"([A-Za-z_][A-Za-z0-9_]*)=[^"\]*(\\.[^"\]*)*"/\1=${marker}/g`,
  String.raw`s/'([A-Za-z_][A-Za-z0-9_]*)=[^'\]*(\\.[^'\]*)*'/\1=${marker}/g`,
  String.raw`s/([[:space:]=])([A-Za-z_][A-Za-z0-9_]*)=[^[:space:]"'\]*/\1\2=${marker}/g`,
  String.raw`/^[[:space:]#;]*Environment[[:space:]]*=([[:space:]\]*[A-Za-z_][A-Za-z0-9_]*=\[redacted:environment\])*[[:space:]\]*$/!s/=.*/=${marker}/`,
  '}',
  String.raw`s/^([[:space:]#;]*SetCredential[A-Za-z]*[[:space:]]*=[^:]*:).*/\1${marker}/`,
];

/**
 * `scout_mask SCRIPT PROGRAM ARGUMENT…` runs the program with its output through sed(1) and ends with the status of
 * the program, which a pipeline of its own would lose: the status goes around sed by descriptor 3.
 */
const runMasked = [
  'scout_mask() { m=$1; shift; { z=$({ { command "$@" 3>&- 4>&-; echo $? >&3; } |',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: an expansion of the remote shell
  'sed -E "$m" >&4 3>&-; } 3>&1); } 4>&1; return ${z:-1}; }',
].join(' ');

const functions: Readonly<Record<Masked, string>> = {
  docker: masking('docker', { inspect: dockerScript }),
  journalctl: masking('journalctl', { '*': journalScript }),
  systemctl: masking('systemctl', { cat: unitScript, status: journalScript }),
};

/** The program of a printed command that may print the environment of another; undefined for all others. */
export function maskOf(tokens: readonly Token[]): Masked | undefined {
  const [program, verb] = tokens;
  const isJson = tokens.some((token, at) => token === '-o' && String(tokens[at + 1]).startsWith('json'));
  if (program === 'docker') return verb === 'inspect' ? program : undefined;
  if (program === 'systemctl') return verb === 'cat' || (verb === 'status' && isJson) ? program : undefined;
  return program === 'journalctl' && isJson ? program : undefined;
}

/**
 * Definitions of shell functions that stand in the place of these programs: so the mask holds wherever the command
 * has them, before a pipe too, and the command is written as if there were none. Empty for none.
 */
export function maskText(masked: readonly (Masked | undefined)[]): string {
  const names = [...new Set(masked)].filter((name) => name !== undefined);
  return names.length === 0 ? '' : [runMasked, ...names.map((name) => functions[name])].join('\n');
}

/** The function of a program whose sub-commands `scripts` names are masked. */
function masking(program: Masked, scripts: Readonly<Record<string, readonly string[]>>): string {
  const cases = Object.entries(scripts).map(
    ([verb, script]) => `${verb}) scout_mask ${quote(script.join('\n'))} ${program} "$@";;`,
  );
  const others = '*' in scripts ? '' : `*) command ${program} "$@";; `;
  return `${program}() { case $1 in ${cases.join(' ')} ${others}esac; }`;
}
