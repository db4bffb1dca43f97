import type { Call } from '../call.ts';
import type { Context } from '../context.ts';
import type { Completions } from '../define.ts';
import type { DirectoryEntry } from '../ssh/files.ts';
import { auditHost } from './audit-host.ts';
import { checkReadable } from './read-targets.ts';
import { pathProblem } from './target.ts';

/** Of a larger directory only what is met first is offered. */
const mostBytes = 64 * 1024;

/**
 * What `prefix`, the path of a resource, may go on to: absolute without its first slash, or `~/…`; directories end
 * in a slash. What SCOUT_DENY_PATHS denies is not offered. Rejects as FileDoor, and ScoutError `path_denied`.
 */
export async function completePaths(
  context: Context,
  host: string,
  prefix: string,
  call: Call,
): Promise<Completions> {
  const end = prefix.lastIndexOf('/') + 1;
  const [typed, begin] = [prefix.slice(0, end), prefix.slice(end)];
  const isHome = typed.startsWith('~/');
  const directory = isHome ? typed.slice(0, -1) : `/${typed}`.replace(/(?<=.)\/$/, '');
  if (pathProblem(directory) !== undefined) return { values: [] };
  checkReadable(context, directory);
  const outcome = await auditHost(
    call.audit,
    host,
    { actions: () => [{ path: directory }], outcomes: () => [{ outcome: 'ok', bytes: 0 }] },
    () =>
      context.pool.use(host, call, (session) =>
        session.read(
          { path: directory, firstLine: 1, lines: undefined, maxBytes: mostBytes, depth: 1 },
          call.signal,
        ),
      ),
  );
  if (outcome.what !== 'directory') return { values: [] };
  const isDenied = (name: string, use: 'file' | 'tree') =>
    context.config.denyPaths.denies(`${directory === '/' ? '' : directory}/${name}`, use);
  const values = outcome.entries.flatMap((entry) => {
    const name = nameOf(entry, context.clean);
    if (name === undefined || !name.startsWith(begin)) return [];
    const isDirectory = entry.facts?.kind === 'directory';
    if (isDenied(name, isDirectory ? 'tree' : 'file')) return [];
    return [`${typed}${name}${isDirectory ? '/' : ''}`];
  });
  return { values, isCut: outcome.truncated };
}

/** Undefined where it would be shown otherwise than it is written, and so could not be asked for. */
function nameOf({ path }: DirectoryEntry, clean: Context['clean']): string | undefined {
  const bytes = Buffer.from(path);
  const name = bytes.toString();
  return Buffer.from(name).equals(bytes) && !name.includes('\n') && clean(bytes) === name ? name : undefined;
}
