import { ScoutError } from '../errors.ts';
import { formatBytes } from '../units.ts';
import { showPath } from './show-path.ts';

/** Why a search ended early: what came, or was read, is more than it may be. */
export function tooMuchFound(bytes: number): ScoutError {
  return new ScoutError(
    'output_limit',
    `the search was stopped after ${formatBytes(bytes)}`,
    'Narrow it down by name, depth or a deeper directory, ask fewer hosts, or raise SCOUT_MAX_OUTPUT_SIZE.',
  );
}

/** The content of files that are windows into the kernel is not searched: reading one may block, or take what it gives. */
export function notSearched(path: string): ScoutError {
  return new ScoutError(
    'path_denied',
    `the content of what is in ${showPath(path)} is not searched: it is /proc, /sys or /dev, or leads there`,
    'Search by name alone, or read single files with scout_read.',
  );
}
