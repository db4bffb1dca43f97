import type { Context } from '../context.ts';
import type { Entry, Report, TextBody } from '../define.ts';
import type { Kept } from '../operations/gathered.ts';
import type { HostRun, QueryData } from '../operations/run-query.ts';
import { compose, type RemoteText } from '../remote-text.ts';
import { formatBytes, formatDuration } from '../units.ts';
import { formatHostNames } from './names.ts';
import { saidBriefly } from './near-identical.ts';
import { reportHosts } from './report-hosts.ts';

const lineFeed = 0x0a;
/** A longer line is shown as far as it was kept. */
const longestHalf = 8_192;

/** What a command did, host by host; equal outcomes once under all their hosts. */
export function formatQuery(data: QueryData, { clean }: Pick<Context, 'clean'>): Report {
  const ran = data.groups.map(({ hosts, values }) => ranEntry(hosts, values, clean));
  return reportHosts(saidBriefly(ran), data.failures, ran.length);
}

function ranEntry(
  hosts: readonly string[],
  values: readonly [HostRun, ...HostRun[]],
  clean: Context['clean'],
): Entry {
  const { exitCode, stopped } = values[0];
  const [stdout, stderr] = [wholeLines(values[0].stdout), wholeLines(values[0].stderr)];
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
      ...wallFacts(hosts, values),
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

/** The weakest wall that a command of these hosts had; where they differ, which host had which. */
function wallFacts(hosts: readonly string[], values: readonly HostRun[]): Record<string, string> {
  const levels = (['none', 'files', 'full'] as const).flatMap((level) => {
    const having = hosts.filter((_, at) => values[at]?.wall === level);
    return having.length > 0 ? [{ level, having }] : [];
  });
  const varying = levels.map(({ level, having }) => `${level} on ${formatHostNames(having)}`).join('; ');
  const scratches = values.flatMap(({ hasScratch }) => hasScratch ?? []);
  return {
    wall: levels[0]?.level ?? 'none',
    ...(levels.length > 1 && { wall_varies: varying }),
    ...(scratches.length > 0 && {
      held_by: 'kernel',
      scratch: scratches.includes(false) ? 'none' : '$TMPDIR',
    }),
  };
}

function body({ head, tail, droppedBytes }: Kept, clean: Context['clean']): TextBody {
  if (droppedBytes === 0) return { text: clean(head), stays: 'head and tail' };
  const text: RemoteText = compose`${clean(head)}\n[${droppedBytes} bytes came here and were not kept]\n${clean(tail)}`;
  return { text, stays: 'head and tail' };
}

/**
 * Without the two halves of lines beside the gap, and without the first whole line behind it: half a secret might not
 * be known for what it is, nor a value whose name stands on the line before it.
 */
function wholeLines(kept: Kept): Kept {
  const { head, tail, droppedBytes } = kept;
  if (droppedBytes === 0) return kept;
  const last = head.subarray(-longestHalf).lastIndexOf(lineFeed);
  const end = last < 0 ? head.length : Math.max(0, head.length - longestHalf) + last + 1;
  const half = tail.subarray(0, longestHalf).indexOf(lineFeed) + 1;
  const start = half + tail.subarray(half, half + longestHalf).indexOf(lineFeed) + 1;
  const bytes = droppedBytes + head.length - end + start;
  return { head: head.subarray(0, end), tail: tail.subarray(start), droppedBytes: bytes };
}
