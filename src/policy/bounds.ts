import { Refused } from './refusal.ts';

/** The parser is proven against stack overflow up to here; no command of a person comes near. */
const longestBytes = 16 * 1024;

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
