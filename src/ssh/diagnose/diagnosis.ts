import type { ScoutError } from '../../errors.ts';
import { type RemoteText, toRemoteLine } from '../../remote-text.ts';
import type { Grade } from './grade.ts';

/** What must work, in this order, before a host can be looked at. The first four after `config` once for each hop. */
export type StepName = 'config' | HopStepName | AfterLoginName;
export type HopStepName = 'dns' | 'tcp' | 'host_key' | 'auth';
export type AfterLoginName = 'shell' | 'sftp' | 'wall' | 'tools';

export const hopSteps: readonly HopStepName[] = ['dns', 'tcp', 'host_key', 'auth'];
export const afterLoginSteps: readonly AfterLoginName[] = ['shell', 'sftp', 'wall', 'tools'];

export interface Step {
  readonly name: StepName;
  /** The host or the jump that it is about. */
  readonly on: string;
  /** `none`: there is nothing to check. */
  readonly outcome: 'ok' | 'failed' | 'skipped' | 'none';
  /** What was found; of a failed step, its error's message. */
  readonly detail: RemoteText;
  /** Undefined where it was not measured. */
  readonly durationMs?: number;
  /** Of a failed step. Its `fix` is the one that a tool gives for the same failure. */
  readonly error?: ScoutError;
}

/** What is the matter with one host, or that nothing is. */
export interface Diagnosis {
  readonly host: string;
  /** No step failed. */
  readonly healthy: boolean;
  readonly durationMs: number;
  readonly steps: readonly Step[];
  /** Undefined where the account could not be looked at. */
  readonly grade: Grade | undefined;
}

/** A step that worked. */
export function passed(name: StepName, on: string, detail: string, durationMs?: number): Step {
  return { name, on, outcome: 'ok', detail: toRemoteLine(detail, 500), ...timed(durationMs) };
}

export function failed(name: StepName, on: string, error: ScoutError, durationMs?: number): Step {
  return {
    name,
    on,
    outcome: 'failed',
    detail: toRemoteLine(error.message, 2_000),
    ...timed(durationMs),
    error,
  };
}

/** Steps that an earlier failure left nothing to look at. */
export function skipped(names: readonly StepName[], on: string): readonly Step[] {
  return names.map((name) => ({ name, on, outcome: 'skipped', detail: toRemoteLine('') }));
}

function timed(durationMs: number | undefined): { durationMs?: number } {
  return durationMs === undefined ? {} : { durationMs: Math.max(0, durationMs) };
}
