import type { Anchored } from './anchors.ts';
import { lineStart } from './lines.ts';
import type { LineEnds, Secret } from './secret.ts';
import { isHarmlessValue, type NameKind, secretName } from './secret-names.ts';

const mostNameUnits = 64;
const mostSpaces = 64;
const mostQuotedUnits = 4_096;
/** What may stand behind the name of something that is given a value. */
const behindName: ReadonlySet<string> = new Set([...'=:"\'`\\>,] \t\n?+']);

/** `password = x`, `"token": "x"`, `--secret x`, `<apiKey>x</apiKey>`, and a name and a value as a pair. */
export const assignments: readonly Anchored[] = [
  {
    grams: [
      ...[
        'pass',
        'secr',
        'toke',
        '_key',
        '-key',
        'tkey',
        'skey',
        'ekey',
        'dkey',
        'ikey',
        'ykey',
        'nkey',
        'gkey',
      ],
      ...[
        'rkey',
        'hkey',
        'api_',
        'wpwd',
        '_pwd',
        ';pwd',
        '"pwd',
        ' pwd',
        "'pwd",
        '.pwd',
        '-pwd',
        '\npwd',
        'bpwd',
      ],
      ...[
        '_psk',
        ' psk',
        '\npsk',
        '\tpsk',
        '"psk',
        'ndpw',
        'otpw',
        'rpw=',
        'dbpw',
        '_pw=',
        '_pw:',
        'raut',
        'htok',
      ],
    ],
    rule: assignmentAt,
  },
];

function assignmentAt(text: string, at: number, lineEnd: LineEnds): Secret | undefined {
  const first = at + (isNameCode(text.charCodeAt(at)) ? 0 : 1);
  let start = first;
  while (start > 0 && first - start < mostNameUnits && isNameCode(text.charCodeAt(start - 1))) start -= 1;
  let end = first;
  while (end - first < mostNameUnits && isNameCode(text.charCodeAt(end))) end += 1;
  if (!behindName.has(text.charAt(end))) return undefined;
  const kind = secretName(text.slice(start, end));
  if (kind === undefined) return undefined;
  const found = valueAfter(text, start, end, lineEnd);
  if (!found || found.start >= found.end) return undefined;
  const value = text.slice(found.start, Math.min(found.end, found.start + 301));
  if (isHarmlessValue(value, kind) || (found.isLoose && !looksMade(value))) return undefined;
  if (isDatabaseOfNames(text, start, end, kind)) return undefined;
  return { start: found.start, end: found.end, kind };
}

interface Value {
  readonly start: number;
  readonly end: number;
  /** In running text, where a plain word is more likely a word than a password. */
  readonly isLoose?: boolean;
}

