import type { Process, Processes } from '../../operations/inspect/processes.ts';
import { slice } from '../../remote-text.ts';
import { formatBytes } from '../../units.ts';
import { count, factsOf, type Line, type Say, type Shown, table } from './shown.ts';

/** A command line says enough in so many characters; it is cut after it was cleaned. */
const commandLength = 100;

export function formatProcesses(facts: Processes, say: Say): Shown {
  const { total, states, zombies, byCpu, byMemory, named, namedTotal, isWhole } = facts;
  const rows = (list: readonly Process[]) =>
    table(
      ['PID', 'USER', 'STATE', 'CPU', 'MEMORY', 'ELAPSED', 'COMMAND'],
      list.map((one) => processLine(one, say)),
    );
  return {
    heading: [
      ...(namedTotal === undefined ? [] : [`${count(namedTotal, 'process', 'es')} of that name`]),
      `${count(total, 'process', 'es')}: ${states.map(([state, number]) => `${number} ${stateName(state)}`).join(', ')}`,
      ...(byCpu ? ['CPU is of one processor over the whole life of a process'] : []),
      ...(isWhole ? [] : ['a part of the list was not kept']),
    ].join(', '),
    facts: factsOf({
      what: 'processes',
      total,
      named_total: namedTotal,
      zombies_total: states.find(([state]) => state === 'Z')?.[1] ?? 0,
    }),
    texts: {},
    tables: {
      ...(named && { named: rows(named) }),
      ...(byCpu && { by_cpu: rows(byCpu) }),
      ...(byMemory && { by_memory: rows(byMemory) }),
      ...(zombies.length > 0 && { zombies: rows(zombies) }),
    },
  };
}

const stateNames: ReadonlyMap<string, string> = new Map([
  ['R', 'running'],
  ['S', 'sleeping'],
  ['D', 'waiting for a disk'],
  ['Z', 'zombies'],
  ['T', 'stopped'],
  ['I', 'idle'],
]);

/** Our own words: a heading stands outside of the markers. */
function stateName(state: string): string {
  return stateNames.get(state) ?? 'other';
}

function processLine(one: Process, say: Say): Line {
  const whole = say(one.command);
  const command = whole.length > commandLength ? `${slice(whole, 0, commandLength)}…` : whole;
  return {
    cells: [
      String(one.pid),
      say(one.user),
      say(one.state),
      one.cpuPercent === undefined ? '' : `${one.cpuPercent} %`,
      formatBytes(one.memoryBytes),
      say(one.elapsed),
      command,
    ],
    facts: {
      pid: one.pid,
      parent: one.parent,
      user: say(one.user),
      state: say(one.state),
      cpu_percent: one.cpuPercent,
      memory_bytes: one.memoryBytes,
      elapsed: say(one.elapsed),
      command,
    },
  };
}
