import fc from 'fast-check';
import type { Grammar } from '../../../src/policy/grammar.ts';
import { judge } from '../../../src/policy/index.ts';
import type { Kind } from '../../../src/policy/kinds.ts';
import { type OptionRule, readOperands, readOptions } from '../../../src/policy/notation.ts';
import { programs } from '../../../src/policy/programs/index.ts';
import { everyday } from '../corpus/everyday.ts';
import { hostile } from '../corpus/hostile.ts';
import { plausible } from '../random-commands.ts';
import { recorded } from './recorded-grammars.ts';
import { dangerousWords, globs, hostileNames, newNames, plainNames, values } from './values.ts';

/** Picks with the randomness of fast-check, so that a seed gives the same commands. */
interface Dice {
  upTo(most: number): number;
  one<T>(from: readonly T[]): T;
  chance(percent: number): boolean;
}

interface Head {
  readonly words: string;
  readonly grammar: Grammar;
  readonly options: readonly (readonly [spelling: string, rule: OptionRule])[];
  /** Words of the corpora, for a program whose grammar is no table. */
  readonly vocabulary?: readonly string[];
}

/**
 * Commands made of the grammars themselves: every option in each of its spellings, with values that fit and values
 * that do not, with operands of the right kind and of any, and now and then a word that writes somewhere. Needs a
 * test that mocks `options.ts` by `recording`.
 */
function walkedCommands(): fc.Arbitrary<string> {
  const heads = findHeads();
  return dice((roll) => {
    const command = () => walk(roll, roll.one(heads));
    let text = command();
    while (roll.chance(15)) text += roll.one([' | ', ' && ', ' || ', '; ', '\n']) + command();
    if (roll.chance(3))
      text += roll.one([' 2>/dev/null', ' 2>&1', ' < a.log', ' > new', ' >> new', ' 2> new']);
    return text;
  });
}

/** Everyday and hostile commands with a word or a character changed, on paths of the canary tree. */
function mutatedCommands(): fc.Arbitrary<string> {
  const corpus = [...everyday, ...hostile.map(([, command]) => command)]
    .filter((command) => command.length < 300)
    .map(intoTree);
  const characters = [...'\'"\\$`(){}[]<>&|;#!~*?=-+@%, \n\t0aoef'];
  return dice((roll) => {
    let text = roll.one(corpus);
    for (let times = roll.upTo(2); times >= 0; times--) {
      const words = text.split(' ');
      const at = roll.upTo(words.length - 1);
      const place = roll.upTo(text.length);
      text = roll.one([
        () => text.slice(0, place) + roll.one(characters) + text.slice(place),
        () => text.slice(0, place) + text.slice(place + 1),
        () => words.toSpliced(at, 1).join(' '),
        () => words.toSpliced(at, 0, anyWord(roll)).join(' '),
        () => words.toSpliced(at, 1, anyWord(roll)).join(' '),
        () => `${words.slice(0, at).join(' ')} ${roll.one(corpus).split(' ').slice(1).join(' ')}`,
      ])();
    }
    return text;
  });
}

/** What the fuzz runs draw from. */
export function fuzzedCommands(): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 6, arbitrary: walkedCommands() },
    { weight: 3, arbitrary: mutatedCommands() },
    { weight: 1, arbitrary: plausible },
  );
}

/** The texts that the policy lets through, with what it would run; each once, and none that walks the whole machine. */
export function acceptedOf(texts: readonly string[]): readonly { text: string; canonical: string }[] {
  const seen = new Set<string>();
  return texts.flatMap((text) => {
    const verdict = judge(text);
    if (!verdict.allowed || seen.has(verdict.canonical) || walksMachine(verdict.canonical)) return [];
    seen.add(verdict.canonical);
    return [{ text, canonical: verdict.canonical }];
  });
}

function walksMachine(canonical: string): boolean {
  return /(?:^| )'(?:find|du|tree|ls|grep|rg|lsof)'.* '?\/(?:\.|\w+)?'?(?:\/?\*|\/?$|\/?'| )/m.test(
    canonical,
  );
}

/** Nothing here is shrunk, so of fast-check only a seed is drawn: to record each throw took half of the time. */
function dice<T>(make: (roll: Dice) => T): fc.Arbitrary<T> {
  return fc.noBias(fc.integer()).map((seed) => {
    let state = seed;
    const upTo = (most: number) => {
      // splitmix32
      state = (state + 0x9e3779b9) | 0;
      let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
      mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
      return ((mixed ^ (mixed >>> 15)) >>> 0) % (Math.max(0, most) + 1);
    };
    return make({
      upTo,
      one: (from) => from[upTo(from.length - 1)] as (typeof from)[number], // lists here are never empty
      chance: (percent) => upTo(99) < percent,
    });
  });
}

/** Each grammar with the words that lead to it: by trial, for a table knows its own name only. */
function findHeads(): readonly Head[] {
  const parents = ['', 'docker ', 'docker compose -p shop ', 'systemctl ', 'zpool ', 'zfs ', 'apt-cache '];
  const heads = parents.flatMap((parent) => {
    const unknown = refusalOf(`${parent}no-such-name`);
    return recorded
      .map(([name, grammar]) => ({
        words: parent + name,
        grammar,
        options: [...readOptions(grammar.options ?? '')],
      }))
      .filter((head) => refusalOf(head.words) !== unknown && isHead(head));
  });
  const others = [...programs.keys()].filter((name) => !heads.some(({ words }) => words === name));
  const grammar = { operands: '' };
  return [
    ...heads,
    // Twice: there is more to know of a language of its own.
    ...[...others, ...others].map((words) => ({
      words,
      grammar,
      options: [],
      vocabulary: vocabularyOf(words),
    })),
  ];
}

