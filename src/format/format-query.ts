import type { Context } from '../context.ts';
import type { Entry, Report, TextBody } from '../define.ts';
import type { Kept } from '../operations/gathered.ts';
import type { HostRun, QueryData } from '../operations/run-query.ts';
import { compose, type RemoteText } from '../remote-text.ts';
import { formatBytes, formatDuration } from '../units.ts';

/** What a command did, host by host; equal outcomes once under all their hosts. */
export function formatQuery(data: QueryData, { clean }: Pick<Context, 'clean'>): Report {
  const ran = data.groups.map(({ hosts, values }) => ranEntry(hosts, values, clean));
  const failures = data.failures.map(({ hosts, error }) => ({
    hosts,
    heading: '',
    facts: {},
    texts: {},
    tables: {},
    error,
  }));
  const entries = [...ran, ...failures];
  const total = count(entries);
  const failed = count(entries.filter(({ error }) => error));
  const facts = { ok: total - failed, failed, differing: ran.length };
  const outcomes = facts.differing === 1 ? '1 outcome' : `${facts.differing} different outcomes`;
  const line = `${total} hosts: ${facts.ok} answered, ${failed} failed, ${outcomes}`;
  return { list: 'results', entries, ...(total > 1 && { summary: { line, facts } }) };
}

function count(entries: readonly Entry[]): number {
  return entries.reduce((sum, { hosts }) => sum + (hosts?.length ?? 0), 0);
}

function ranEntry(
  hosts: readonly string[],
  values: readonly [HostRun, ...HostRun[]],
  clean: Context['clean'],
): Entry {
  const { exitCode, stdout, stderr, stopped } = values[0];
  const durationMs = Math.round(Math.max(...values.map((value) => value.durationMs)));
  const how = exitCode === undefined ? 'stopped' : `exit ${exitCode}`;
  const dropped = [
    ...(stdout.droppedBytes > 0 ? [`${formatBytes(stdout.droppedBytes)} of stdout not kept`] : []),
    ...(stderr.droppedBytes > 0 ? [`${formatBytes(stderr.droppedBytes)} of stderr not kept`] : []),
  ];
  return {
    hosts,
    heading: [how, formatDuration(durationMs), ...dropped].join(', '),
    facts: {
      ...(exitCode !== undefined && { exit_code: exitCode }),
      duration_ms: durationMs,
      wall: 'none',
      ...(stdout.droppedBytes > 0 && { stdout_dropped_bytes: stdout.droppedBytes }),
      ...(stderr.droppedBytes > 0 && { stderr_dropped_bytes: stderr.droppedBytes }),
    },
    texts: {
      stdout: body(stdout, clean),
      ...(stderr.head.length > 0 && { stderr: body(stderr, clean) }),
    },
    tables: {},
    ...(stopped && { error: stopped }),
  };
}

function body({ head, tail, droppedBytes }: Kept, clean: Context['clean']): TextBody {
  const text: RemoteText =
    droppedBytes === 0
      ? clean(head)
      : compose`${clean(head)}\n[${droppedBytes} bytes came here and were not kept]\n${clean(tail)}`;
  return { text, stays: 'head and tail' };
}
