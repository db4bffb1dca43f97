import { type Config, loadConfig } from '../config.ts';
import { asScoutError } from '../errors.ts';
import { exitCodes } from './exit-codes.ts';

/** The settings; a wrong one ends the program with one line on stderr. */
export function configOrExit(flags: Readonly<Record<string, string | undefined>>): Config {
  try {
    return loadConfig(process.env, flags);
  } catch (thrown) {
    const { message, fix } = asScoutError(thrown);
    process.stderr.write(`scout-mcp: ${message}. ${fix}\n`);
    process.exit(exitCodes.wrongUsage);
  }
}
