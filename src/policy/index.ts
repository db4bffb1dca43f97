import { checkText } from './bounds.ts';
import type { Token } from './grammar.ts';
import { checkKind, kindOf } from './kinds.ts';
import { belowProblem, directoryProblem } from './paths.ts';
import { printSteps } from './print.ts';
import { withoutZgrep } from './programs/compressed.ts';
import { programs, unknownProgram } from './programs/index.ts';
import { readScript, type Step } from './read-script.ts';
import { type Refusal, Refused } from './refusal.ts';

export type { Refusal } from './refusal.ts';

export type Verdict =
  | {
      readonly allowed: true;
      /** The command to run: printed from its tree, every word quoted by us. */
      readonly canonical: string;
      /** The programs that it runs, in order. */
      readonly programs: readonly string[];
    }
  | { readonly allowed: false; readonly refusal: Refusal };

/**
 * Whether a command of the shell is known to be unable to change anything, and how it is to be written for
 * `/bin/sh`. An absolute `cwd` is where relative paths start; any other is taken for a place below the home
 * directory. Denies by default; never throws, whatever the text.
 */
export function judge(command: string, cwd = ''): Verdict {
  try {
    checkText(command);
    checkStart(cwd);
    const steps = readScript(command)
      .map((step) => (cwd.startsWith('/') ? startingIn(cwd, step) : step))
      .flatMap(withoutZgrep);
    const printed = printSteps(steps.map((step) => ({ ...step, tokens: readCommand(step) })));
    checkPrinted(printed);
    return { allowed: true, canonical: printed, programs: steps.map(programName) };
  } catch (thrown) {
    return { allowed: false, refusal: thrown instanceof Refused ? thrown.refusal : unforeseen() };
  }
}

function readCommand(step: Step): readonly Token[] {
  const [word, ...args] = step.words;
  const name = programName(step);
  for (const redirect of step.redirects) {
    if (typeof redirect === 'string') continue;
    if (redirect.from.glob) throw new Refused(redirect.from.source, 'a pattern after <', 'one file');
    checkKind(kindOf('FILE'), redirect.from.value, redirect.from);
  }
  const program = word && !word.glob && !word.tilde ? programs.get(name) : undefined;
  if (!program) throw unknownProgram(word?.source ?? '', name);
  const tokens = program.read(args);
  checkImpliedTree(name, tokens, word?.base);
  return [name, ...tokens];
}

/** `grep -r` and `rg` read all that is below the working directory where no path is given. */
function checkImpliedTree(name: string, tokens: readonly Token[], base: string | undefined): void {
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
function startingIn(base: string, step: Step): Step {
  return {
    ...step,
    words: step.words.map((word) => ({ ...word, base })),
    redirects: step.redirects.map((redirect) =>
      typeof redirect === 'string' ? redirect : { ...redirect, from: { ...redirect.from, base } },
    ),
  };
}

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

function unforeseen(): Refusal {
  return { word: '', reason: 'the command cannot be understood', instead: 'a simpler command' };
}
