import type { Context } from '../context.ts';
import { asScoutError, type ScoutError } from '../errors.ts';
import { explain, type Read } from '../policy/index.ts';
import { checkCwd, permitted } from './run-query.ts';

/** What becomes of a command, and why. */
export interface ExplainedCommand {
  readonly policy: Context['config']['queryPolicy'];
  /** What would be run; what looks at its paths and masks what it prints is not shown. */
  readonly sent?: string;
  /** As the tool would refuse it. */
  readonly refused?: ScoutError;
  /** How it is refused on hosts whose kernel does not hold any command line (SCOUT_QUERY_POLICY=walled). */
  readonly elsewhere?: ScoutError;
  /** The parts of the command in order, as the `readonly` policy reads them. */
  readonly reads: readonly Read[];
}

/**
 * What scout_query would do with a command, without a host. Throws ScoutError `invalid_argument` for a `cwd` that no
 * call may have.
 */
export function explainCommand(
  context: Pick<Context, 'config'>,
  command: string,
  cwd: string,
): ExplainedCommand {
  checkCwd(cwd);
  const { queryPolicy: policy } = context.config;
  const { reads } = explain(command, cwd, context.config.denyPaths);
  try {
    const { command: sent, refusal } = permitted(context, command, cwd);
    return { policy, sent, reads, ...(refusal && { elsewhere: refusal }) };
  } catch (thrown) {
    return { policy, refused: asScoutError(thrown), reads };
  }
}
