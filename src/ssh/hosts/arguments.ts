/**
 * The arguments of one configuration line, as ssh_config(5) reads them: separated by blanks, quoted with `"` or
 * `'`, with `\"`, `\'`, `\\` and, outside quotes, `\ ` as escapes; an unquoted `#` that starts an argument ends
 * the line. Undefined where a quote is not closed, which ssh refuses.
 */
export function splitArguments(text: string): readonly string[] | undefined {
  if (!/["'\\#]/.test(text)) return text.split(/[ \t]+/).filter((word) => word !== '');
  const words: string[] = [];
  let at = 0;
  while (at < text.length) {
    const first = text.charAt(at);
    if (isBlank(first)) {
      at++;
      continue;
    }
    if (first === '#') break;
    const word = readWord(text, at);
    if (!word) return undefined;
    words.push(word.value);
    at = word.end;
  }
  return words;
}

/** One argument that starts at `from`, and the index of the blank or end behind it. */
function readWord(text: string, from: number): { value: string; end: number } | undefined {
  let value = '';
  let quote = '';
  let at = from;
  for (; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === '\\' && isEscape(text.charAt(at + 1), quote)) value += text.charAt(++at);
    else if (!quote && isBlank(char)) break;
    else if (!quote && (char === '"' || char === "'")) quote = char;
    else if (quote && char === quote) quote = '';
    else value += char;
  }
  return quote ? undefined : { value, end: at };
}

function isEscape(next: string, quote: string): boolean {
  return next === '"' || next === "'" || next === '\\' || (!quote && next === ' ');
}

function isBlank(char: string): boolean {
  return char === ' ' || char === '\t';
}
