import type { Progress } from '../call.ts';
import { diagnose } from '../ssh/diagnose/diagnose.ts';
import type { Diagnosis } from '../ssh/diagnose/diagnosis.ts';
import { type DiagnoseOptions, Ways } from '../ssh/diagnose/ways.ts';

export interface DiagnoseCall {
  readonly signal: AbortSignal;
  readonly progress: (progress: Progress) => void;
}

/**
 * Diagnose hosts, SCOUT_FANOUT at once; the answer is in their order. `names` are host expressions; none means
 * every listed host. What fails on a host is in its diagnosis. Rejects with ScoutError `unknown_host`,
 * `invalid_argument`, or the signal's reason.
 */
export async function diagnoseHosts(
  options: DiagnoseOptions,
  names: readonly string[],
  { signal, progress }: DiagnoseCall,
): Promise<readonly Diagnosis[]> {
  const hosts = await selected(options, names);
  const ways = new Ways(options);
  const diagnoses = new Array<Diagnosis>(hosts.length);
  let [next, done] = [0, 0];
  progress({ done, total: hosts.length });
  const worker = async () => {
    for (let index = next++; index < hosts.length; index = next++) {
      const host = hosts[index] as string; // index is below the length
      diagnoses[index] = await diagnose(host, ways, options, signal);
      done += 1;
      progress({ done, total: hosts.length, message: host });
    }
  };
  await Promise.all(Array.from({ length: Math.min(options.config.fanout, hosts.length) }, worker));
  return diagnoses;
}

async function selected({ hosts }: DiagnoseOptions, names: readonly string[]): Promise<readonly string[]> {
  if (names.length === 0) return (await hosts.list()).map(({ alias }) => alias);
  const found = await Promise.all(names.map((name) => hosts.select(name)));
  return [...new Set(found.flat())];
}
