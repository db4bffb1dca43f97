import type { Word as ParsedWord, WordPart } from 'unbash';
import { quote } from '../quote.ts';
import { checkCharacters } from './bounds.ts';
import type { PathWatch } from './path-watch.ts';
import { Refused } from './refusal.ts';
import { scanWord } from './scan-word.ts';

/** A stretch of a word: text, or a pattern that the shell replaces by names (`*`, `?`, `[a-z]`). */
export interface Piece {
  readonly text: string;
  readonly glob: boolean;
}

export interface Word {
  /** As the user wrote it. */
  readonly source: string;
  /** What the program would get, before `~` and patterns are replaced. */
  readonly value: string;
  /** It begins with `~` alone or `~/`, unquoted. */
  readonly tilde: boolean;
  readonly glob: boolean;
  readonly pieces: readonly Piece[];
  /** The working directory as the caller wrote it: absolute, or a place below the home directory. */
  readonly base?: string;
  /** What is to be known of the paths of its command; a word that a grammar made has none. */
  readonly paths?: PathWatch;
  /** What it was read as (see `trail.ts`). */
  readonly roles: string[];
}

/**
 * A word as it is read twice: by the parser, and by our own scanner of the part of the language that all shells
 * read alike. Refused where they differ, or where the word holds anything but text, quotes and patterns.
 */
export function readWord(parsed: ParsedWord, source: string, roles: string[] = []): Word {
  for (const part of parsed.parts ?? []) checkPart(part);
  const text = source.slice(parsed.pos, parsed.end);
  const { pieces, tilde } = scanWord(text);
  const value = pieces.map((piece) => piece.text).join('');
  if (text !== parsed.text || value !== parsed.value || globsOf(pieces) !== parsedGlobs(parsed)) {
    throw new Refused(text, 'shells may read this word in different ways', "the word in single quotes: '…'");
  }
  checkCharacters(value);
  return { source: text, value, tilde, glob: pieces.some((piece) => piece.glob), pieces, roles };
}

/** The word as shell text that every shell reads alike: all of it quoted but a leading `~` and the patterns. */
export function shellText(word: Word): string {
  if (!word.tilde) return word.pieces.map(pieceText).join('') || quote('');
  const [first, ...others] = word.pieces;
  const prefix = word.value.startsWith('~/') ? '~/' : '~';
  const rest = { text: (first?.text ?? '').slice(prefix.length), glob: false };
  return (
    prefix +
    [rest, ...others]
      .filter((piece) => piece.text !== '')
      .map(pieceText)
      .join('')
  );
}

function pieceText(piece: Piece): string {
  return piece.glob ? piece.text : quote(piece.text);
}

function globsOf(pieces: readonly Piece[]): string {
  return pieces.flatMap((piece) => (piece.glob ? [piece.text] : [])).join(' ');
}

function parsedGlobs(parsed: ParsedWord): string {
  return (parsed.parts ?? []).flatMap((part) => (part.type === 'Glob' ? [part.text] : [])).join(' ');
}

const quoteIt = 'the text itself, in single quotes where it has special characters';

const refusedParts: Partial<Record<WordPart['type'], readonly [reason: string, instead: string]>> = {
  SimpleExpansion: [
    'variables are not expanded',
    `the value itself; or '$' in single quotes; ~/ for the home`,
  ],
  ParameterExpansion: ['variables are not expanded', `the value itself; or '$' in single quotes`],
  CommandExpansion: [
    'a command inside a command is not run',
    'two calls: the second with what the first gave',
  ],
  ArithmeticExpansion: ['arithmetic is not expanded', 'the number itself'],
  ProcessSubstitution: ['a command inside a command is not run', 'a pipe ( a | b ), or two calls'],
  ExtendedGlob: ['extended patterns are not the same in all shells', 'plain * ? [a-z], or find -name'],
  BraceExpansion: ['braces are not the same in all shells', 'each word written out; or the word in quotes'],
  LocaleString: ['$"…" is not the same in all shells', 'plain double quotes'],
};

function checkPart(part: WordPart): void {
  const refused = refusedParts[part.type];
  if (refused) throw new Refused(part.text, ...refused);
  if (part.type === 'DoubleQuoted') for (const inner of part.parts) checkPart(inner);
  else if (!['Literal', 'Glob', 'SingleQuoted', 'AnsiCQuoted'].includes(part.type)) {
    throw new Refused(part.text, 'this shell construct is not known here', quoteIt);
  }
}
