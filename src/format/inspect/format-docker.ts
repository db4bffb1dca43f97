import type { Container, ContainerState, Containers } from '../../operations/inspect/docker.ts';
import type { ContainerDetail } from '../../operations/inspect/docker-container.ts';
import { formatBytes } from '../../units.ts';
import { count, factsOf, type Line, type Say, type Shown, table } from './shown.ts';

/** All containers, those in trouble first. */
export function formatContainers({ containers, total, unread }: Containers, say: Say): Shown {
  return {
    heading: [
      countStates(containers, total),
      ...unreadNote(unread),
      ...cutNote(containers.length, total),
    ].join(', '),
    facts: factsOf({ what: 'docker', total, running: running(containers), unread: unread || undefined }),
    texts: {},
    tables: { containers: containerTable(containers, say) },
  };
}

export function containerTable(containers: readonly Container[], say: Say): Shown['tables'][string] {
  const sorted = [...containers].sort(
    (a, b) => Number(isTrouble(b)) - Number(isTrouble(a)) || (a.name < b.name ? -1 : 1),
  );
  return table(
    ['NAME', 'STATE', 'RESTARTS', 'IMAGE', 'PORTS'],
    sorted.map((one) => containerLine(one, say)),
  );
}

export function countStates(containers: readonly Container[], total: number): string {
  const states = new Map<string, number>();
  for (const { state } of containers) states.set(word(state), (states.get(word(state)) ?? 0) + 1);
  const parts = [...states].map(([state, number]) => `${number} ${state}`);
  return parts.length === 0 ? 'no container' : `${count(total, 'container')}: ${parts.join(', ')}`;
}

export function unreadNote(unread: number): readonly string[] {
  return unread === 0 ? [] : [`${unread} could not be read`];
}

function cutNote(shown: number, total: number): readonly string[] {
  return shown < total ? [`the first ${shown} are listed`] : [];
}

export function running(containers: readonly Container[]): number {
  return containers.filter(({ state }) => state === 'running').length;
}

/** Docker's own words only: a heading stands outside of the markers. */
function word(state: string): string {
  return ['created', 'restarting', 'running', 'removing', 'paused', 'exited', 'dead'].includes(state)
    ? state
    : 'other';
}

function isTrouble({ state, detail }: Container): boolean {
  return (
    ['restarting', 'dead'].includes(state) ||
    detail?.health === 'unhealthy' ||
    (state === 'exited' && (detail?.exitCode ?? 0) !== 0)
  );
}

function containerLine(one: Container, say: Say): Line {
  const { detail } = one;
  const restarts = detail?.restarts ?? 0;
  return {
    cells: [
      say(one.name),
      stateText(one.state, detail, say),
      restarts > 0 ? String(restarts) : '',
      say(one.image),
      say(one.ports),
    ],
    facts: {
      name: say(one.name),
      id: say(one.id.slice(0, 12)),
      image: say(one.image),
      state: say(one.state),
      ports: say(one.ports),
      project: say(one.project),
      service: say(one.service),
      ...(detail && stateFacts(detail, say)),
    },
  };
}

/** `exited 137 (out of memory) at 2026-…`, `running (unhealthy) since …, last exit 1 at …`. */
function stateText(state: string, detail: ContainerState | undefined, say: Say): string {
  if (!detail) return say(state);
  const { exitCode, oomKilled, startedAt, finishedAt, health, error } = detail;
  const end = [
    ...(exitCode === undefined ? [] : [String(exitCode)]),
    ...(oomKilled ? ['(out of memory)'] : []),
    ...(finishedAt === undefined ? [] : [`at ${say(finishedAt)}`]),
    ...(error === undefined ? [] : [`(${say(error)})`]),
  ].join(' ');
  const isUp = state === 'running' || state === 'paused';
  if (!isUp) return [say(state), end].filter((part) => part !== '').join(' ');
  const now = [say(state), ...(health === undefined || health === 'none' ? [] : [`(${say(health)})`])].join(
    ' ',
  );
  return `${now}${startedAt === undefined ? '' : ` since ${say(startedAt)}`}${finishedAt === undefined ? '' : `, last exit ${end}`}`;
}

function stateFacts(detail: ContainerState, say: Say): Line['facts'] {
  return {
    restarts: detail.restarts,
    restart_policy: say(detail.restartPolicy),
    exit_code: detail.exitCode,
    oom_killed: detail.oomKilled || undefined,
    started: say(detail.startedAt),
    finished: say(detail.finishedAt),
    health: say(detail.health),
    failing_checks: detail.failingStreak || undefined,
    error: say(detail.error),
  };
}

/** One container, a fact a line. */
export function formatContainer(one: ContainerDetail, say: Say): Shown {
  const { detail } = one;
  const limit = one.memoryLimitBytes;
  const lines: readonly (readonly [string, string])[] = [
    ['name', `${say(one.name)} ${say(one.id.slice(0, 12))}`],
    ['image', say(one.image)],
    ['state', stateText(one.state, detail, say)],
    ['restarts', `${detail.restarts ?? 0}, policy ${say(detail.restartPolicy) || 'none'}`],
    ['created', say(one.createdAt)],
    ['command', say(one.command)],
    ['user', say(one.user)],
    ['pid', one.pid === undefined ? '' : String(one.pid)],
    ['memory', limit === undefined ? '' : `at most ${formatBytes(limit)}`],
    ['log', say(one.logDriver)],
    ['ports', one.ports.map(say).join(', ')],
    ['networks', one.networks.map(({ name, address }) => `${say(name)} ${say(address)}`.trim()).join(', ')],
    ...one.mounts.map((mount) => ['mount', say(mount)] as const),
    ...one.healthLog.map(
      ({ exitCode, output }) =>
        ['check', `exit ${exitCode ?? '?'}: ${say(output.trim().slice(0, 300))}`] as const,
    ),
    ...one.labels.map(([name, value]) => ['label', say(`${name}=${value}`)] as const),
    ['environment', one.environment.map((name) => `${say(name)}=***`).join(' ')],
  ];
  return {
    heading: `container ${word(one.state)}, ${count(detail.restarts ?? 0, 'restart')}`,
    facts: factsOf({
      what: 'docker',
      name: say(one.name),
      state: say(one.state),
      ...stateFacts(detail, say),
      memory_limit_bytes: limit,
    }),
    texts: {},
    tables: {
      container: table(
        ['', ''],
        lines
          .filter(([, value]) => value !== '')
          .map(([fact, value]) => ({ cells: [fact, value], facts: { fact, value } })),
      ),
    },
  };
}
