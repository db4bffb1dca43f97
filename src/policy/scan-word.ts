import { Refused } from './refusal.ts';
import type { Piece } from './word.ts';

const inSingleQuotes = 'the word in single quotes';

/** A bracket pattern that all shells read alike; anything else in brackets is refused or plain text. */
const bracket = /\[!?(?:\[:[a-z]+:\]|[\w.,:=@%+-])+\]/y;

/** `$` followed by one of these, inside double quotes, is a dollar sign in every shell. */
const afterPlainDollar = new Set([
  '',
  ' ',
  '\t',
  '\n',
  ')',
  '|',
  '/',
  '.',
  ',',
  ':',
  ';',
  ']',
  '}',
  '+',
  '%',
  '=',
  '^',
  '&',
  "'",
]);

const ansiC: Readonly<Record<string, string>> = { n: '\n', t: '\t', '\\': '\\', "'": "'", '"': '"' };

interface Scan {
  readonly text: string;
  at: number;
  readonly pieces: Piece[];
  /** Unquoted text only, for what the parser may call a brace expansion. */
  bare: string;
}

/**
 * Our own reading of one word's source: backslash, '…', "…", $'…' with five escapes, patterns, `~`
 * (POSIX XCU 2.2 and 2.6.1). Refuses everything else.
 */
export function scanWord(text: string): { pieces: readonly Piece[]; tilde: boolean } {
  const scan: Scan = { text, at: 0, pieces: [], bare: '' };
  while (scan.at < text.length) scanOne(scan);
  if (mayBeBraces(scan.bare)) {
    throw new Refused(
      text,
      'braces are not the same in all shells',
      'each word written out; or the word in quotes',
    );
  }
  return { pieces: scan.pieces, tilde: hasTilde(text) };
}

/** Generous, and linear in time: bash wants the brackets matched as well. */
function mayBeBraces(bare: string): boolean {
  const inside = bare.slice(bare.indexOf('{') + 1, bare.lastIndexOf('}') + 1);
  return bare.includes('{') && /,|\.\./.test(inside);
}

function scanOne(scan: Scan): void {
  const { text, at } = scan;
  const character = text.charAt(at);
  if (character === '\\') scanBackslash(scan);
  else if (character === "'") scanSingle(scan);
  else if (character === '"') scanDouble(scan);
  else if (character === '$') scanDollar(scan);
  else if (/[\s`()<>|&;]/.test(character)) {
    throw new Refused(text, 'an operator inside a word', inSingleQuotes);
  } else scanBare(scan, character);
}

function scanBare(scan: Scan, character: string): void {
  bracket.lastIndex = scan.at;
  const found = character === '[' ? bracket.exec(scan.text)?.[0] : undefined;
  if (found === undefined && character !== '*' && character !== '?') {
    scan.bare += character;
    add(scan, character, 1);
  } else add(scan, found ?? character, (found ?? character).length, true);
}

function scanBackslash(scan: Scan): void {
  const next = scan.text.charAt(scan.at + 1);
  if (next === '')
    throw new Refused(scan.text, 'a backslash at the end of the command', 'the command without it');
  scan.bare += ' ';
  add(scan, next === '\n' ? '' : next, 2);
}

function scanSingle(scan: Scan): void {
  const end = scan.text.indexOf("'", scan.at + 1);
  if (end < 0) throw new Refused(scan.text, 'a quote is not closed', 'the command with its closing quote');
  scan.bare += ' ';
  add(scan, scan.text.slice(scan.at + 1, end), end + 1 - scan.at);
}

function scanDouble(scan: Scan): void {
  const { text } = scan;
  let value = '';
  let at = scan.at + 1;
  for (; text.charAt(at) !== '"'; at++) {
    const character = text.charAt(at);
    const next = text.charAt(at + 1);
    if (character === '')
      throw new Refused(text, 'a quote is not closed', 'the command with its closing quote');
    if (character === '\\' && '$`"\\\n'.includes(next) && next !== '') {
      value += next === '\n' ? '' : next;
      at++;
    } else if (character === '`' || (character === '$' && next !== '"' && !afterPlainDollar.has(next))) {
      throw new Refused(text, 'variables and commands in double quotes are not expanded', inSingleQuotes);
    } else value += character;
  }
  scan.bare += ' ';
  add(scan, value, at + 1 - scan.at);
}

/** `$'…'`, or a dollar sign that ends the word. */
function scanDollar(scan: Scan): void {
  const { text, at } = scan;
  if (at === text.length - 1) {
    scan.bare += '$';
    add(scan, '$', 1);
    return;
  }
  const quoted = /\$'((?:[^'\\]|\\.)*)'/sy;
  quoted.lastIndex = at;
  const found = quoted.exec(text);
  if (!found)
    throw new Refused(text, 'variables are not expanded', `the value itself; or '$' in single quotes`);
  const value = (found[1] ?? '').replace(/\\(.)/gs, (written, letter: string) => {
    const meant = ansiC[letter];
    if (meant !== undefined) return meant;
    throw new Refused(
      written,
      `only \\n \\t \\\\ \\' \\" are the same in all shells inside $'…'`,
      inSingleQuotes,
    );
  });
  scan.bare += ' ';
  add(scan, value, found[0].length);
}

function add(scan: Scan, text: string, sourceLength: number, glob = false): void {
  scan.at += sourceLength;
  const last = scan.pieces.at(-1);
  if (text === '') return;
  if (glob || !last || last.glob) scan.pieces.push({ text, glob });
  else scan.pieces[scan.pieces.length - 1] = { text: last.text + text, glob: false };
}

function hasTilde(text: string): boolean {
  if (!text.startsWith('~')) return false;
  if (text === '~' || text.startsWith('~/')) return true;
  throw new Refused(
    text,
    "another user's home, or a quoted part right after ~",
    'the absolute path; or ~/… ; or the word in single quotes',
  );
}
