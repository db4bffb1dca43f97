import type { ParsedScript, Statement } from 'unbash';
import { Refused } from './refusal.ts';

/** The parser is proven against stack overflow up to here; no command of a person comes near. */
const longestBytes = 16 * 1024;

/** Far more than a person types, and few enough that judging them takes some milliseconds. */
const mostWords = 500;

/** The parser's time grows with the square of their number, and none is let through outside of quotes. */
const mostHereDocuments = 100;

/**
 * Characters that shells, terminals or decoders read in different ways: control characters but tab and newline,
 * C1, lone surrogates, U+FFFD (a byte that was no UTF-8), the byte order mark, Unicode's line separators.
 */
const unreadable = /[\0-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffd]|\p{Cs}/u;

/** Refuse a text that no parser should see. */
export function checkText(command: string): void {
  if (command.length > longestBytes || Buffer.byteLength(command) > longestBytes) {
    throw new Refused(command, 'the command is longer than 16 KiB', 'a shorter command');
  }
  checkCharacters(command);
  if ((command.match(/<</g)?.length ?? 0) > mostHereDocuments) {
    throw new Refused('<<', 'here-documents are not run', 'the command without them');
  }
  if (/^\s*$/.test(command)) {
    throw new Refused(command, 'there is no command', 'one command, such as: ls -la /var/log');
  }
}

/** Also asked of every word after its quotes are read, where an escape may have made a character. */
export function checkCharacters(text: string): void {
  const found = unreadable.exec(text)?.[0];
  if (found === undefined) return;
  const instead = found === '\r' ? 'lines that end in a newline only' : 'the same text without it';
  throw new Refused(
    found,
    'a control character or broken Unicode, which shells read in different ways',
    instead,
  );
}

/** Refuse a script of too many words, before any of them is looked at. */
export function checkWords(script: ParsedScript): void {
  const count = script.commands.reduce((sum, { command }) => sum + wordsOf(command), 0);
  if (count > mostWords) {
    throw new Refused(
      '',
      `more than ${mostWords} words at once`,
      'several calls, or a pattern such as ./*.log',
    );
  }
}

function wordsOf(node: Statement['command']): number {
  if (node.type === 'Command') return node.prefix.length + 1 + node.suffix.length;
  if (node.type !== 'AndOr' && node.type !== 'Pipeline') return 0; // not run, whatever it holds
  return node.commands.reduce((sum, command) => sum + wordsOf(command), 0);
}
