import { ScoutError } from '../../errors.ts';
import { toRemoteLine } from '../../remote-text.ts';
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
  init: 'cat /proc/1/comm',
  openRc: 'ls /etc/runlevels/default',
  scripts: 'ls /etc/init.d',
} as const;

type Init = Pick<Replies<keyof typeof whatElse>, keyof typeof whatElse>;

/** Why systemctl gave no answer, and what there is instead of systemd. */
export function noSystemd(host: string, complaints: string, { init, openRc, scripts }: Init): ScoutError {
  const names = (text: string) => toRemoteLine(linesOf(text).slice(0, 40).join(' '), 400);
  if (/permission denied|access denied/i.test(complaints)) {
    return new ScoutError(
      'permission_denied',
      `systemd on ${host} does not answer this account: ${toRemoteLine(complaints)}`,
      'Log in as an account that may use the system bus.',
    );
  }
  const there = openRc?.ok
    ? `; OpenRC starts ${names(openRc.text)}`
    : scripts?.ok
      ? `; /etc/init.d has ${names(scripts.text)}`
      : '';
  const first = init?.ok ? `; process 1 is ${names(init.text)}` : '';
  return new ScoutError(
    'not_available',
    `${host} does not run systemd${first}${there}`,
    'Use scout_inspect with what processes, and name for one of them.',
  );
}
