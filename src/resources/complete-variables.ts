import type { Call } from '../call.ts';
import type { Context } from '../context.ts';
import type { AskedVariable, Completions } from '../define.ts';
import { completeNames } from '../operations/complete-names.ts';
import { completePaths } from '../operations/complete-paths.ts';
import { completeHosts } from './complete-hosts.ts';

/** Values of any variable that a template may have: hosts always, the others on a host that is connected. */
export async function completeVariables(
  context: Context,
  asked: AskedVariable,
  call: Call,
): Promise<Completions> {
  const { variable, prefix, chosen } = asked;
  const { host } = chosen;
  if (variable === 'host') return await completeHosts(context, asked);
  if (host === undefined || !context.pool.state(host).connected) return { values: [] };
  if (variable === 'path') return await completePaths(context, host, prefix, call);
  if (variable === 'container' || variable === 'project' || variable === 'pool')
    return { values: await completeNames(context, host, variable, prefix, call) };
  return { values: [] };
}
