import type { AuditOutcome } from '../audit.ts';
import type { Call } from '../call.ts';
import type { Context } from '../context.ts';
import { asScoutError, ScoutError } from '../errors.ts';
import { deniedFix } from '../path-denied.ts';
import { judge } from '../policy/index.ts';
import type { HostSession } from '../ssh/pool/host-session.ts';
import { guardCommand } from '../ssh/shell/guard-command.ts';
import type { WallLevel } from '../ssh/wall/report.ts';
import { formatBytes } from '../units.ts';
import { fanOut } from './fan-out.ts';
import { Gathered, type Kept } from './gathered.ts';
import { type FailureGroup, type Group, groupEqual, groupFailures } from './group.ts';
import { nameHost } from './name-host.ts';
import { pathProblem } from './target.ts';

/** What the system calls of a remote machine take as one argument (MAX_ARG_STRLEN of execve(2)). */
const mostCommandBytes = 128 * 1024;

export interface QueryInput {
  readonly hosts: string;
  readonly command: string;
  readonly cwd?: string | undefined;
  readonly timeout_s?: number | undefined;
}

/** What a command did on one host, as far as it got. */
export interface HostRun {
  readonly exitCode?: number;
  readonly stdout: Kept;
  readonly stderr: Kept;
  /** Why it did not run to its end: `command_timeout` or `output_limit`. */
  readonly stopped?: ScoutError;
  readonly durationMs: number;
  /** What held it. */
  readonly wall: WallLevel;
  /** Of any command line, held by the kernel alone: whether TMPDIR was a place of its own. */
  readonly hasScratch?: boolean;
}

export interface QueryData {
  /** What was run; what looks at its paths and masks what it prints is not shown. */
  readonly command: string;
  readonly groups: readonly Group<HostRun>[];
  readonly failures: readonly FailureGroup[];
}

/**
 * Run a command that cannot change anything on every host of `hosts`: one that the parser understands or, by
 * SCOUT_QUERY_POLICY=walled, any where the kernel refuses what would change something. Throws ScoutError `command_refused`,
 * `path_denied`, `unknown_host`, `invalid_argument`; what fails on a host is in `failures`.
 */
export async function runQuery(context: Context, input: QueryInput, call: Call): Promise<QueryData> {
  const { config } = context;
  const cwd = input.cwd ?? '';
  checkCwd(cwd);
  const permit = permitted(context, input.command, cwd);
  const { command } = permit;
  const [limitMs, moreTime] =
    input.timeout_s === undefined
      ? [config.commandTimeoutMs, 'give timeout_s, or raise SCOUT_COMMAND_TIMEOUT']
      : [input.timeout_s * 1_000, 'raise timeout_s'];
  const hosts = await context.hosts.select(input.hosts);
  const outcomes = await fanOut(
    context,
    call,
    hosts,
    (host, share) => runOnHost(context, host, share.call, share.bytes, permit, cwd),
    { actions: () => [{ command, cwd }], outcomes: (run) => [auditOutcome(run)] },
    limitMs,
    moreTime,
  );
  const ran = outcomes.flatMap((outcome) =>
    'value' in outcome ? [{ host: outcome.host, value: outcome.value }] : [],
  );
  return {
    command,
    groups: groupEqual(ran, ({ exitCode, stdout, stderr, stopped }) => [
      `${exitCode ?? ''} ${stopped?.code ?? ''} ${stdout.droppedBytes} ${stderr.droppedBytes}`,
      stdout.head,
      stdout.tail,
      stderr.head,
      stderr.tail,
    ]),
    failures: groupFailures(
      outcomes.flatMap((outcome) =>
        'error' in outcome ? [{ host: outcome.host, error: outcome.error }] : [],
      ),
    ),
  };
}

/** Throws ScoutError `invalid_argument` for a directory that no command may run in. */
export function checkCwd(cwd: string): void {
  const problem = pathProblem(cwd);
  if (problem === undefined) return;
  const shown = JSON.stringify(cwd.length > 120 ? `${cwd.slice(0, 120)}…` : cwd);
  const fix = 'Give a directory: absolute, ~/… or relative to the home.';
  throw new ScoutError('invalid_argument', `cwd ${shown}: ${problem}`, fix);
}

/** What may be run: what it is shown as, and what `judge` says of its files and masks. */
export interface Permit {
  readonly command: string;
  readonly programs: readonly string[];
  readonly opened: readonly string[];
  readonly masks: string;
  /** Why the parser does not let it through: it runs where the kernel holds whatever it does. */
  readonly refusal?: ScoutError;
}

