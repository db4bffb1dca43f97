import { quote } from '../quote.ts';

/** Shell text of one command from its words, whatever they hold but a NUL: still to be judged before it is run. */
export function commandText(words: readonly string[]): string {
  return words.map((word) => quote(word.replaceAll('\0', '\ufffd'))).join(' ');
}
