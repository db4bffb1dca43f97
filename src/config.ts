import type { z } from 'zod';
import { ScoutError } from './errors.ts';
import { type Setting, settings } from './settings.ts';

export type Config = { readonly [K in keyof typeof settings]: z.output<(typeof settings)[K]['schema']> };

export interface SettingRow {
  readonly variable: string;
  readonly flag: string;
  readonly defaultText: string;
  readonly allowed: string;
  readonly meaning: string;
  /** This version accepts the default only. */
  readonly planned: boolean;
}

/** The settings as the README, `--help` and the flag parser show them, in the order of the table. */
export function settingRows(): readonly SettingRow[] {
  return Object.values(settings).map(({ variable, defaultText, allowed, meaning, planned }) => ({
    variable,
    flag: flagOf(variable),
    defaultText,
    allowed,
    meaning,
    planned: planned !== undefined,
  }));
}

/**
 * The settings from the environment and from flags (`--idle-timeout` by its name without dashes before it); a
 * flag wins, an empty variable counts as unset. Throws ScoutError `invalid_argument` that names the variable
 * or flag, the value and what is allowed.
 */
export function loadConfig(
  env: Readonly<Record<string, string | undefined>>,
  flags: Readonly<Record<string, string | undefined>> = {},
): Config {
  const config: Record<string, unknown> = {};
  for (const [key, row] of Object.entries(settings)) {
    const flag = flagOf(row.variable);
    const fromFlag = flags[flag];
    const text = fromFlag ?? env[row.variable];
    const source = fromFlag === undefined ? row.variable : `--${flag}`;
    config[key] = text === undefined || text === '' ? row.fallback : parse(row, source, text);
  }
  return Object.freeze(config) as Config; // every key of the table was just set from its own schema
}

function parse(row: Setting<unknown>, source: string, text: string): unknown {
  const parsed = row.schema.safeParse(text);
  const shown = JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
  if (!parsed.success) throw refusal(`${source}=${shown} is not valid: allowed is ${row.allowed}`, source);
  if (!row.planned || parsed.data === row.fallback || row.planned.includes(parsed.data)) return parsed.data;
  throw refusal(`${source}=${shown} asks for what this version cannot do yet`, source);
}

function refusal(message: string, source: string): ScoutError {
  return new ScoutError('invalid_argument', message, `Correct ${source} or unset it, and start again.`);
}

function flagOf(variable: string): string {
  return variable.slice('SCOUT_'.length).toLowerCase().replaceAll('_', '-');
}
