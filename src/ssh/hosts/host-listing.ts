import { ScoutError } from '../../errors.ts';
import { readConfiguration } from './config-reading.ts';
import { Pass } from './pass.ts';
import { LineProblem } from './problem.ts';
import type { Source } from './source.ts';
import { Values } from './values.ts';

/** One alias as far as it is known without running a command or asking the name service. */
export interface ListedHost {
  readonly alias: string;
  readonly hostName: string;
  readonly user: string;
  readonly port: number;
  /** ProxyJump as it is written; undefined for none. */
  readonly proxyJump: string | undefined;
  readonly hasProxyCommand: boolean;
  /** Why ssh would refuse to use this host's configuration; undefined where it would not. */
  readonly problem: string | undefined;
}

/** What the configuration says of each alias. No `Match exec` runs, whatever the setting; nothing is looked up. */
export async function listHosts(aliases: readonly string[], source: Source): Promise<readonly ListedHost[]> {
  const quiet = quietly(source);
  const hosts: ListedHost[] = [];
  for (const alias of aliases) hosts.push(await listHost(alias, quiet));
  return hosts;
}

/**
 * What ssh finds wrong with the files whatever host it is asked for, and why a name may be missing: ScoutError
 * `invalid_argument`.
 */
export async function findRefusal(source: Source): Promise<ScoutError | undefined> {
  try {
    await readFor('localhost', new Values(), quietly(source));
    return undefined;
  } catch (error) {
    if (error instanceof ScoutError) return error;
    if (error instanceof LineProblem) return undefined; // of that host alone
    throw error;
  }
}

function quietly(source: Source): Source {
  const system = { ...source.system, sshVersion: () => '', sshIsAtLeast: () => true };
  return { ...source, system, runCommand: undefined, nameService: undefined };
}

/** Read what the files say of an alias into `values`. Resolves with its HostName. */
async function readFor(alias: string, values: Values, source: Source): Promise<string> {
  const pass = new Pass(source, values, { alias, host: alias, isFinal: false });
  await readConfiguration(pass);
  const hostName = pass.targetHost();
  if (pass.wantsFinal) {
    values.beginFinal(hostName);
    await readConfiguration(new Pass(source, values, { alias, host: hostName, isFinal: true }));
  }
  return hostName;
}

async function listHost(alias: string, source: Source): Promise<ListedHost> {
  const values = new Values();
  try {
    return factsOf(alias, await readFor(alias, values, source), values, source);
  } catch (error) {
    const problem = error instanceof ScoutError || error instanceof LineProblem ? error.message : undefined;
    if (problem === undefined) throw error;
    return { ...factsOf(alias, alias, values, source), problem };
  }
}

function factsOf(alias: string, hostName: string, values: Values, { system }: Source): ListedHost {
  const proxyJump = values.unlessNone('proxyjump');
  return {
    alias,
    hostName,
    user: values.first('user') ?? system.user,
    port: Number(values.first('port') ?? 22),
    proxyJump,
    hasProxyCommand: proxyJump === undefined && values.unlessNone('proxycommand') !== undefined,
    problem: undefined,
  };
}
