import { onTestFinished } from 'vitest';
import { makeScout, type TestScout } from '../../fixtures/scout.ts';

/** The program with this configuration, not limited in its rate, until the test is over. */
export function scoutWith(sshConfig: string, settings: Readonly<Record<string, string>> = {}): TestScout {
  const scout = makeScout(sshConfig, { SCOUT_RATE_LIMIT_PER_MINUTE: '0', ...settings });
  onTestFinished(() => scout.close());
  return scout;
}

/** What one call found on one host: as the structured answer has it. */
export interface Found {
  readonly stdout?: string;
  readonly exit_code?: number;
  readonly error?: { readonly code: string; readonly message: string; readonly fix: string };
}

/** Run a command on one host by scout_query. */
export async function query(
  scout: TestScout,
  host: string,
  command: string,
  more: { readonly timeout_s?: number; readonly signal?: AbortSignal } = {},
): Promise<Found> {
  const { signal, ...args } = more;
  const caller = signal === undefined ? {} : { signal };
  const { structured } = await scout.call('scout_query', { hosts: host, command, ...args }, caller);
  const [found] = structured.results as readonly Found[]; // as its output schema says
  return found ?? (structured as Found); // a failure of the call as a whole stands at the top
}

/** The standard output of a command that succeeds, or its error as CODE: MESSAGE. */
export async function queryText(scout: TestScout, host: string, command: string): Promise<string> {
  const { stdout, error } = await query(scout, host, command);
  return error ? `${error.code}: ${error.message}` : (stdout ?? '');
}

/** How often the log says that something happened to connections: `dialed`, `closed`, … */
export function times(scout: TestScout, event: string): number {
  return scout.log.filter((line) => line.split(' ')[1] === event).length;
}
