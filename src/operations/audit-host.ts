import type { AuditOutcome, AuditStep, CallAudit, HostAction } from '../audit.ts';
import { asScoutError } from '../errors.ts';

/** What the audit log says of the work on each host. */
export interface HostRecord<T> {
  /** What is about to be done there, in its canonical form. */
  readonly actions: (host: string) => readonly HostAction[];
  /** What came of each of them, in the same order. */
  readonly outcomes: (value: T, host: string) => readonly AuditOutcome[];
}

/**
 * Do `work` between the lines that announce it and the lines that say what came of it. Where no line can be
 * written the work is not begun, or what it found is not given: ScoutError `audit_unavailable`.
 */
export async function auditHost<T>(
  audit: CallAudit | undefined,
  host: string,
  { actions, outcomes }: HostRecord<T>,
  work: () => Promise<T>,
): Promise<T> {
  if (!audit) return await work();
  const steps: AuditStep[] = [];
  let value: T;
  try {
    for (const action of actions(host)) steps.push(audit.onHost(host, action));
    value = await work();
  } catch (thrown) {
    const { code } = asScoutError(thrown);
    for (const step of steps) step.end({ outcome: code, bytes: 0 });
    throw thrown;
  }
  for (const [index, outcome] of outcomes(value, host).entries()) steps[index]?.end(outcome);
  return value;
}
