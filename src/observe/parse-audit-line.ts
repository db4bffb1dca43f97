import * as z from 'zod';
import { hashMark, hashOf, lineStart } from './audit-line.ts';

/** What the chain needs of a line. */
export interface ChainLine {
  readonly time: string;
  readonly run: string;
  readonly sequence: number;
  readonly event: string;
  readonly prev: string;
  readonly hash: string;
}

/** `torn`: the beginning of a line whose rest could not be written. */
export type ParsedLine =
  | { readonly kind: 'line'; readonly line: ChainLine }
  | { readonly kind: 'torn' }
  | { readonly kind: 'wrong'; readonly why: string; readonly run?: string };

const digest = z.string().regex(/^[0-9a-f]{64}$/);
const schema = z.looseObject({
  time: z.iso.datetime({ precision: 3 }),
  run: z.string().regex(/^[0-9a-f]{16}$/),
  sequence: z.int().min(1),
  event: z.enum(['start', 'continued', 'intent', 'outcome', 'end']),
  prev: digest,
  hash: digest,
});

/** Torn lines that may stand before a whole one. */
const mostTorn = 16;

/** `,"hash":"` + 64 digits + `"}` */
const tailLength = hashMark.length + 64 + 2;

/** The lines of the log in one line of the file: more than one where a torn line was not ended before the next. */
export function splitLine(bytes: Buffer): readonly Buffer[] {
  const starts: number[] = [];
  for (let at = bytes.indexOf(lineStart, 1); at >= 0; at = bytes.indexOf(lineStart, at + 1)) starts.push(at);
  if (starts.length > mostTorn) return [bytes]; // no line of ours, and not worth the time
  return [0, ...starts].map((start, index) => bytes.subarray(start, starts[index]));
}

/** One line of an audit log, whatever it holds. */
export function parseAuditLine(bytes: Buffer): ParsedLine {
  const text = bytes.toString('utf8');
  const covered = bytes.subarray(0, Math.max(0, bytes.length - tailLength));
  const tail = /^,"hash":"([0-9a-f]{64})"\}$/.exec(bytes.toString('latin1', covered.length));
  if (!tail)
    return isBeginning(text) ? { kind: 'torn' } : { kind: 'wrong', why: 'it is no line of an audit log' };
  const parsed = schema.safeParse(fromJson(text));
  const run = /"run":"([0-9a-f]{16})"/.exec(text.slice(0, 80))?.[1];
  const ofRun = run === undefined ? {} : { run };
  if (hashOf(covered) !== tail[1])
    return { kind: 'wrong', why: 'it was changed: its hash does not fit it', ...ofRun };
  if (!parsed.success) return { kind: 'wrong', why: 'it is no line of an audit log', ...ofRun };
  return { kind: 'line', line: parsed.data };
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Some of these makes JSON of every text that can become a JSON object by going on. */
const stringEnds = ['"', 'n"', '0"', '00"', '000"', '0000"'];
const literalEnds = ['rue', 'ue', 'e', 'alse', 'lse', 'se', 'ull', 'll', 'l'];
const endings = [
  '',
  '0',
  ':0',
  '"":0',
  ...stringEnds,
  ...stringEnds.map((end) => `${end}:0`),
  ...literalEnds,
];

/** What every line has first: 24 characters of time, 16 of run. */
const headLength = 71;
const wholeHead = /^\{"time":"[\dT:.Z-]{24}","run":"[0-9a-f]{16}","sequence":\d/;
const partOfHead = /^\{"time":"[\dT:.Z-]*("|$)/;

/** Could this be how a line begins, and no whole line? */
function isBeginning(text: string): boolean {
  if (!lineStart.startsWith(text.slice(0, lineStart.length))) return false;
  if (text.length < lineStart.length) return true;
  if (!(text.length > headLength ? wholeHead : partOfHead).test(text)) return false;
  const mark = text.lastIndexOf(hashMark);
  if (mark >= 0 && !/^[0-9a-f]{0,64}"?$/.test(text.slice(mark + hashMark.length))) return false;
  // a character may be cut in half
  const whole = text.replace(/\ufffd{1,3}$/, '');
  const brackets = closers(whole);
  return brackets !== '' && endings.some((ending) => isObject(`${whole}${ending}${brackets}`));
}

/** What closes the objects and arrays that are open at the end of `text`. */
function closers(text: string): string {
  const open: string[] = [];
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"?|[{}[\]]/gs)) {
    if (token === '{') open.push('}');
    else if (token === '[') open.push(']');
    else if (token === '}' || token === ']') open.pop();
  }
  return open.reverse().join('');
}

function isObject(text: string): boolean {
  return typeof fromJson(text) === 'object';
}
