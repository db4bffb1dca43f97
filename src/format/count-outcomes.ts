import type { Entry, Fact } from '../define.ts';

const timeouts: readonly string[] = ['command_timeout', 'connect_timeout'];

/** Outcomes of hosts: how many there are, how many answered, failed or ran out of time, and how many differ. */
export interface OutcomeCounts {
  readonly total: number;
  readonly ok: number;
  readonly failed: number;
  readonly timedOut: number;
}

export function countOutcomes(entries: readonly Pick<Entry, 'hosts' | 'error'>[]): OutcomeCounts {
  const count = (of: typeof entries) => of.reduce((sum, { hosts }) => sum + (hosts?.length ?? 0), 0);
  const timedOut = count(entries.filter(({ error }) => isTimeout(error?.code)));
  const failed = count(entries.filter(({ error }) => error && !isTimeout(error.code)));
  const total = count(entries);
  return { total, ok: total - failed - timedOut, failed, timedOut };
}

/** The line above the outcomes of many hosts, and its facts; `differing` is 0 where they are one stream. */
export function summarize(
  entries: readonly Pick<Entry, 'hosts' | 'error'>[],
  differing: number,
  words: { readonly noun: string; readonly done: string },
): { readonly line: string; readonly facts: Readonly<Record<string, Fact>> } {
  const { total, ok, failed, timedOut } = countOutcomes(entries);
  const parts = [
    `${ok} ${words.done}`,
    `${failed} failed`,
    ...(timedOut > 0 ? [`${timedOut} timed out`] : []),
    ...(differing > 0 ? [differing === 1 ? '1 outcome' : `${differing} different outcomes`] : []),
  ];
  return {
    line: `${total} ${words.noun}: ${parts.join(', ')}`,
    facts: { ok, failed, timed_out: timedOut, differing },
  };
}

function isTimeout(code: string | undefined): boolean {
  return code !== undefined && timeouts.includes(code);
}
