import type { Call } from '../../call.ts';
import type { Context } from '../../context.ts';
import { ScoutError } from '../../errors.ts';
import { deniedFix } from '../../path-denied.ts';
import { judge } from '../../policy/index.ts';
import { newTag } from '../../ssh/shell/shell-worker.ts';
import { auditHost } from '../audit-host.ts';
import { auditOutcome, type Permit, runOnHost } from '../run-query.ts';
import { composeQuestions, type Questions, type Replies, splitReplies } from './questions.ts';

/** What came of one round of questions. */
export interface Round<Name extends string> {
  readonly replies: Replies<Name>;
  /** The beginning of what all of them printed to stderr, as it came. */
  readonly complaints: string;
  /** Why not all were answered: `command_timeout` or `output_limit`. */
  readonly stopped?: ScoutError;
  /** The questions that SCOUT_DENY_PATHS does not let through; they were not asked. */
  readonly denied: readonly Name[];
  /** The times between which the round was on its way, ms since 1970 by the clock of this machine. */
  readonly startedMs: number;
  readonly endedMs: number;
}

/** A machine that can be asked; each round is one command of the policy. */
export interface Machine {
  readonly host: string;
  /**
   * `cwd` as a job has it, empty unless said. Throws ScoutError `invalid_argument` where a word of a caller makes a
   * command that the policy refuses, `path_denied` where nothing is left to ask, and whatever running a command throws.
   */
  ask<Name extends string>(questions: Questions<Name>, cwd?: string): Promise<Round<Name>>;
}

/** Makes the machines of one call; what is asked of many of them is judged once. */
export function machinesOf(
  context: Context,
): (host: string, share: { readonly call: Call; readonly bytes: number }) => Machine {
  const judged = new Map<string, Judged>();
  return (host, { call, bytes }) => ({
    host,
    ask: async <Name extends string>(questions: Questions<Name>, cwd = ''): Promise<Round<Name>> => {
      const key = JSON.stringify(questions);
      const { permit, tag, names, denied } = judged.get(key) ?? judgeQuestions(context, questions);
      judged.set(key, { permit, tag, names, denied });
      const { command } = permit;
      const run = await auditHost(
        call.audit,
        host,
        { actions: () => [{ command, cwd }], outcomes: (value) => [auditOutcome(value)] },
        () => runOnHost(context, host, call, bytes, permit, cwd),
      );
      const endedMs = Date.now();
      return {
        replies: splitReplies(names as Name[], tag, run.stdout), // the keys of `questions`
        complaints: Buffer.from(run.stderr.head.subarray(0, mostComplaintBytes)).toString(),
        ...(run.stopped && { stopped: run.stopped }),
        denied: denied as Name[], // likewise
        startedMs: endedMs - run.durationMs,
        endedMs,
      };
    },
  });
}

/** Whoever looks for words in them goes through them more than once. */
const mostComplaintBytes = 16 * 1024;

interface Judged {
  readonly permit: Permit;
  readonly tag: string;
  readonly names: readonly string[];
  readonly denied: readonly string[];
}

function judgeQuestions(
  { config }: Pick<Context, 'config'>,
  questions: Readonly<Record<string, string>>,
): Judged {
  const names: string[] = [];
  const denied: string[] = [];
  for (const [name, command] of Object.entries(questions)) {
    const verdict = judge(command, '', config.denyPaths);
    if (verdict.allowed) names.push(name);
    else if (verdict.refusal.code === 'path_denied') denied.push(name);
    else throw notAName(verdict.refusal.word, verdict.refusal.reason);
  }
  const tag = newTag();
  const verdict = judge(
    composeQuestions(
      names.map((name) => questions[name] ?? ''),
      tag,
    ),
    '',
    config.denyPaths,
  );
  if (names.length === 0)
    throw new ScoutError('path_denied', 'SCOUT_DENY_PATHS denies what it reads', deniedFix);
  if (!verdict.allowed) throw notAName(verdict.refusal.word, verdict.refusal.reason);
  return { permit: { ...verdict, command: verdict.canonical }, tag, names, denied };
}

function notAName(word: string, reason: string): ScoutError {
  return new ScoutError(
    'invalid_argument',
    `${JSON.stringify(word.slice(0, 120))} cannot be looked up: ${reason}`,
    'Give the name as scout_inspect lists it without name.',
  );
}
