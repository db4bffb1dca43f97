import { homedir } from 'node:os';
import { loadConfig } from '../../../src/config.ts';
import { diagnoseHosts } from '../../../src/operations/diagnose-host.ts';
import type { Diagnosis, Step } from '../../../src/ssh/diagnose/diagnosis.ts';
import type { DiagnoseOptions } from '../../../src/ssh/diagnose/ways.ts';
import { HostBook } from '../../../src/ssh/hosts/host-book.ts';

/** What a diagnosis works with, for one ssh_config file; `variables` are settings and the environment at once. */
export function surroundings(
  sshConfig: string,
  variables: Readonly<Record<string, string>> = {},
): DiagnoseOptions {
  const env = { HOME: homedir(), PATH: process.env.PATH, ...variables };
  const hosts = new HostBook({
    configFile: sshConfig,
    patterns: [],
    matchExec: true,
    env,
    homeDir: homedir(),
  });
  return { config: loadConfig({ SCOUT_SSH_CONFIG: sshConfig, ...variables }), hosts, env, observe: () => {} };
}

/** Diagnose hosts in a run of their own. */
export async function doctor(
  sshConfig: string,
  names: readonly string[],
  variables: Readonly<Record<string, string>> = {},
): Promise<readonly Diagnosis[]> {
  const call = { signal: new AbortController().signal, progress: () => {} };
  return await diagnoseHosts(surroundings(sshConfig, variables), names, call);
}

/** The only host asked for. */
export async function diagnosisOf(
  sshConfig: string,
  name: string,
  variables: Readonly<Record<string, string>> = {},
): Promise<Diagnosis> {
  const [diagnosis] = await doctor(sshConfig, [name], variables);
  if (!diagnosis) throw new Error(`no diagnosis of ${name}`);
  return diagnosis;
}

/** The steps that failed, as `NAME on HOST`. */
export function failuresOf({ steps }: Diagnosis): readonly string[] {
  return failedSteps(steps).map(({ name, on }) => `${name} on ${on}`);
}

/** The one line that fixes it. */
export function fixOf({ steps }: Diagnosis): string {
  return failedSteps(steps)[0]?.error?.fix ?? '';
}

function failedSteps(steps: readonly Step[]): readonly Step[] {
  return steps.filter(({ outcome }) => outcome === 'failed');
}
