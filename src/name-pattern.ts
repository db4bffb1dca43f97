/** A stretch of a name: text as it is, or one pattern: `*`, `?` or a bracket. */
export interface Piece {
  readonly text: string;
  readonly glob: boolean;
}

/** One character of a name: this one, one of a bracket, or (without either) any. */
interface One {
  readonly only?: string;
  readonly set?: RegExp;
}

type Mark = 'star' | One;

/** A name, or a pattern of names, of which every question is answered in time linear in both lengths. */
export interface NamePattern {
  /** By characters, and by bytes: in the C locale a `?` of a shell is one byte. The same list where both agree. */
  readonly marks: readonly Mark[];
  readonly byteMarks: readonly Mark[];
  /** In small letters, where it has no pattern. */
  readonly plain: string | undefined;
}

/** A bracket that every shell, fnmatch(3) and this file read alike. */
const bracket = /\[!?(?:[A-Za-z0-9_.,+@%=](?:-[A-Za-z0-9])?)+-?\]/y;

const plainText = /[^[\\*?]+/y;

/** The stretches of a pattern as people write it in settings; undefined where a bracket or backslash is no plain one. */
export function patternPieces(text: string): readonly Piece[] | undefined {
  const pieces: Piece[] = [];
  for (let at = 0; at < text.length; ) {
    plainText.lastIndex = at;
    const plain = plainText.exec(text)?.[0];
    const found = plain ?? globAt(text, at);
    if (found === undefined) return undefined;
    pieces.push({ text: found, glob: plain === undefined });
    at += found.length;
  }
  return pieces;
}

/** `*`, `?`, or a bracket that is a plain one; undefined for any other, and for a backslash. */
function globAt(text: string, at: number): string | undefined {
  const character = text.charAt(at);
  if (character !== '[') return character === '\\' ? undefined : character;
  bracket.lastIndex = at;
  const found = bracket.exec(text)?.[0];
  return found === undefined || isBackwards(found) ? undefined : found;
}

export function namePattern(pieces: readonly Piece[]): NamePattern {
  const marks = pieces.flatMap((piece) => marksOf(piece, piece.text));
  const isPlain = pieces.every(({ glob }) => !glob);
  const plain = isPlain
    ? pieces
        .map(({ text }) => text)
        .join('')
        .toLowerCase()
    : undefined;
  if (!pieces.some(({ text }) => /[^\x00-\x7f]/.test(text))) return { marks, byteMarks: marks, plain };
  const bytes = (text: string) => Buffer.from(text).toString('latin1');
  return { marks, byteMarks: pieces.flatMap((piece) => marksOf(piece, bytes(piece.text))), plain };
}

/**
 * Whether some name fits both, capitals or not. `shell` is expanded by a shell, whose leading pattern fits no
 * leading dot, and whose brackets count as any character; to be safe, not to be exact.
 */
export function mayMeet(shell: NamePattern, pattern: NamePattern): boolean {
  if (shell.plain !== undefined && pattern.plain !== undefined) return shell.plain === pattern.plain;
  return (
    marksMeet(shell.marks, pattern.marks) ||
    ((shell.marks !== shell.byteMarks || pattern.marks !== pattern.byteMarks) &&
      marksMeet(shell.byteMarks, pattern.byteMarks))
  );
}

/** Whether every name that `shell` may be expanded to fits `pattern`; false where that is not sure. */
export function covers(pattern: NamePattern, shell: NamePattern): boolean {
  return marksCover(pattern.marks, shell.marks) && marksCover(pattern.byteMarks, shell.byteMarks);
}

/** It fits every name. */
export function fitsAll({ marks }: NamePattern): boolean {
  return marks.length > 0 && marks.every((mark) => mark === 'star');
}

function marksOf({ glob }: Piece, text: string): readonly Mark[] {
  if (!glob) return [...text].map((only) => ({ only }));
  if (text === '*') return ['star'];
  if (text === '?') return [{}];
  const negated = text.startsWith('[!') ? '^' : '';
  const inner = text.slice(negated ? 2 : 1, -1).replace(/[^A-Za-z0-9-]/g, '\\$&');
  bracket.lastIndex = 0;
  return bracket.test(text) && !isBackwards(text)
    ? [{ set: new RegExp(`^[${negated}${inner}]$`, 'i') }]
    : [{}];
}

function isBackwards(text: string): boolean {
  return [...text.matchAll(/(.)-([A-Za-z0-9])/g)].some(([, from = '', to = '']) => from > to);
}

function marksMeet(shell: readonly Mark[], pattern: readonly Mark[]): boolean {
  const [first, own] = [shell[0], pattern[0]];
  if (first !== undefined && !isText(first) && own !== undefined && isText(own) && own.only === '.')
    return false;
  if (isText(first) && isText(own) && first.only?.toLowerCase() !== own.only?.toLowerCase()) return false;
  return walk(shell, pattern, (mark, one) => {
    if (mark === 'star') return 'any';
    if (one === undefined) return 'none';
    if (!isText(mark)) return 'one';
    const character = mark.only ?? '';
    if (one.set) return oneIf(one.set.test(character));
    return oneIf(one.only === undefined || one.only.toLowerCase() === character.toLowerCase());
  });
}

function marksCover(pattern: readonly Mark[], shell: readonly Mark[]): boolean {
  return walk(shell, pattern, (mark, one) => {
    if (mark === 'star' || one === undefined) return 'none';
    if (one.only === undefined && one.set === undefined) return 'one';
    if (!isText(mark)) return 'none';
    return oneIf(one.set ? new RegExp(one.set.source).test(mark.only ?? '') : one.only === mark.only);
  });
}

function oneIf(fits: boolean): Steps {
  return fits ? 'one' : 'none';
}

function isText(mark: Mark | undefined): mark is One {
  return mark !== undefined && mark !== 'star' && mark.only !== undefined;
}

/** How many places of the pattern a mark of the shell gets past: one, any number, or it does not fit there. */
type Steps = 'one' | 'any' | 'none';

/** Read `shell` mark by mark and keep all places of `pattern` that it may have led to. */
function walk(
  shell: readonly Mark[],
  pattern: readonly Mark[],
  step: (mark: Mark, one: One | undefined) => Steps,
): boolean {
  let places = closed(new Set([0]), pattern);
  for (const mark of shell) {
    const next = new Set<number>();
    let anyFrom = pattern.length + 1;
    for (const place of places) {
      const own = pattern[place];
      const steps = own === 'star' ? 'none' : step(mark, own);
      if (own === 'star') next.add(place);
      else if (steps === 'one') next.add(place + 1);
      else if (steps === 'any') anyFrom = Math.min(anyFrom, place);
    }
    for (let at = anyFrom; at <= pattern.length; at++) next.add(at);
    if (next.size === 0) return false;
    places = closed(next, pattern);
  }
  return places.has(pattern.length);
}

/** With the places behind the stars that stand at them: a star may stand for nothing. */
function closed(places: Set<number>, pattern: readonly Mark[]): Set<number> {
  for (const place of places) if (pattern[place] === 'star') places.add(place + 1);
  return places;
}
