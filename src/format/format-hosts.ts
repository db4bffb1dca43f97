import type { Context } from '../context.ts';
import type { Report } from '../define.ts';
import type { HostRow } from '../operations/list-hosts.ts';
import { toRemoteLine } from '../remote-text.ts';
import { formatDuration } from '../units.ts';
import { alignColumns, noHosts } from './names.ts';

/** The hosts, one a line. */
export function formatHosts(rows: readonly HostRow[], { config }: Pick<Context, 'config'>): Report {
  const probed = rows.some(({ probe }) => probe);
  const header = ['HOST', 'ADDRESS', 'USER', 'JUMP', 'STATE', ...(probed ? ['PROBE'] : [])];
  const [head, ...lines] = alignColumns([header, ...rows.map((row) => cells(row, probed))]);
  const summary = rows.length === 1 ? '1 host' : `${rows.length} hosts`;
  return {
    list: 'results',
    entries: [
      {
        heading: rows.length === 0 ? noHosts(config) : summary,
        facts: { total: rows.length },
        texts: {},
        tables: {
          hosts: {
            header: head ?? '',
            rows: rows.map((row, at) => ({
              line: toRemoteLine(lines[at] ?? '', 1_000),
              facts: factsOf(row),
            })),
          },
        },
      },
    ],
  };
}

function cells({ listed, state, probe }: HostRow, probed: boolean): readonly string[] {
  return [
    listed.alias,
    `${listed.hostName}${listed.port === undefined || listed.port === 22 ? '' : `:${listed.port}`}`,
    listed.user ?? '-',
    listed.proxyJump ?? (listed.hasProxyCommand ? 'ProxyCommand' : '-'),
    stateCell(listed, state),
    ...(probed ? [probeCell(probe)] : []),
  ];
}

function stateCell(
  listed: HostRow['listed'],
  { connected, engine, wall, lastError }: HostRow['state'],
): string {
  if (listed.problem !== undefined) return `refused by ssh: ${listed.problem}`;
  if (connected)
    return `connected by ${engine ?? 'ssh'}${wallWords(wall)}${lastError ? `, last ${lastError}` : ''}`;
  return lastError ?? 'not connected';
}

/** Unknown until the first command has run. */
function wallWords(wall: HostRow['state']['wall']): string {
  if (!wall) return '';
  if (wall.level === 'full') return ', full wall';
  return `, ${wall.level === 'none' ? 'no wall' : 'wall for files only'} (${wall.why ?? ''})`;
}

function probeCell(probe: HostRow['probe']): string {
  if (!probe) return '-';
  const what = probe.banner ?? probe.failed ?? '';
  const where = probe.jump === undefined ? '' : ` (jump ${probe.jump})`;
  return `${what}${where} ${formatDuration(probe.durationMs)}`;
}

function factsOf({ listed, state, probe }: HostRow): Record<string, string | number | boolean> {
  return {
    host: listed.alias,
    address: listed.hostName,
    ...(listed.port !== undefined && { port: listed.port }),
    ...(listed.user !== undefined && { user: listed.user }),
    ...(listed.proxyJump !== undefined && { jump: listed.proxyJump }),
    ...(listed.hasProxyCommand && { proxy_command: true }),
    connected: state.connected,
    ...(listed.problem !== undefined && { problem: listed.problem }),
    ...(state.engine && { engine: state.engine }),
    ...(state.wall && {
      wall: state.wall.level,
      ...(state.wall.why !== undefined && { wall_why: state.wall.why }),
      ...(state.wall.raise !== undefined && { wall_raise: state.wall.raise }),
    }),
    ...(state.lastError && { last_error: state.lastError }),
    ...(probe && {
      reachable: probe.banner !== undefined,
      probe_ms: Math.round(probe.durationMs),
      ...(probe.banner !== undefined && { banner: probe.banner }),
      ...(probe.failed && { probe_error: probe.failed }),
      ...(probe.jump !== undefined && { probed_jump: probe.jump }),
    }),
  };
}
