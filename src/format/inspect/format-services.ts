import type { Services } from '../../operations/inspect/services.ts';
import type { Unit } from '../../operations/inspect/units.ts';
import type { UnitFacts, UnitsByName } from '../../operations/inspect/units-by-name.ts';
import { formatBytes } from '../../units.ts';
import { count, factsOf, type Line, mostShown, type Say, type Shown, table } from './shown.ts';

/** Failed units of every kind, then the running services. */
export function formatServices(
  { state, failed, running, failedTotal, runningTotal }: Services,
  say: Say,
): Shown {
  return {
    heading: [
      failedTotal === 0 ? 'no failed unit' : count(failedTotal, 'failed unit'),
      count(runningTotal, 'running service'),
    ].join(', '),
    facts: factsOf({ what: 'services', state: say(state), failed: failedTotal, running: runningTotal }),
    texts: {},
    tables: {
      units: table(
        ['UNIT', 'STATE', 'DESCRIPTION'],
        [...failed, ...running].map((unit) => unitLine(unit, say)),
      ),
    },
  };
}

function unitLine({ unit, active, sub, description }: Unit, say: Say): Line {
  // a service that runs is the ordinary case
  const state = active === 'active' ? say(sub) : `${say(active)} (${say(sub)})`;
  return {
    cells: [say(unit), active === 'failed' ? say(active) : state, say(description)],
    facts: { unit: say(unit), active: say(active), sub: say(sub), description: say(description) },
  };
}

/** The units of a name, a fact a line; the typed ones of a single unit are those of the answer as well. */
export function formatUnits({ units }: UnitsByName, say: Say): Shown {
  const failed = units.filter(({ active }) => active === 'failed').length;
  return {
    heading: [count(units.length, 'unit'), ...(failed === 0 ? [] : [`${failed} failed`])].join(', '),
    facts: factsOf({
      what: 'services',
      total: units.length,
      failed,
      ...(units.length === 1 && typedFacts(units[0], say)),
    }),
    texts: {},
    tables: {
      units: table(
        ['', ''],
        units.slice(0, mostShown).flatMap((unit) => linesOf(unit, say)),
      ),
    },
  };
}

function typedFacts(unit: UnitFacts | undefined, say: Say): Line['facts'] {
  return {
    active: say(unit?.active),
    sub: say(unit?.sub),
    enabled: say(unit?.enabled),
    result: say(unit?.result),
    exit: say(unit?.exit),
    restarts: unit?.restarts,
    pid: unit?.pid,
    memory_bytes: unit?.memoryBytes,
    tasks: unit?.tasks,
  };
}

function linesOf(unit: UnitFacts, say: Say): readonly Line[] {
  const said: readonly (readonly [string, string])[] = [
    ['unit', `${say(unit.unit)}${unit.description ? ` (${say(unit.description)})` : ''}`],
    ['state', `${say(unit.active)} (${say(unit.sub)})${unit.since ? ` since ${say(unit.since)}` : ''}`],
    ['at boot', say(unit.enabled)],
    ['ended', endText(unit, say)],
    ['restarts', `${unit.restarts ?? 'unknown'}, Restart=${say(unit.restart) || 'no'}`],
    ['status', say(unit.status)],
    ['runs as', [unit.pid === undefined ? '' : `pid ${unit.pid}`, say(unit.user)].filter(Boolean).join(', ')],
    ['uses', usesText(unit)],
    ['triggered by', say(unit.triggeredBy)],
    ['file', `${say(unit.file)}${unit.needsReload ? ', changed since it was loaded' : ''}`],
  ];
  return said
    .filter(([, value]) => value !== '')
    .map(([fact, value]) => ({ cells: [fact, value], facts: { unit: say(unit.unit), fact, value } }));
}

function endText({ result, exit, endedAt }: UnitFacts, say: Say): string {
  if (exit === undefined && (result === '' || result === 'success')) return '';
  return [say(exit), result === '' ? '' : `result ${say(result)}`, endedAt === '' ? '' : `at ${say(endedAt)}`]
    .filter(Boolean)
    .join(', ');
}

function usesText({ memoryBytes, tasks }: UnitFacts): string {
  return [
    memoryBytes === undefined ? '' : formatBytes(memoryBytes),
    tasks === undefined ? '' : count(tasks, 'task'),
  ]
    .filter(Boolean)
    .join(', ');
}
