import type { DenyPaths } from '../../deny-paths.ts';
import { guardStatus } from './deny-script.ts';
import { newTag } from './shell-worker.ts';

export interface GuardedCommand {
  /** For the shell worker. */
  readonly command: string;
  /** The path that the guard refused, or undefined where the command ran. */
  refusedPath(exitCode: number | undefined, stderr: Uint8Array): string | undefined;
}

/**
 * `command` behind a look at what the files that it opens really are: `opened` are their words as `command` has
 * them, so that patterns and `~` give the same names here and there. What is linked anew between the look and
 * the opening is the kernel wall's business.
 */
export function guardCommand(command: string, opened: readonly string[], denied: DenyPaths): GuardedCommand {
  if (opened.length === 0 || denied.entries.length === 0) return { command, refusedPath: () => undefined };
  const tag = newTag();
  return {
    command: `scout_guard ${tag} ${opened.join(' ')} && { ${command}; }`,
    refusedPath: (exitCode, stderr) => {
      const text = exitCode === guardStatus ? Buffer.from(stderr).toString() : '';
      return text.startsWith(tag) ? text.slice(tag.length).replace(/\n$/, '') : undefined;
    },
  };
}
