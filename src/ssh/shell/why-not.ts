// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are expansions of the remote shell
import { ScoutError } from '../../errors.ts';
import { showPath } from '../show-path.ts';

/**
 * Shell text that defines `scout_why PATH`: it sets `y` to the reason why an absolute path cannot be reached or
 * entered: F not found, P permission denied, N not a directory. Found by tests, for messages are translated and
 * differ between systems: go up (and through symbolic links) to the first thing that is there, and look at it.
 */
export const whyFunction = [
  'scout_why() { y=F; p=$1; h=9; while [ ! -e "$p" ]; do',
  'if [ -h "$p" ] && [ $h -gt 0 ]; then h=$((h-1)); t=$(readlink "$p");',
  'case $t in /*) p=$t;; *) p=${p%/*}/$t;; esac;',
  'else case $p in */*) p=${p%/*};; *) p=/;; esac; [ "$p" ] || p=/; fi; done;',
  'if [ ! -d "$p" ]; then y=N; elif [ ! -x "$p" ] || [ "$p" = "$1" ]; then y=P; fi; }',
].join(' ');

/** Whether `text` is one of the reasons of `scout_why`. */
export function isReason(text: string): text is 'F' | 'P' | 'N' {
  return text === 'F' || text === 'P' || text === 'N';
}

/** The error for a reason of `scout_why`, naming the path as the caller wrote it. */
export function pathError(reason: 'F' | 'P' | 'N', path: string): ScoutError {
  const shown = showPath(path);
  switch (reason) {
    case 'F':
      return new ScoutError(
        'path_not_found',
        `${shown} does not exist`,
        'List the directory above it to see what is there.',
      );
    case 'P':
      return new ScoutError(
        'permission_denied',
        `the remote account may not access ${shown}`,
        'Use a path that the account may read, or a host entry with another user.',
      );
    case 'N':
      return new ScoutError(
        'not_a_directory',
        `${shown} is not a directory, or lies below something that is none`,
        'Give the path of a directory.',
      );
  }
}
