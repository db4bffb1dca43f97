import type { Context } from '../context.ts';

/** Aliases that begin with what was typed; no machine is asked. */
export async function completeHosts(
  context: Context,
  variable: string,
  prefix: string,
): Promise<readonly string[]> {
  if (variable !== 'host') return [];
  const listed = await context.hosts.list();
  return listed.map(({ alias }) => alias).filter((alias) => alias.startsWith(prefix));
}
