/** Why a command is not run, for the person or model that sent it. */
export interface Refusal {
  /** The refused word or construct as it was written, shortened, with invisible characters shown escaped. */
  readonly word: string;
  readonly reason: string;
  /** What would be accepted. */
  readonly instead: string;
}

/** Thrown inside this room and caught by `judge`, which is the only way out of it. */
export class Refused extends Error {
  readonly refusal: Refusal;

  constructor(word: string, reason: string, instead: string) {
    super(reason);
    this.name = 'Refused';
    this.refusal = { word: shown(word), reason, instead };
  }
}

const longestShown = 60;

/** `text` fit for a line of an answer: one line, short, nothing invisible and nothing that moves a cursor. */
function shown(text: string): string {
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
