import { type DenyPaths, parseDenyPaths } from './deny-paths.ts';
import { formatBytes, formatDuration, parseDurationMs, parseSizeBytes } from './units.ts';

/**
 * How the text of one setting becomes its value, undefined where it is not allowed, and what a person is told it may
 * be. Functions and not schemas: settings are read by every start, which loads no zod.
 */
export interface Kind<T> {
  readonly read: (text: string) => T | undefined;
  readonly allowed: string;
}

function kind<T>(allowed: string, read: (text: string) => T | undefined): Kind<T> {
  return { read: (text) => read(text.trim()), allowed };
}

function optional<T>(kind: Kind<T>): Kind<T | undefined> {
  return kind;
}

function within(value: number | undefined, min: number, max: number): number | undefined {
  return value !== undefined && value >= min && value <= max ? value : undefined;
}

export function duration(minMs: number, maxMs: number): Kind<number> {
  return kind(
    `a duration from ${formatDuration(minMs)} to ${formatDuration(maxMs)}: seconds, or with a suffix (500ms, 30s, 2m)`,
    (text) => within(parseDurationMs(text, 's'), minMs, maxMs),
  );
}

export function optionalDuration(minMs: number, maxMs: number): Kind<number | undefined> {
  return optional(duration(minMs, maxMs));
}

export function durationMs(minMs: number, maxMs: number): Kind<number> {
  return kind(
    `a duration from ${formatDuration(minMs)} to ${formatDuration(maxMs)}: milliseconds, or with a suffix (500ms, 30s, 2m)`,
    (text) => within(parseDurationMs(text, 'ms'), minMs, maxMs),
  );
}

export function size(minBytes: number, maxBytes: number): Kind<number> {
  return kind(
    `a size from ${formatBytes(minBytes)} to ${formatBytes(maxBytes)}: bytes, or with a suffix (64KiB, 10M)`,
    (text) => within(parseSizeBytes(text), minBytes, maxBytes),
  );
}

export function integer(min: number, max: number): Kind<number> {
  return kind(`a whole number from ${min} to ${max}`, (text) =>
    /^\d{1,10}$/.test(text) ? within(Number(text), min, max) : undefined,
  );
}

export function choice<const T extends string>(...values: readonly T[]): Kind<T> {
  return kind(values.join(', '), (text) => values.find((value) => value === text.toLowerCase()));
}

export function optionalChoice<const T extends string>(...values: readonly T[]): Kind<T | undefined> {
  return optional(choice(...values));
}

export function onOff(): Kind<boolean> {
  const meanings: Record<string, boolean> = {
    on: true,
    true: true,
    yes: true,
    '1': true,
    off: false,
    false: false,
    no: false,
    '0': false,
  };
  return kind('on, off', (text) => meanings[text.toLowerCase()]);
}

export function path(): Kind<string | undefined> {
  return optional(kind('a path', (text) => (text.includes('\0') ? undefined : text)));
}

export function list(): Kind<readonly string[]> {
  return kind('a comma-separated list', (text) => {
    const items = text.split(',').map((item) => item.trim());
    return items.every((item) => item !== '' && item !== '!') ? items : undefined;
  });
}

export function optionalList(): Kind<readonly string[] | undefined> {
  return optional(list());
}

export function denyPaths(): Kind<DenyPaths> {
  return kind(
    'a comma-separated list of paths and patterns, each absolute or below ~/; ! excepts, default is the built-in list',
    (text) => parseDenyPaths(text.split(',').map((item) => item.trim())),
  );
}
