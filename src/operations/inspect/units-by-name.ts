import { ScoutError } from '../../errors.ts';
import { commandText } from '../../policy/command-text.ts';
import type { Machine } from '../ask/machine.ts';
import { noSystemd, whatElse } from './services.ts';
import { linesOf, toNumber } from './untrusted.ts';

/** One unit as `systemctl show` has it; times are as systemd prints them. */
export interface UnitFacts {
  readonly unit: string;
  readonly description: string;
  readonly load: string;
  readonly active: string;
  readonly sub: string;
  /** Whether it is started at boot: `enabled`, `disabled`, `static`, … */
  readonly enabled: string;
  /** Why it ended last: `success`, `exit-code`, `oom-kill`, `signal`, `timeout`, … */
  readonly result: string;
  /** `exited with 1`, `killed by signal 9`; undefined while it never ended. */
  readonly exit?: string | undefined;
  readonly restart: string;
  readonly restarts?: number | undefined;
  readonly since: string;
  readonly endedAt: string;
  readonly pid?: number | undefined;
  readonly memoryBytes?: number | undefined;
  readonly tasks?: number | undefined;
  readonly user: string;
  readonly file: string;
  readonly status: string;
  readonly triggeredBy: string;
  readonly needsReload: boolean;
}

export interface UnitsByName {
  readonly what: 'units';
  readonly units: readonly UnitFacts[];
}

const properties = [
  ...[
    'Id',
    'Description',
    'LoadState',
    'ActiveState',
    'SubState',
    'UnitFileState',
    'Result',
    'Restart',
    'NRestarts',
  ],
  ...[
    'ExecMainCode',
    'ExecMainStatus',
    'ExecMainExitTimestamp',
    'ActiveEnterTimestamp',
    'InactiveEnterTimestamp',
  ],
  ...[
    'MainPID',
    'MemoryCurrent',
    'TasksCurrent',
    'User',
    'FragmentPath',
    'StatusText',
    'TriggeredBy',
    'NeedDaemonReload',
  ],
].join(',');

/** The units of a name or pattern. Throws ScoutError `not_available` where there is no systemd or no such unit. */
export async function lookAtUnits(machine: Machine, name: string): Promise<UnitsByName> {
  const { replies, complaints, stopped } = await machine.ask({
    ...whatElse,
    shown: commandText(['systemctl', 'show', '-p', properties, '--', name]),
  });
  const { shown } = replies;
  if (!shown && stopped) throw stopped;
  if (!shown?.ok) throw noSystemd(machine.host, complaints, replies);
  const units = parseShown(shown.text).filter(
    ({ load, active }) => load !== 'not-found' || active !== 'inactive',
  );
  if (units.length === 0) {
    throw new ScoutError(
      'not_available',
      `${machine.host} has no unit ${JSON.stringify(name)}`,
      'scout_inspect with what services lists units; a pattern such as "nginx*" finds loaded ones.',
    );
  }
  return { what: 'units', units };
}

/** Blocks of `Name=value` with empty lines between. */
export function parseShown(text: string): readonly UnitFacts[] {
  return text
    .split(/\n\n+/)
    .map((block) => new Map(linesOf(block).map(nameAndValue)))
    .filter((values) => (values.get('Id') ?? '') !== '')
    .map((values) => {
      const of = (name: string) => values.get(name) ?? '';
      return {
        unit: of('Id'),
        description: of('Description'),
        load: of('LoadState'),
        active: of('ActiveState'),
        sub: of('SubState'),
        enabled: of('UnitFileState'),
        result: of('Result'),
        exit: exitOf(of('ExecMainCode'), of('ExecMainStatus')),
        restart: of('Restart'),
        restarts: toNumber(of('NRestarts')),
        since: of('ActiveState') === 'active' ? of('ActiveEnterTimestamp') : of('InactiveEnterTimestamp'),
        endedAt: of('ExecMainExitTimestamp'),
        pid: toNumber(of('MainPID')) || undefined,
        memoryBytes: amount(of('MemoryCurrent')),
        tasks: amount(of('TasksCurrent')),
        user: of('User'),
        file: of('FragmentPath'),
        status: of('StatusText'),
        triggeredBy: of('TriggeredBy'),
        needsReload: of('NeedDaemonReload') === 'yes',
      };
    });
}

function nameAndValue(line: string): readonly [string, string] {
  const equals = line.indexOf('=');
  return [line.slice(0, Math.max(0, equals)), line.slice(equals + 1)];
}

/** `[not set]`, and 2⁶⁴ − 1 of older versions, are no amounts. */
function amount(text: string): number | undefined {
  const number = toNumber(text);
  return number === undefined || number > 2 ** 53 ? undefined : number;
}

/** CLD_EXITED, CLD_KILLED and CLD_DUMPED of sigaction(2). */
function exitOf(code: string, status: string): string | undefined {
  if (toNumber(status) === undefined) return undefined;
  if (code === '1') return `exited with ${status}`;
  if (code === '2') return `killed by signal ${status}`;
  return code === '3' ? `killed by signal ${status}, with a core dump` : undefined;
}
