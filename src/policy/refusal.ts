/** Why a command is not run, for the person or model that sent it. */
export interface Refusal {
  /** The refused word or construct as it was written, shortened, with invisible characters shown escaped. */
  readonly word: string;
  readonly reason: string;
  /** What would be accepted. */
  readonly instead: string;
  /** There where the reason is a path that is never read, and not the command. */
  readonly code?: 'path_denied';
}

/** Thrown inside this room and caught by `judge`, which is the only way out of it. */
export class Refused extends Error {
  readonly refusal: Refusal;
  /** What was refused, in full. */
  readonly source: string;
  /** The notes of the refused word, by which `trail.ts` finds it in the command. */
  roles: readonly string[] | undefined;

  constructor(word: string | Noted, reason: string, instead: string, code?: 'path_denied') {
    super(reason);
    this.name = 'Refused';
    this.source = typeof word === 'string' ? word : word.source;
    this.roles = typeof word === 'string' ? undefined : word.roles;
    this.refusal = { word: shown(this.source), reason, instead, ...(code && { code }) };
  }

  /** The same refusal, found among the words of its command: all of a word, else a part of one. */
  among(words: readonly Noted[]): this {
    const fresh = words.find(({ source, roles }) => roles.length === 0 && source.includes(this.source));
    const whole = words.find(({ source }) => source === this.source);
    this.roles ??= (whole === words[0] ? whole : (fresh ?? whole))?.roles;
    return this;
  }
}

/** A word, and what it was read as so far. */
interface Noted {
  readonly source: string;
  readonly roles: readonly string[];
}

const longestShown = 60;

/** `text` fit for a line of an answer: one line, short, nothing invisible and nothing that moves a cursor. */
export function shown(text: string): string {
  const start = [...text.slice(0, 2 * longestShown)];
  const cut = text.length > 2 * longestShown || start.length > longestShown;
  const visible = start
    .slice(0, longestShown)
    .join('')
    .replace(/[\p{C}\p{Zl}\p{Zp}]/gu, escaped);
  return cut ? `${visible}…` : visible;
}

function escaped(character: string): string {
  if (character === '\n') return '\\n';
  if (character === '\t') return '\\t';
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
