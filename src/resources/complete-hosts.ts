import type { Context } from '../context.ts';
import type { AskedVariable, Completions } from '../define.ts';

/** No list of hosts is longer, and each value would have all of it in front. */
const mostUnits = 4_096;

/** Aliases that begin with what was typed; in `hosts` those that may come last in a list. No machine is asked. */
export async function completeHosts(
  context: Context,
  { variable, prefix }: Pick<AskedVariable, 'variable' | 'prefix'>,
): Promise<Completions> {
  if (variable !== 'host' && variable !== 'hosts') return { values: [] };
  if (prefix.length > mostUnits) return { values: [] };
  const [, before = '', last = ''] =
    variable === 'hosts' ? (/^(.*,\s*)?([^,]*)$/s.exec(prefix) ?? []) : ['', '', prefix];
  const listed = await context.hosts.list();
  const values = listed
    .map(({ alias }) => alias)
    .filter((alias) => alias.startsWith(last))
    .map((alias) => `${before}${alias}`);
  return { values };
}
