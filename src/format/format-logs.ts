import type { Context } from '../context.ts';
import type { Entry, Report } from '../define.ts';
import type { LogsData } from '../operations/read-logs.ts';
import { formatHostNames } from './names.ts';
import { reportHosts } from './report-hosts.ts';

/** Log lines, host by host, equal ones once under all their hosts; or one stream with the host in front of a line. */
export function formatLogs(
  { groups, merged, failures }: LogsData,
  { clean }: Pick<Context, 'clean'>,
): Report {
  const read: readonly Entry[] = merged
    ? [
        entry(
          merged.hosts,
          merged.from.join(', '),
          grouped(merged.notes),
          merged.lines.map(({ host, text }) => `${host} ${text}`),
          clean,
        ),
      ]
    : groups.map(({ hosts, values: [{ from, notes, lines }] }) =>
        entry(
          hosts,
          from,
          notes,
          lines.map(({ text }) => text),
          clean,
        ),
      );
  return reportHosts(read, failures, groups.length);
}

function entry(
  hosts: readonly string[],
  from: string,
  notes: readonly string[],
  lines: readonly string[],
  clean: Context['clean'],
): Entry {
  const count =
    lines.length === 0 ? 'no lines' : lines.length === 1 ? '1 line' : `${lines.length} newest lines`;
  const note = notes.join('; ');
  return {
    hosts,
    heading: `${count} of ${from}${note === '' ? '' : ` (${note})`}`,
    facts: { from, lines: lines.length, ...(note !== '' && { note }) },
    texts: { log: { text: clean(Buffer.from(lines.map((text) => `${text}\n`).join(''))), stays: 'tail' } },
    tables: {},
  };
}

/** `HOST: NOTE` of several hosts with the same note as `HOST, HOST: NOTE`. */
function grouped(notes: readonly string[]): readonly string[] {
  const hosts = new Map<string, string[]>();
  for (const each of notes) {
    const colon = each.indexOf(': ');
    const note = each.slice(colon + 2);
    hosts.set(note, [...(hosts.get(note) ?? []), each.slice(0, colon)]);
  }
  return [...hosts].map(([note, names]) => `${formatHostNames(names)}: ${note}`);
}
