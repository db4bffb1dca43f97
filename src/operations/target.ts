import type { Context } from '../context.ts';
import { ScoutError } from '../errors.ts';

/** One thing to look at: a path on hosts, or the kept rest of an earlier answer. */
export type Target =
  | { readonly kind: 'path'; readonly hosts: string; readonly path: string }
  | { readonly kind: 'result'; readonly id: string; readonly character: number };

/** Outside its function, for the build makes a call of RegExp of it. */
const halfPair = /\p{Cs}/u;

const fix = 'Write a target as HOSTS:PATH, such as "web*:/etc/hostname", or result:ID.';

/**
 * `HOSTS:PATH` (as scp writes it) or `result:ID`. Throws ScoutError `invalid_target` for a missing part, a NUL,
 * a `..` segment or `~user`.
 */
export function parseTarget(text: string): Target {
  const colon = text.indexOf(':');
  if (colon <= 0) throw invalid(text, colon < 0 ? 'it has no colon' : 'it names no host');
  const hosts = text.slice(0, colon).trim();
  const path = text.slice(colon + 1);
  if (hosts === 'result') return parseResult(text, path);
  const problem = pathProblem(path);
  if (problem !== undefined) throw invalid(text, problem);
  return { kind: 'path', hosts, path };
}

/**
 * Targets with the hosts that they name, in the order of first appearance: those of the same path are one, so that
 * equal outcomes are shown once, and a host that is named twice for a path is asked once. Rejects as `HostBook.select`.
 */
export async function selectPlaces<T extends Target>(
  { hosts: book }: Pick<Context, 'hosts'>,
  targets: readonly T[],
): Promise<readonly { readonly target: T; readonly hosts: readonly string[] }[]> {
  const selected = await Promise.all(
    targets.map(async (target) => (target.kind === 'path' ? await book.select(target.hosts) : [])),
  );
  const places = new Map<string | number, { target: T; hosts: readonly string[] }>();
  for (const [index, target] of targets.entries()) {
    const key = target.kind === 'path' ? target.path : index;
    const known = places.get(key);
    const hosts = [...(known?.hosts ?? []), ...(selected[index] ?? [])];
    places.set(key, { target: known?.target ?? target, hosts: [...new Set(hosts)] });
  }
  return [...places.values()];
}

/** Why no door opens a path; undefined for one that may be looked for. */
export function pathProblem(path: string): string | undefined {
  if (halfPair.test(path)) return 'it holds half of a surrogate pair, which no path has';
  if (path.includes('\0')) return 'a path cannot hold a NUL';
  if (Buffer.byteLength(path) > 4_096) return 'the path is longer than 4096 bytes';
  if (path.split('/').includes('..')) return 'it has a `..` segment';
  if (/^~[^/]/.test(path)) return '`~user` is not known here, only `~` and `~/…`';
  return undefined;
}

function parseResult(text: string, rest: string): Target {
  const match = /^([a-z0-9]{1,32})(?:@(\d{1,12}))?$/.exec(rest);
  if (!match?.[1]) throw invalid(text, 'a kept result is written result:ID');
  return { kind: 'result', id: match[1], character: Number(match[2] ?? 0) };
}

function invalid(text: string, why: string): ScoutError {
  const shown = JSON.stringify(text.length > 120 ? `${text.slice(0, 120)}…` : text);
  return new ScoutError('invalid_target', `${shown} is not a target: ${why}`, fix);
}
