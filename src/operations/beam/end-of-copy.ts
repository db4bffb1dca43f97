import type { Context } from '../../context.ts';
import { ScoutError } from '../../errors.ts';
import { pathProblem } from '../target.ts';

/** One end of a copy as it was written: a path on one host, or one of this machine. */
export type EndOfCopy =
  | { readonly kind: 'remote'; readonly host: string; readonly path: string; readonly isInto: boolean }
  | { readonly kind: 'local'; readonly path: string; readonly isInto: boolean };

const fix = 'Write HOST:PATH with one host, or a local path; ./a:b is local.';

/**
 * `HOST:PATH` where no slash stands before the first colon, else a path of this machine. A trailing slash, or no path
 * behind the colon: into that directory. Throws ScoutError `invalid_target`, `unknown_host`.
 */
export async function endOfCopy(context: Pick<Context, 'hosts'>, text: string): Promise<EndOfCopy> {
  const [, name, rest] = /^([^/:]*):(.*)$/s.exec(text) ?? [];
  const problem = pathProblem(rest ?? text);
  if (problem !== undefined) throw invalid(text, problem);
  if (name === undefined || rest === undefined) {
    if (text === '') throw invalid(text, 'it is empty');
    return { kind: 'local', path: withoutSlashes(text), isInto: text.endsWith('/') };
  }
  if (name.trim() === '') throw invalid(text, 'it names no host');
  if (/[*?!,[\]]/.test(name)) throw invalid(text, 'a copy has exactly one host at each end');
  const hosts = await context.hosts.select(name.trim());
  const [host, ...others] = hosts;
  if (host === undefined || others.length > 0) throw invalid(text, `it names ${hosts.length} hosts`);
  const isInto = rest === '' || rest === '~' || rest.endsWith('/');
  return { kind: 'remote', host, path: withoutSlashes(rest), isInto };
}

/** The target of a copy, below the directory that was named if it was. Throws ScoutError `invalid_target`. */
export function under(to: EndOfCopy, from: EndOfCopy): EndOfCopy {
  if (!to.isInto) return to;
  const name = from.path.split('/').at(-1) ?? '';
  if (name === '' || name === '~' || name === '.')
    throw invalid(from.path, 'it has no name that the copy could have; name the target itself');
  const directory = to.path === '' && to.kind === 'remote' ? '~' : to.path;
  return { ...to, path: `${directory === '/' ? '' : directory}/${name}`, isInto: false };
}

/** As it is said in answers. */
export function shownEnd(end: EndOfCopy): string {
  return end.kind === 'remote' ? `${end.host}:${end.path}` : end.path;
}

function withoutSlashes(path: string): string {
  let { length } = path;
  while (length > 1 && path[length - 1] === '/') length -= 1;
  return path.slice(0, length);
}

function invalid(text: string, why: string): ScoutError {
  const shown = JSON.stringify(text.length > 120 ? `${text.slice(0, 120)}…` : text);
  return new ScoutError('invalid_target', `${shown} is no end of a copy: ${why}`, fix);
}
