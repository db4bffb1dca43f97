import type { HostBook } from '../ssh/hosts/host-book.ts';
import { exitCodes } from './exit-codes.ts';

/**
 * The one host that `name` stands for. Undefined, with the exit code of wrong usage, where it is the name of several.
 * Rejects as HostBook.select does.
 */
export async function oneHost(command: string, name: string, hosts: HostBook): Promise<string | undefined> {
  const [host, ...others] = await hosts.select(name);
  if (others.length === 0) return host;
  process.stderr.write(
    `scout-mcp ${command}: ${name} names ${others.length + 1} hosts; ${command} takes one at a time\n`,
  );
  process.exitCode = exitCodes.wrongUsage;
  return undefined;
}
