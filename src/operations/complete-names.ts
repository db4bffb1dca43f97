import type { Call } from '../call.ts';
import type { Context } from '../context.ts';
import { commandText } from '../policy/command-text.ts';
import { machinesOf } from './ask/machine.ts';

/** Far more names than are offered. */
const mostBytes = 256 * 1024;

const questions = {
  container: commandText(['docker', 'ps', '-a', '--format', '{{.Names}}']),
  project: commandText(['docker', 'ps', '-a', '--format', '{{.Label "com.docker.compose.project"}}']),
  pool: commandText(['zpool', 'list', '-H', '-o', 'name']),
} as const;

/**
 * Names of a kind on a host that begin with `prefix`, sorted; what would be shown otherwise than it is written is
 * not offered. Rejects as `Machine.ask`.
 */
export async function completeNames(
  context: Context,
  host: string,
  kind: keyof typeof questions,
  prefix: string,
  call: Call,
): Promise<readonly string[]> {
  const machine = machinesOf(context)(host, { call, bytes: mostBytes });
  const { replies } = await machine.ask({ names: questions[kind] });
  const names = new Set((replies.names?.text ?? '').split('\n'));
  return [...names]
    .filter((name) => name !== '' && name.startsWith(prefix) && context.clean(Buffer.from(name)) === name)
    .sort();
}
