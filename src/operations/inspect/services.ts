import { ScoutError } from '../../errors.ts';
import type { Machine } from '../ask/machine.ts';
import type { Replies } from '../ask/questions.ts';
import { parseUnits, type Unit } from './units.ts';
import { linesOf, mostRows } from './untrusted.ts';

export interface Services {
  readonly what: 'services';
  /** `running`, `degraded`, … as `systemctl is-system-running` says it. */
  readonly state: string;
  readonly failed: readonly Unit[];
  readonly running: readonly Unit[];
  /** How many there are; more than are listed where there are very many. */
  readonly failedTotal: number;
  readonly runningTotal: number;
}

/** Failed and running units. Throws ScoutError `not_available` where there is no systemd. */
export async function lookAtServices(machine: Machine): Promise<Services> {
  const { replies, complaints, stopped } = await machine.ask({
    state: 'systemctl is-system-running',
    ...whatElse,
    failed: 'systemctl list-units --plain --no-legend --state=failed',
    running: 'systemctl list-units --plain --no-legend --type=service --state=running',
  });
  const { failed, running } = replies;
  if (stopped && !(failed && running)) throw stopped;
  if (!failed?.ok || !running?.ok) throw noSystemd(machine.host, complaints, replies);
  const [failedUnits, runningUnits] = [parseUnits(failed.text), parseUnits(running.text)];
  return {
    what: 'services',
    state: linesOf(replies.state?.text ?? '')[0] ?? 'unknown',
    failed: failedUnits.slice(0, mostRows),
    running: runningUnits.slice(0, mostRows),
    failedTotal: failedUnits.length,
    runningTotal: runningUnits.length,
  };
}

/** What another init has in its place, asked in the same round. */
export const whatElse = {
  openRc: 'test -d /etc/runlevels/default',
  scripts: 'test -d /etc/init.d',
} as const;

type Init = Pick<Replies<keyof typeof whatElse>, keyof typeof whatElse>;

/** Why systemctl gave no answer, and what there is instead of systemd. */
export function noSystemd(host: string, complaints: string, { openRc, scripts }: Init): ScoutError {
  if (/permission denied|access denied/i.test(complaints)) {
    return new ScoutError(
      'permission_denied',
      `systemd on ${host} does not answer this account`,
      'Log in as an account that may use the system bus.',
    );
  }
  const there = openRc?.ok ? '/etc/runlevels/default' : scripts?.ok ? '/etc/init.d' : '';
  const fix = 'Use scout_inspect with what processes, and name for one of them';
  return new ScoutError(
    'not_available',
    `${host} does not run systemd`,
    there === '' ? `${fix}.` : `${fix}, or scout_read with ${host}:${there}, which has what it starts.`,
  );
}
