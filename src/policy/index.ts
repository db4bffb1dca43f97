import { type DenyPaths, defaultDenyPaths } from '../deny-paths.ts';
import { LatestAnswers } from '../latest-answers.ts';
import { checkText } from './bounds.ts';
import type { Token } from './grammar.ts';
import { checkKind, kindOf } from './kinds.ts';
import { maskOf, maskText } from './masks.ts';
import type { PathWatch } from './path-watch.ts';
import { belowProblem, directoryProblem } from './paths.ts';
import { printSteps } from './print.ts';
import { withoutZgrep } from './programs/compressed.ts';
import { programs, unknownProgram } from './programs/index.ts';
import { readScript, type Step } from './read-script.ts';
import { type Refusal, Refused } from './refusal.ts';
import { note, type Part, type Read, readsOf } from './trail.ts';
import type { Word } from './word.ts';

export type { Refusal } from './refusal.ts';
export type { Read } from './trail.ts';

export type Verdict =
  | {
      readonly allowed: true;
      /** The command to run: printed from its tree, every word quoted by us. */
      readonly canonical: string;
      /** The programs that it runs, in order. */
      readonly programs: readonly string[];
      /** The files that it opens, as shell text that gives the same names as in `canonical`. */
      readonly opened: readonly string[];
      /** Definitions of shell functions that mask what its programs print; to be run before it. */
      readonly masks: string;
    }
  | { readonly allowed: false; readonly refusal: Refusal };

/**
 * Whether a command of the shell is known to be unable to change anything, and how it is to be written for
 * `/bin/sh`. An absolute `cwd` is where relative paths start; any other is taken for a place below the home
 * directory. Paths that `denied` denies are refused by their text. Denies by default; never throws, whatever the
 * text.
 */
export function judge(command: string, cwd = '', denied = byDefault): Verdict {
  if (command.length + cwd.length > longestKept) return read(command, cwd, denied, []).verdict;
  const verdicts = kept.get(denied) ?? new LatestAnswers<Verdict>(mostKept);
  kept.set(denied, verdicts);
  const question = `${cwd.length} ${cwd}${command}`;
  return verdicts.get(question, () => read(command, cwd, denied, []).verdict);
}

/** The verdicts on what was asked last: one command is asked of many hosts, and again while something is watched. */
const kept = new WeakMap<DenyPaths, LatestAnswers<Verdict>>();
const mostKept = 100;
const longestKept = 1_000;

/** The verdict of `judge`, by the same reading, and what each part of the command was read as on the way. */
export function explain(
  command: string,
  cwd = '',
  denied = byDefault,
): { verdict: Verdict; reads: readonly Read[] } {
  const trail: Part[] = [];
  const { verdict, refused } = read(command, cwd, denied, trail);
  return { verdict, reads: readsOf(command, trail, refused) };
}

/** One reading for both; what it meets is added to `trail`. */
function read(
  command: string,
  cwd: string,
  denied: DenyPaths,
  trail: Part[],
): { verdict: Verdict; refused?: Refused } {
  try {
    checkText(command);
    checkStart(cwd);
    const paths: PathWatch = { denied, opened: new Set() };
    const steps = readScript(command, trail)
      .map((step) => startingIn(cwd, paths, step))
      .flatMap((step) => found(step, withoutZgrep));
    const read = steps.map((step) => ({ ...step, tokens: found(step, readCommand) }));
    const printed = printSteps(read);
    checkPrinted(printed);
    const masks = maskText(read.map(({ tokens }) => maskOf(tokens)));
    const verdict = {
      canonical: printed,
      programs: steps.map(programName),
      opened: [...paths.opened].sort(),
      masks,
    };
    return { verdict: { allowed: true, ...verdict } };
  } catch (thrown) {
    const refused = thrown instanceof Refused ? thrown : unforeseen();
    return { verdict: { allowed: false, refusal: refused.refusal }, refused };
  }
}

/** `use` of a command, whose refusal finds the refused word among the words of that command. */
function found<T>(step: Step, use: (step: Step) => T): T {
  try {
    return use(step);
  } catch (thrown) {
    throw thrown instanceof Refused ? thrown.among(step.words) : thrown;
  }
}

function readCommand(step: Step): readonly Token[] {
  const [word, ...args] = step.words;
  const name = programName(step);
  for (const redirect of step.redirects) {
    if (typeof redirect === 'string') continue;
    if (redirect.from.glob) throw new Refused(redirect.from, 'a pattern after <', 'one file');
    checkKind(kindOf('FILE'), redirect.from.value, redirect.from);
    note(redirect.from, 'redirection: a file to read as the input');
  }
  const program = word && !word.glob && !word.tilde ? programs.get(name) : undefined;
  if (!program || !word) throw unknownProgram(word ?? '', name);
  note(word, `program ${name}`);
  const tokens = program.read(args);
  checkBase(word, tokens);
  return [name, ...tokens];
}

/** `grep -r` and `rg` follow what lies below a working directory. */
function checkBase({ value: name, base }: Word, tokens: readonly Token[]): void {
  const isTree =
    name === 'rg' || (name === 'grep' && tokens.some((token) => token === '-r' || token === '-R'));
  const problem = isTree && base !== undefined ? belowProblem(base) : undefined;
  if (problem) throw new Refused(name, `not from ${base}: ${problem}`, 'another cwd and an absolute path');
}

function checkStart(cwd: string): void {
  const problem = directoryProblem(cwd);
  if (problem) throw new Refused(cwd, `not from there: ${problem}`, 'another cwd');
}

/** The same command with the directory that its relative paths start in. */
function startingIn(base: string, paths: PathWatch, step: Step): Step {
  return {
    ...step,
    words: step.words.map((word) => ({ ...word, base, paths })),
    redirects: step.redirects.map((redirect) =>
      typeof redirect === 'string' ? redirect : { ...redirect, from: { ...redirect.from, base, paths } },
    ),
  };
}

const byDefault = defaultDenyPaths();

function programName(step: Step): string {
  return step.words[0]?.value ?? '';
}

/** What is printed must be read back as exactly what is printed: the same words, patterns and operators. */
function checkPrinted(printed: string): void {
  checkText(printed);
  const again = printSteps(readScript(printed).map((step) => ({ ...step, tokens: step.words })));
  if (again !== printed)
    throw new Refused(printed, 'the command does not survive being printed', 'a simpler command');
}

function unforeseen(): Refused {
  return new Refused('', 'the command cannot be understood', 'a simpler command');
}