/** The words that the corpora have after the program's name, quoted as there, on paths of the canary tree. */
function vocabularyOf(name: string): readonly string[] {
  const lines = [...everyday, ...everyday, ...hostile.map(([, command]) => command)].filter(
    (command) => command.startsWith(`${name} `) && command.length < 300 && !/[|;&<>\n]/.test(command),
  );
  return lines.flatMap(
    (line) =>
      intoTree(line)
        .match(/(?:'[^']*'|"[^"]*"|\\.|[^\s'"\\])+/g)
        ?.slice(1) ?? [],
  );
}

function refusalOf(text: string): string | undefined {
  const verdict = judge(text);
  return verdict.allowed ? undefined : verdict.refusal.reason;
}

function isHead(head: Head): boolean {
  const walked = dice((roll) => walk(roll, head));
  return Array.from({ length: 25 }, (_, seed) => seed).some((seed) =>
    fc.sample(walked, { numRuns: 1, seed }).some((text) => judge(text).allowed),
  );
}

function walk(roll: Dice, { words, grammar, options, vocabulary = [] }: Head): string {
  const seen = new Set<string>();
  const parts: string[] = [];
  for (let count = options.length > 0 ? roll.upTo(3) : 0; count > 0; count--) {
    const [spelling, rule] = roll.one(options);
    seen.add(rule.printed);
    parts.push(optionText(roll, spelling, rule));
  }
  if (vocabulary.length > 0)
    for (let count = roll.upTo(5); count > 0; count--) parts.push(roll.one(vocabulary));
  const table = typeof grammar.operands === 'string' ? grammar.operands : operandsOf(grammar, seen);
  for (const { kind, least, most } of readOperands(table)) {
    const count = roll.chance(5)
      ? roll.upTo(3)
      : least + roll.upTo(most === Number.POSITIVE_INFINITY ? 2 : most - least);
    for (let index = 0; index < count; index++) parts.push(operandText(roll, kind, most > 1));
  }
  while (roll.chance(10)) parts.splice(roll.upTo(parts.length), 0, anyWord(roll));
  if (roll.chance(10)) parts.splice(roll.upTo(parts.length), 0, '--');
  return [words, ...parts, ...(words === '[' ? [']'] : [])].join(' ');
}

function operandsOf(grammar: Grammar, seen: ReadonlySet<string>): string {
  try {
    return typeof grammar.operands === 'string' ? grammar.operands : grammar.operands(seen);
  } catch {
    return 'TEXT*'; // a grammar refuses combinations by an exception of its own
  }
}

function optionText(roll: Dice, spelling: string, rule: OptionRule): string {
  if (!rule.kind || (rule.value === 'attached' && roll.chance(40))) return quoted(roll, spelling);
  const value = fittingValue(roll, rule.kind);
  if (spelling.startsWith('--')) {
    const attached = rule.value === 'attached' || roll.chance(50);
    return attached ? quoted(roll, `${spelling}=${value}`) : `${spelling} ${quoted(roll, value)}`;
  }
  const attached = rule.value === 'attached' || roll.chance(40);
  return attached ? quoted(roll, spelling + value) : `${spelling} ${quoted(roll, value)}`;
}

function fittingValue(roll: Dice, kind: Kind): string {
  const fitting = fittingOnes.get(kind) ?? findFitting(kind);
  fittingOnes.set(kind, fitting);
  return fitting.length === 0 || roll.chance(12) ? roll.one(values) : roll.one(fitting);
}

const fittingOnes = new WeakMap<Kind, readonly string[]>();

function findFitting(kind: Kind): readonly string[] {
  const choices = /^one of (.*)$/.exec(kind.what)?.[1]?.split(' ') ?? [];
  const names = kind.path ? [...plainNames, ...hostileNames] : [];
  return [...choices, ...names, ...values].filter((value) => kind.form.test(value));
}

function operandText(roll: Dice, kind: Kind, many: boolean): string {
  if (many && roll.chance(30)) return roll.one(globs);
  return quoted(roll, fittingValue(roll, kind));
}

function anyWord(roll: Dice): string {
  const list = roll.one([plainNames, hostileNames, newNames, values, dangerousWords]);
  return roll.chance(15) ? roll.one(globs) : quoted(roll, roll.one(list));
}

/** The text as one word of the shell, in one of the ways that people quote. */
function quoted(roll: Dice, text: string): string {
  const isPlain = /^[\w./:=,@%+-]+$/.test(text) && !text.startsWith('=');
  if (isPlain && roll.chance(85)) return text;
  const single = `'${text.replaceAll("'", "'\\''")}'`;
  const double = `"${text.replace(/[\\"$`]/g, '\\$&')}"`;
  const slashed = text.replace(/[^\w./-]/gu, (found) => (found === '\n' ? "'\n'" : `\\${found}`)) || "''";
  const halves = `${text.slice(0, 1).replace(/[^\w-]/gu, "'$&'")}''${single.length > 3 && text.slice(1) ? `"${text.slice(1).replace(/[\\"$`]/g, '\\$&')}"` : ''}`;
  return roll.one([single, single, double, slashed, /^[ -~]+$/.test(text) ? halves : single]);
}

/** Everyday paths of a machine, as paths of the canary tree. */
function intoTree(command: string): string {
  return command
    .replace(/(?<=[\s'"=]|^)\/(?:etc|var|usr|home|srv|tmp|opt|bin|sys|proc|root)(?:\/[\w.-]+)*/g, './a.log')
    .replace(/(?<=[\s'"]|^)\/(?=[\s'"*]|$)/g, './');
}
