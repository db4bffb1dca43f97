import type { Config } from '../config.ts';
import { toRemoteText } from '../remote-text.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';
export type LogFacts = Readonly<Record<string, string | number | boolean | undefined>>;
export type Log = (level: LogLevel, message: string, facts?: LogFacts) => void;

const ranks = { debug: 0, info: 1, warn: 2, error: 3, silent: 4 } as const;

/** A logger that writes one line a message: text for people, JSON for machines (SCOUT_LOG_FORMAT). */
export function createLog({ logLevel, logFormat }: Config, write: (line: string) => void): Log {
  const format = logFormat === 'json' ? jsonLine : textLine;
  return (level, message, facts = {}) => {
    if (isLogged(level, logLevel)) write(`${format(level, message, facts)}\n`);
  };
}

/** Whether a line of that level is written at all: most that is observed on the way of a call is not. */
export function isLogged(level: LogLevel, logLevel: Config['logLevel']): boolean {
  return ranks[level] >= ranks[logLevel];
}

function jsonLine(level: LogLevel, message: string, facts: LogFacts): string {
  const shown = Object.entries(facts).map(([name, value]) => [
    name,
    typeof value === 'string' ? toRemoteText(value) : value,
  ]);
  return JSON.stringify({ ...Object.fromEntries(shown), time: new Date().toISOString(), level, message });
}

function textLine(level: LogLevel, message: string, facts: LogFacts): string {
  const shown = Object.entries(facts).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${typeof value === 'string' ? word(value) : value}`],
  );
  return ['scout-mcp', level, message, ...shown].join(' ');
}

/** One word on one line, with nothing in it that a terminal obeys, and no secret. */
function word(value: string): string {
  const visible = toRemoteText(value);
  return /[\s"\\]/.test(visible) ? JSON.stringify(visible) : visible;
}
