import { lstatSync, readdirSync } from 'node:fs';
import { readScript, type Step } from '../../src/policy/read-script.ts';
import type { Word } from '../../src/policy/word.ts';
import { type Started, sorted, standInName } from './real-shells.ts';

/** The text with the name of each program replaced, as it is quoted there but for `[` and names with a hyphen. */
export function withStandIns(text: string): string {
  let result = text;
  for (const step of [...readScript(text)].reverse()) {
    const name = step.spans.find((span) => !/^[2<]/.test(text.slice(span.pos, span.end)));
    if (!name) throw new Error(`no name in ${text}`);
    const value = step.words[0]?.value ?? '';
    const renamed = standInName(value) !== `${value}x`;
    result =
      result.slice(0, renamed ? name.pos : name.end) +
      (renamed ? standInName(value) : 'x') +
      result.slice(name.end);
  }
  return result;
}

/** What we believe that a shell starts for this text in its home directory, where all programs succeed or all fail. */
export function ourReading(text: string, home: string): Started {
  const steps = readScript(text);
  const reached = [...reachedSteps(steps, 0), ...reachedSteps(steps, 1)];
  return sorted(reached.map(({ words }) => words.flatMap((word, index) => argumentsOf(word, index, home))));
}

/** The steps that run where every program ends with this exit code. */
function reachedSteps(steps: readonly Step[], exitCode: 0 | 1): readonly Step[] {
  let status = 0;
  let runs = true;
  let negated = false;
  return steps.filter((step) => {
    if (step.joint !== '|') {
      runs = step.joint === '&&' ? status === 0 : step.joint === '||' ? status !== 0 : true;
      negated = step.negated;
    }
    if (runs) status = negated ? 1 - exitCode : exitCode;
    return runs;
  });
}

function argumentsOf(word: Word, index: number, home: string): readonly string[] {
  if (index === 0) return [standInName(word.value)];
  if (word.glob) return namesOf(word, home);
  return [word.tilde ? home + word.value.slice(1) : word.value];
}

interface Sign {
  readonly text: string;
  readonly glob: boolean;
}

/**
 * The names that a pattern stands for, by bytes and in their order (POSIX XCU 2.13 in the C locale), or the word
 * itself where there is none. A file system as text: each character is one byte.
 */
function namesOf(word: Word, home: string): readonly string[] {
  const signs = word.pieces.flatMap(({ text, glob }): readonly Sign[] =>
    glob ? [{ text, glob }] : [...bytes(text)].map((character) => ({ text: character, glob })),
  );
  const segments: Sign[][] = [[]];
  for (const sign of word.tilde ? signs.slice(1) : signs) {
    if (sign.text === '/') segments.push([]);
    else segments.at(-1)?.push(sign);
  }
  const start = bytes(home);
  let found = [word.tilde ? start : ''];
  for (const [index, segment] of segments.entries()) {
    found = found.flatMap((prefix) => matchesBelow(prefix, segment, index > 0, start));
  }
  if (found.length === 0) return [word.tilde ? home + word.value.slice(1) : word.value];
  return found.sort().map((name) => Buffer.from(name, 'latin1').toString());
}

function matchesBelow(prefix: string, segment: readonly Sign[], slash: boolean, home: string): string[] {
  const before = slash ? `${prefix}/` : prefix;
  // not by `join`, which takes x/.. away though x may be no directory
  const absolute = (path: string) => Buffer.from(path.startsWith('/') ? path : `${home}/${path}`, 'latin1');
  const text = segment.map((sign) => sign.text).join('');
  const isStart = !slash && text === '';
  if (!segment.some((sign) => sign.glob))
    return isStart || exists(absolute(before + text)) ? [before + text] : [];
  const pattern = new RegExp(`^${segment.map(expressionOf).join('')}$`, 's');
  return namesIn(absolute(before)).flatMap((name) =>
    pattern.test(name) && (!name.startsWith('.') || text.startsWith('.')) ? [before + name] : [],
  );
}

function expressionOf({ text, glob }: Sign): string {
  if (!glob) return text.replace(/[^\w]/, '\\$&').replace('\\\n', '\n');
  if (text === '*') return '.*';
  return text === '?'
    ? '.'
    : text.replace('[!', '[^').replace('[:alpha:]', 'A-Za-z').replace('[:digit:]', '0-9');
}

/** Not below a file, either; with a slash at its end, only a directory or a link to one. */
function exists(path: Buffer): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}

function namesIn(path: Buffer): readonly string[] {
  try {
    return readdirSync(path, { encoding: 'latin1' });
  } catch {
    return [];
  }
}

function bytes(text: string): string {
  return Buffer.from(text).toString('latin1');
}
