import type { Config } from '../config.ts';
import { ScoutError } from '../errors.ts';
import type { Observed, Observer } from '../observer.ts';
import { toRemoteText } from '../remote-text.ts';
import { auditValue } from './audit-text.ts';
import { isLogged, type Log, type LogFacts, type LogLevel } from './log.ts';

/** Of what was asked, and of what was answered, in a log line. */
const mostPayloadUnits = 4_096;
/** Of what was said as a connection failed. */
const mostSaidUnits = 1_000;

/** Everything that is observed, as log lines: defects as errors, slow calls as warnings, the rest for debugging. */
export function logEvents(log: Log, config: Config): Observer {
  return (event) => {
    if (event.kind === 'payload') {
      const { door, call } = event;
      log('info', 'payload', { door, call, ...payload(event.asked, event.answer) });
      return;
    }
    const isSlow = event.kind === 'answered' && event.durationMs > config.slowThresholdMs;
    const level = levelOf(event, isSlow);
    if (!isLogged(level, config.logLevel)) return;
    const { kind, ...facts } = event;
    const message = isSlow ? 'slow call' : kind === 'answered' ? 'call' : kind.replaceAll('_', ' ');
    const cause = 'cause' in event ? describe(event, config) : {};
    log(level, message, { ...rounded(facts), ...cause });
  };
}

/** As much of a payload as a log line may hold; redacted whatever SCOUT_REDACT says, before it is cut. */
function payload(asked: unknown, answer: string): LogFacts {
  const shown = (text: string) => shortLine(toRemoteText(text), mostPayloadUnits);
  // a client may nest its arguments deeper than JSON.stringify goes
  return { asked: shown(JSON.stringify(auditValue(asked, 4 * mostPayloadUnits))), answer: shown(answer) };
}

function shortLine(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most)}… (${text.length - most} more characters)` : text;
}

function levelOf(event: Observed, isSlow: boolean): LogLevel {
  if ('code' in event && event.code === 'internal') return 'error';
  if (event.kind === 'host_key_accepted' || isSlow) return 'warn';
  return event.kind === 'dial_failed' ? 'info' : 'debug';
}

/**
 * What a defect was, or what a server or ssh said as a connection failed, for only the log may say it; the stack where
 * SCOUT_INCLUDE_TRACEBACK is on.
 */
function describe(
  { kind, code, cause: thrown }: Extract<Observed, { cause?: unknown }>,
  { includeTraceback }: Config,
): LogFacts {
  let cause = thrown;
  while (cause instanceof ScoutError && cause.cause !== undefined) cause = cause.cause; // what it all began with
  if (!(cause instanceof Error)) return {};
  return {
    ...(code === 'internal' && { defect: `${cause.name}: ${cause.message}` }),
    ...(kind === 'dial_failed' && { said: shortLine(cause.message, mostSaidUnits) }),
    ...(includeTraceback && cause.stack !== undefined && { stack: cause.stack }),
  };
}

/** Facts that a line can hold; numbers of bytes and milliseconds whole. */
function rounded(facts: Readonly<Record<string, unknown>>): LogFacts {
  const shown: Record<string, string | number | boolean> = {};
  for (const [name, value] of Object.entries(facts)) {
    if (typeof value === 'number') shown[name] = Math.round(value);
    else if (typeof value === 'string' || typeof value === 'boolean') shown[name] = value;
  }
  return shown;
}
