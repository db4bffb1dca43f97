import { ScoutError } from '../../../errors.ts';
import { showPath } from '../../show-path.ts';

export function existsError(path: string): ScoutError {
  return new ScoutError(
    'exists',
    `${showPath(path)} exists already`,
    'Choose another name, or say overwrite: true if it may be replaced.',
  );
}

export function isDirectoryError(path: string): ScoutError {
  return new ScoutError(
    'exists',
    `${showPath(path)} is a directory`,
    'End the target with / to copy into it, or name the file in it.',
  );
}

export function notAFile(path: string, kind: string): ScoutError {
  return new ScoutError(
    'unsupported_file',
    `${showPath(path)} is a ${kind}, which is never opened`,
    'Copy regular files, or directories with recursive: true.',
  );
}

export function inUse(path: string): ScoutError {
  return new ScoutError(
    'busy',
    `another copy to ${showPath(path)} is under way`,
    'Wait for it to end, or cancel it.',
  );
}
