import type { Context } from '../context.ts';
import type { Entry, Report } from '../define.ts';
import type { HostRun, QueryData } from '../operations/run-query.ts';
import { formatBytes, formatDuration } from '../units.ts';
import { formatHostNames } from './names.ts';
import { saidBriefly } from './near-identical.ts';
import { reportHosts } from './report-hosts.ts';
import { streamBody, wholeLines } from './stream-body.ts';

/** What a command did, host by host; equal outcomes once under all their hosts. */
export function formatQuery(data: QueryData, context: Pick<Context, 'clean' | 'config'>): Report {
  const ran = data.groups.map(({ hosts, values }) => ranEntry(hosts, values, context));
  return reportHosts(saidBriefly(ran), data.failures, ran.length);
}

function ranEntry(
  hosts: readonly string[],
  values: readonly [HostRun, ...HostRun[]],
  context: Pick<Context, 'clean' | 'config'>,
): Entry {
  const { exitCode, stopped } = values[0];
  const [stdout, stderr] = [wholeLines(values[0].stdout), wholeLines(values[0].stderr)];
  const durationMs = Math.round(Math.max(...values.map((value) => value.durationMs)));
  const how = exitCode === undefined ? 'stopped' : `exit ${exitCode}`;
  const dropped = [
    ...(stdout.droppedBytes > 0 ? [`${formatBytes(stdout.droppedBytes)} of stdout not kept`] : []),
    ...(stderr.droppedBytes > 0 ? [`${formatBytes(stderr.droppedBytes)} of stderr not kept`] : []),
  ];
  const wall = wallFacts(hosts, values);
  return {
    hosts,
    heading: [how, formatDuration(durationMs), ...wallWords(wall), ...dropped].join(', '),
    facts: {
      ...(exitCode !== undefined && { exit_code: exitCode }),
      duration_ms: durationMs,
      ...wall,
      ...(stdout.droppedBytes > 0 && { stdout_dropped_bytes: stdout.droppedBytes }),
      ...(stderr.droppedBytes > 0 && { stderr_dropped_bytes: stderr.droppedBytes }),
    },
    texts: {
      stdout: streamBody(stdout, context),
      ...(stderr.head.length > 0 && { stderr: streamBody(stderr, context) }),
    },
    tables: {},
    ...(stopped && { error: stopped }),
  };
}

/** What holds a command by default is not said again of each one. */
function wallWords({ wall, wall_varies, held_by, scratch }: Record<string, string>): readonly string[] {
  const less = { none: 'no wall', files: 'wall for files only' }[wall ?? ''];
  const held =
    held_by && `held by the ${held_by} alone${scratch === 'none' ? '' : `, scratch in ${scratch}`}`;
  return [wall_varies ? `wall ${wall_varies}` : less, held].flatMap((words) => words || []);
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
