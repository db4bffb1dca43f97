import { ScoutError } from './errors.ts';
import { type Setting, settings } from './settings.ts';

export type Config = { readonly [K in keyof typeof settings]: (typeof settings)[K]['fallback'] };

export interface SettingRow {
  readonly variable: string;
  readonly flag: string;
  readonly defaultText: string;
  readonly allowed: string;
  readonly meaning: string;
}

/** The settings as the README, `--help` and the flag parser show them, in the order of the table. */
export function settingRows(): readonly SettingRow[] {
  return Object.values(settings).map(({ variable, defaultText, allowed, meaning }) => ({
    variable,
    flag: flagOf(variable),
    defaultText,
    allowed,
    meaning,
  }));
}

/**
 * The settings from the environment and from flags (`--idle-timeout` by its name without dashes before it); a
 * flag wins, an empty flag or variable counts as unset. Throws ScoutError `invalid_argument` that names the variable
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
    const text = fromFlag || env[row.variable];
    const source = fromFlag ? `--${flag}` : row.variable;
    config[key] = text ? parse(row, source, text) : row.fallback;
  }
  return Object.freeze(config) as Config; // every key of the table was just set from its own schema
}

function parse(row: Setting<unknown>, source: string, text: string): unknown {
  const value = row.read(text);
  if (value !== undefined) return value;
  const shown = JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
  throw new ScoutError(
    'invalid_argument',
    `${source}=${shown} is not valid: allowed is ${row.allowed}`,
    `Correct ${source} or unset it, and start again.`,
  );
}

function flagOf(variable: string): string {
  return variable.slice('SCOUT_'.length).toLowerCase().replaceAll('_', '-');
}
