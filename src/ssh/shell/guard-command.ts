import type { ScoutError } from '../../errors.ts';
import { pathDenied, pathTrapped } from '../../path-denied.ts';
import { guardStatus } from './deny-script.ts';
import { newTag } from './shell-worker.ts';

export interface GuardedCommand {
  /** For the shell worker. */
  readonly command: string;
  /** Why the guard refused a path, or undefined where the command ran. */
  refusal(exitCode: number | undefined, stderr: Uint8Array): ScoutError | undefined;
}

/**
 * `command` behind a look at what the files that it opens really are: `opened` are their words as `command` has
 * them, so that patterns and `~` give the same names here and there. What is linked anew between the look and
 * the opening is the kernel wall's business.
 */
export function guardCommand(command: string, opened: readonly string[]): GuardedCommand {
  if (opened.length === 0) return { command, refusal: () => undefined };
  const tag = newTag();
  return {
    command: `scout_guard ${tag} ${opened.join(' ')} && { ${command}; }`,
    refusal: (exitCode, stderr) => {
      const text = exitCode === guardStatus ? Buffer.from(stderr).toString() : '';
      if (!text.startsWith(tag)) return undefined;
      const path = text.slice(tag.length + 1).replace(/\n$/, '');
      return text.charAt(tag.length) === 'D' ? pathDenied(path) : pathTrapped(path);
    },
  };
}
