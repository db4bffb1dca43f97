import { asScoutError } from '../../errors.ts';
import type { HostSettings } from '../hosts/settings.ts';
import {
  afterLoginSteps,
  type Diagnosis,
  failed,
  hopSteps,
  passed,
  type Step,
  skipped,
} from './diagnosis.ts';
import type { Grade } from './grade.ts';
import { hopsTo } from './hop-chain.ts';
import { lookAround } from './look-around.ts';
import type { DiagnoseOptions, Ways } from './ways.ts';

/**
 * Go the way to one host, step by step and as every tool goes it, and say what is the matter with it. Rejects with
 * the signal's reason only.
 */
export async function diagnose(
  host: string,
  ways: Ways,
  options: DiagnoseOptions,
  signal: AbortSignal,
): Promise<Diagnosis> {
  const startedMs = performance.now();
  const steps: Step[] = [];
  const end = (grade: Grade | undefined): Diagnosis => ({
    host,
    healthy: steps.every(({ outcome }) => outcome !== 'failed'),
    durationMs: performance.now() - startedMs,
    steps,
    grade,
  });

  const hops = await readConfiguration(host, options, signal);
  steps.push(...hops.steps);
  if (!hops.settings) return end(undefined);
  const way = await ways.open(hops.settings, signal);
  steps.push(...way.steps);
  try {
    if (!way.connection) {
      steps.push(...skipped(afterLoginSteps, host));
      return end(undefined);
    }
    const around = await lookAround(host, way.connection, options.config, signal);
    steps.push(...around.steps);
    return end(around.grade);
  } finally {
    way.leave();
  }
}

async function readConfiguration(
  host: string,
  { hosts }: DiagnoseOptions,
  signal: AbortSignal,
): Promise<{ steps: readonly Step[]; settings?: readonly HostSettings[] }> {
  const startedMs = performance.now();
  const sinceMs = () => performance.now() - startedMs;
  try {
    const settings = await hopsTo(hosts, host, signal);
    return { settings, steps: [passed('config', host, describe(settings), sinceMs())] };
  } catch (thrown) {
    if (signal.aborted) throw thrown;
    const error = asScoutError(thrown);
    if (error.code !== 'dns_failed') {
      const rest = skipped([...hopSteps, ...afterLoginSteps], host);
      return { steps: [failed('config', host, error, sinceMs()), ...rest] };
    }
    // CanonicalizeHostname asks the name service while the configuration is read
    const rest = skipped([...hopSteps.slice(1), ...afterLoginSteps], host);
    return { steps: [passed('config', host, ''), failed('dns', host, error, sinceMs()), ...rest] };
  }
}

function describe(hops: readonly HostSettings[]): string {
  const { user, hostName, port } = hops.at(-1) as HostSettings; // hopsTo gives one at least
  const jumps = hops.slice(0, -1).map(({ alias }) => alias);
  return `${user}@${hostName} port ${port}${jumps.length > 0 ? `, through ${jumps.join(', ')}` : ''}`;
}