/** Throws ScoutError `command_refused` and `path_denied`, whose words `explain` shows as well. */
export function permitted({ config }: Pick<Context, 'config'>, command: string, cwd: string): Permit {
  const { queryPolicy, denyPaths } = config;
  if (queryPolicy === 'unrestricted') return asSent(command);
  const verdict = judge(command, cwd, denyPaths);
  if (verdict.allowed) return { ...verdict, command: verdict.canonical };
  const { word, reason, instead, code = 'command_refused' } = verdict.refusal;
  const what = word === '' ? 'the command' : `\`${word}\``;
  const fix = code === 'path_denied' ? deniedFix : `Use instead: ${instead}.`;
  const refusal = new ScoutError(code, `${what} is refused: ${reason}`, fix);
  if (queryPolicy === 'walled' && code !== 'path_denied') return { ...asSent(command), refusal };
  throw refusal;
}

function asSent(command: string): Permit {
  if (command.includes('\0'))
    throw new ScoutError('command_refused', 'the command holds a NUL', 'Leave it out.');
  if (Buffer.byteLength(command) > mostCommandBytes)
    throw new ScoutError('command_refused', 'the command is longer than 128 KiB', 'Use a shorter command.');
  return { command, programs: [], opened: [], masks: '' };
}

/** Run what is permitted on one host; what came by a time-out or a limit is the outcome too. */
export async function runOnHost(
  context: Context,
  host: string,
  call: Call,
  shareBytes: number,
  { command, programs, opened, masks, refusal }: Permit,
  cwd: string,
): Promise<HostRun> {
  const guarded = guardCommand(masks ? `${masks}\n${command}` : command, opened);
  const repeatable = context.config.queryPolicy !== 'unrestricted';
  const work = async (session: HostSession): Promise<HostRun> => {
    const gathered = new Gathered(shareBytes);
    const startedMs = performance.now();
    let held: Pick<HostRun, 'wall' | 'hasScratch'> = { wall: 'none' };
    const outcome = (rest: Pick<HostRun, 'exitCode' | 'stopped'>): HostRun => {
      const { stdout, stderr } = gathered.kept(rest.exitCode !== undefined);
      const guardRefusal = guarded.refusal(rest.exitCode, stderr.head);
      if (guardRefusal) throw guardRefusal;
      const durationMs = performance.now() - startedMs;
      context.observe({ kind: 'ran', host, durationMs, bytes: gathered.receivedBytes });
      return { stdout, stderr, durationMs, ...held, ...rest };
    };
    try {
      const end = await session.run({
        command: guarded.command,
        programs,
        isWalled: refusal !== undefined,
        isOnceOnly: !repeatable,
        isPlain: repeatable && refusal === undefined && masks === '', // our printer writes programs only
        onWall: ({ level, hasScratch }) => {
          held = { wall: level, ...(hasScratch !== undefined && { hasScratch }) };
        },
        cwd,
        sink: gathered.sink,
        signal: call.signal,
      });
      return 'exitCode' in end
        ? outcome({ exitCode: end.exitCode })
        : outcome({ stopped: tooMuch(host, gathered.receivedBytes) });
    } catch (thrown) {
      const error = asScoutError(thrown);
      if (refusal && error.code === 'wall_missing') throw onlyParsed(refusal, error);
      if (error.code === 'command_timeout') return outcome({ stopped: nameHost(host, error) });
      throw error;
    }
  };
  return await context.pool.use(host, call, work, repeatable);
}

export function auditOutcome({ exitCode, stopped, stdout, stderr }: HostRun): AuditOutcome {
  const bytes = [stdout, stderr].reduce(
    (sum, { head, tail, droppedBytes }) => sum + head.length + tail.length + droppedBytes,
    0,
  );
  return { outcome: stopped?.code ?? 'ok', exitCode, bytes };
}

/** Where the kernel does not hold any command line, the parser's word is the last. */
function onlyParsed(refusal: ScoutError, { message }: ScoutError): ScoutError {
  return new ScoutError(refusal.code, `${refusal.message}; ${message}`, refusal.fix ?? '');
}

function tooMuch(host: string, receivedBytes: number): ScoutError {
  return new ScoutError(
    'output_limit',
    `the command on ${host} was stopped after ${formatBytes(receivedBytes)} of output`,
    'Narrow it down with grep, head or tail, or raise SCOUT_MAX_OUTPUT_SIZE.',
  );
}
