import { at, numberAt, parseJson, stringAt } from '../inspect/untrusted.ts';
import { type LogLine, setIn } from './log-line.ts';
import { severities } from './request.ts';

/** Entries this urgent, or more, say so. */
const urgent = 4;

/**
 * An entry as `journalctl -o json` prints it (systemd.journal-fields(7)): `TIME NAME[PID] SEVERITY: MESSAGE`. Empty
 * where the line is no entry.
 */
export function parseEntry(line: string): readonly LogLine[] {
  const entry = parseJson(line);
  const microseconds = numberAt(entry, '__REALTIME_TIMESTAMP');
  if (microseconds === undefined) return [];
  const atMs = microseconds / 1_000;
  const name = stringAt(entry, 'SYSLOG_IDENTIFIER') ?? stringAt(entry, '_COMM') ?? 'unknown';
  const pid = stringAt(entry, '_PID');
  const priority = numberAt(entry, 'PRIORITY') ?? severities.length;
  const severity = priority <= urgent ? ` ${severities[priority] ?? ''}` : '';
  const who = `${name}${pid === undefined ? '' : `[${pid}]`}${severity}`.replaceAll('\n', ' ');
  return [{ atMs, text: `${isoTime(atMs)} ${who}: ${setIn(messageOf(at(entry, 'MESSAGE')))}` }];
}

/** An entry as `-o short-unix` prints it: seconds since 1970, the host, and the rest. */
export function parseShortEntry(line: string): readonly LogLine[] {
  const [, seconds, rest] = /^(\d{9,11}\.\d{6}) \S+ (.*)$/.exec(line) ?? [];
  if (seconds === undefined) return [];
  const atMs = Number(seconds) * 1_000;
  return [{ atMs, text: `${isoTime(atMs)} ${rest}` }];
}

/** To the second, in UTC. */
function isoTime(atMs: number): string {
  const date = new Date(atMs);
  return Number.isNaN(date.getTime()) ? 'at an unknown time' : `${date.toISOString().slice(0, 19)}Z`;
}

/** A text; bytes, where it is no plain text; several of either, where the field was given more than once. */
function messageOf(value: unknown): string {
  return Array.isArray(value) && !value.every(isNumber)
    ? value.map(oneMessage).join('\n')
    : oneMessage(value);
}

function oneMessage(value: unknown): string {
  if (typeof value === 'string') return value;
  return Array.isArray(value) && value.every(isNumber) ? Buffer.from(value).toString() : '(no message)';
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number';
}