function valueAfter(text: string, nameStart: number, nameEnd: number, lineEnd: LineEnds): Value | undefined {
  const closed = nameEnd + quoteLength(text, nameEnd);
  const isFlag =
    text.startsWith('--', nameStart) ||
    /define\(\s?["']$/.test(text.slice(Math.max(0, nameStart - 9), nameStart));
  const head = text.slice(closed, closed + mostSpaces);
  const form =
    /^[ \t]*(?:=>|:=|\?=|\+=|=(?![=~])|:(?!:))[ \t]*/.exec(head) ??
    /^\]?[ \t]*=(?![=~>])[ \t]*/.exec(head) ??
    /^[,\s]{0,8}(?:- )?["']?value["']?[ \t]*[:=][ \t]*/i.exec(head) ??
    (isFlag ? /^(?:[ \t]+(?![-|&>;])|,\s{0,40}(?=["']))/.exec(head) : null) ??
    (isSpaced(text, nameStart, nameEnd) ? /^[ \t]+/.exec(head) : null);
  if (form) return assigned(text, closed + form[0].length, nameStart, form[0], lineEnd);
  if (text.charAt(nameStart - 1) === '<' && text.charAt(nameEnd) === '>') {
    const end = text.indexOf('<', nameEnd + 1);
    const start = nameEnd + 1;
    return { start, end: end < 0 || end - start > mostQuotedUnits ? lineEnd(start) : end };
  }
  return undefined;
}

function assigned(
  text: string,
  start: number,
  nameStart: number,
  form: string,
  lineEnd: LineEnds,
): Value | undefined {
  const quote = quoteLength(text, start);
  if (quote > 0)
    return {
      start: start + quote,
      end: quotedEnd(text, start + quote, text.slice(start, start + quote), lineEnd(start + quote)),
    };
  const stop = lineEnd(start);
  const ownLine = isFirstOnLine(text, nameStart);
  if (ownLine && /^[|>][+-]?\d?\s*$/.test(text.slice(start, Math.min(stop, start + 8)))) {
    return block(text, nameStart, stop, lineEnd);
  }
  const word = /[\s,;&"'`<>)}\]|\\]/g;
  word.lastIndex = start;
  const wordEnd = Math.min(word.exec(text)?.index ?? text.length, stop);
  const first = text.slice(start, Math.min(stop, start + 301)).trim();
  if (!ownLine || form.trim() === '' || first.startsWith('$') || first.startsWith('{')) {
    return { start, end: wordEnd, isLoose: /^:[ \t]/.test(form.trim() + form.slice(-1)) && !ownLine };
  }
  const rest = text.slice(start, Math.min(stop, start + mostQuotedUnits));
  const comment = rest.search(/[ \t]+#|[ \t]+\\?$|[,;]?[ \t]*$|\\{1,2}n/);
  return { start, end: rest.length < mostQuotedUnits && comment >= 0 ? start + comment : stop };
}

/** A block scalar of YAML: the lines below that are indented further. */
function block(text: string, nameStart: number, from: number, lineEnd: LineEnds): Value | undefined {
  const indent = nameStart - (lineStart(text, nameStart) ?? nameStart);
  let end = from;
  for (let at = from; at < text.length && at - from < mostQuotedUnits; ) {
    const next = lineEnd(at + 1);
    const line = text.slice(at + 1, next);
    if (line.trim() !== '' && line.length - line.trimStart().length <= indent) break;
    end = next;
    at = next;
  }
  const start = from + text.slice(from, from + 80).search(/\S|$/);
  return end > start ? { start, end } : undefined;
}

/** Only indentation, a list dash, `export`, or the number or mark that grep and diff put there, stand before it. */
function isFirstOnLine(text: string, nameStart: number): boolean {
  const start = lineStart(text, nameStart);
  if (start === undefined || nameStart - start > 80) return false;
  return /^[+\-#;>\s]*(?:\d{1,7}[:\-\t ]\s*)?(?:(?:export|set|setenv|ENV|ARG|declare -x)\s+)?$/.test(
    text.slice(start, nameStart),
  );
}

/** Settings that are written with a blank: netrc(5), redis, `IDENTIFIED BY` is a quoted string of its own. */
function isSpaced(text: string, nameStart: number, nameEnd: number): boolean {
  const name = text.slice(nameStart, nameEnd).toLowerCase();
  if (name === 'requirepass' || name === 'masterauth') return true;
  if (name === 'rootpw' || name === 'bindpw') return true;
  return (
    name === 'password' && /\blogin\s+\S{1,100}\s+$/.test(text.slice(Math.max(0, nameStart - 120), nameStart))
  );
}

/** nsswitch.conf(5) and passwd(5) speak of data bases and fields called so. */
function isDatabaseOfNames(text: string, start: number, end: number, kind: NameKind): boolean {
  return (
    kind === 'password' &&
    text.slice(start, end) === 'passwd' &&
    /^:[ \t]+(?:files|compat|systemd|sss|ldap|db|nis|winbind|cache)\b/.test(text.slice(end, end + 80))
  );
}

/** Not a plain word: digits, signs, capitals inside, or long. */
function looksMade(value: string): boolean {
  return value.length >= 16 || /[^A-Za-z.]|[a-z][A-Z]/.test(value);
}

function quoteLength(text: string, at: number): number {
  return /^(?:\\{1,3}["']|["'`])/.exec(text.slice(at, at + 4))?.[0].length ?? 0;
}

/** Where the quote closes: on the same line, else at its end. */
function quotedEnd(text: string, start: number, quote: string, stop: number): number {
  const last = quote.slice(-1);
  for (let at = start; at < Math.min(stop, start + mostQuotedUnits); at += 1) {
    if (text.startsWith(quote, at)) return at;
    if (text.charAt(at) === '\\' && quote === last) at += 1;
  }
  return stop;
}

function isNameCode(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x30 && code <= 0x39) ||
    code === 0x5f ||
    code === 0x2d ||
    code === 0x2e
  );
}
