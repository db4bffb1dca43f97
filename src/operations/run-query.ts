import type { Call } from '../call.ts';
import type { Context } from '../context.ts';
import { asScoutError, ScoutError } from '../errors.ts';
import { judge } from '../policy/index.ts';
import type { HostSession } from '../ssh/pool/host-session.ts';
import { formatBytes } from '../units.ts';
import { fanOut } from './fan-out.ts';
import { Gathered, type Kept } from './gathered.ts';
import { type FailureGroup, type Group, groupEqual, groupFailures } from './group.ts';
import { nameHost } from './name-host.ts';
import { checkPath } from './target.ts';

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
}

export interface QueryData {
  /** What was sent to the remote shell. */
  readonly command: string;
  readonly groups: readonly Group<HostRun>[];
  readonly failures: readonly FailureGroup[];
}

/**
 * Run a command that cannot change anything on every host of `hosts`. Throws ScoutError `command_refused`,
 * `unknown_host`, `invalid_argument`, `invalid_target`; what fails on a host is in `failures`.
 */
export async function runQuery(context: Context, input: QueryInput, call: Call): Promise<QueryData> {
  const { config } = context;
  const cwd = input.cwd ?? '';
  checkPath(cwd, cwd);
  const command = permitted(context, input.command, cwd);
  const limitMs = input.timeout_s === undefined ? config.commandTimeoutMs : input.timeout_s * 1_000;
  const hosts = await context.hosts.select(input.hosts);
  const outcomes = await fanOut(
    context,
    call,
    hosts,
    (host, share) => runOnHost(context, host, share.call, share.bytes, command, cwd),
    limitMs,
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

/** The command as it may be sent. Throws ScoutError `command_refused`. */
function permitted({ config }: Context, command: string, cwd: string): string {
  if (config.queryPolicy === 'unrestricted') {
    if (command.includes('\0'))
      throw new ScoutError('command_refused', 'the command holds a NUL', 'Leave it out.');
    if (Buffer.byteLength(command) > mostCommandBytes)
      throw new ScoutError('command_refused', 'the command is longer than 128 KiB', 'Use a shorter command.');
    return command;
  }
  const verdict = judge(command, cwd);
  if (verdict.allowed) return verdict.canonical;
  const { word, reason, instead } = verdict.refusal;
  const what = word === '' ? 'the command' : `\`${word}\``;
  throw new ScoutError('command_refused', `${what} is refused: ${reason}`, `Use instead: ${instead}.`);
}

async function runOnHost(
  context: Context,
  host: string,
  call: Call,
  shareBytes: number,
  command: string,
  cwd: string,
): Promise<HostRun> {
  const repeatable = context.config.queryPolicy !== 'unrestricted';
  const work = async (session: HostSession): Promise<HostRun> => {
    const gathered = new Gathered(shareBytes);
    const startedMs = performance.now();
    const outcome = (rest: Pick<HostRun, 'exitCode' | 'stopped'>): HostRun => {
      const { stdout, stderr } = gathered.kept(rest.exitCode !== undefined);
      const durationMs = performance.now() - startedMs;
      context.observe({ kind: 'ran', host, durationMs, bytes: gathered.receivedBytes });
      return { stdout, stderr, durationMs, ...rest };
    };
    try {
      const end = await session.run({ command, cwd, sink: gathered.sink, signal: call.signal });
      return 'exitCode' in end
        ? outcome({ exitCode: end.exitCode })
        : outcome({ stopped: tooMuch(host, gathered.receivedBytes) });
    } catch (thrown) {
      const error = asScoutError(thrown);
      if (error.code === 'command_timeout') return outcome({ stopped: nameHost(host, error) });
      throw error;
    }
  };
  return await context.pool.use(host, call, work, repeatable);
}

function tooMuch(host: string, receivedBytes: number): ScoutError {
  return new ScoutError(
    'output_limit',
    `the command on ${host} was stopped after ${formatBytes(receivedBytes)} of output`,
    'Narrow it down with grep, head or tail, or raise SCOUT_MAX_OUTPUT_SIZE.',
  );
}
