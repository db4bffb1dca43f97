import type { Config } from '../config.ts';
import { createLog, type Log } from '../observe/log.ts';

/** The log of a process: stderr, which belongs to people in every command. */
export function stderrLog(config: Config): Log {
  return createLog(config, (line) => process.stderr.write(line));
}
