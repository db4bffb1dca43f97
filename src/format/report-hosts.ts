import type { Entry, Report } from '../define.ts';
import type { FailureGroup } from '../operations/group.ts';
import { countOutcomes, summarize } from './count-outcomes.ts';
import { failedEntry } from './failed-entry.ts';

/** What was asked of hosts: their answers, what failed, and above them how many did which. */
export function reportHosts(
  answered: readonly Entry[],
  failures: readonly FailureGroup[],
  differing: number,
): Report {
  const entries = [...answered, ...failures.map((failure) => failedEntry(failure))];
  const summary = summarize(entries, differing, { noun: 'hosts', done: 'answered' });
  return { list: 'results', entries, ...(countOutcomes(entries).total > 1 && { summary }) };
}
