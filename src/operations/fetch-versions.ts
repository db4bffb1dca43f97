import { createHash } from 'node:crypto';
import type { Call } from '../call.ts';
import type { Context } from '../context.ts';
import { asScoutError, type ScoutError } from '../errors.ts';
import { fanOut, type Share } from './fan-out.ts';
import type { Seen } from './look-at-places.ts';
import { nameHost } from './name-host.ts';

/** The bytes of a version, or why there are none to compare. */
export type VersionContent =
  | {
      readonly content: Uint8Array;
      /** The file was written to after it was hashed: these are its newer bytes. */
      readonly changed: boolean;
    }
  | { readonly missing: 'too large' | 'changed' }
  | { readonly missing: 'failed'; readonly error: ScoutError };

interface Digested {
  readonly sha256: string;
  readonly seen: readonly Seen[];
}

/** A second place, or a second time: what failed or changed at the first read may be had at the next. */
const attempts = 2;

/**
 * The content of each version from one of its places, by digest; SCOUT_MAX_FILE_SIZE bytes at most. `versions` is
 * not empty. Where the first of them is what the others are compared with (`isFirstBase`) and cannot be had, the
 * others are not asked for. Rejects only when the call is cancelled.
 */
export async function fetchVersions(
  context: Context,
  call: Call,
  versions: readonly Digested[],
  isFirstBase: boolean,
): Promise<ReadonlyMap<string, VersionContent>> {
  const contents = new Map<string, VersionContent>();
  const mostBytes = Math.min(
    context.config.maxFileSizeBytes,
    Math.floor(context.config.maxOutputSizeBytes / versions.length),
  );
  for (const { sha256, seen } of versions) {
    if ((seen[0]?.facts.sizeBytes ?? 0) > mostBytes) contents.set(sha256, { missing: 'too large' });
  }
  if (isFirstBase && contents.has(versions[0]?.sha256 ?? '')) return contents;
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const wanted = versions.filter(({ sha256 }) => isOpen(contents.get(sha256)));
    const found = await readFrom(context, call, wanted, attempt, mostBytes);
    for (const [sha256, content] of found) {
      if ('content' in content || !contents.has(sha256)) contents.set(sha256, content);
    }
  }
  return contents;
}

/** Another read may give it, or give more of it: too large it will be everywhere. */
function isOpen(content: VersionContent | undefined): boolean {
  if (content === undefined) return true;
  return 'content' in content ? content.changed : content.missing !== 'too large';
}

async function readFrom(
  context: Context,
  call: Call,
  versions: readonly Digested[],
  attempt: number,
  mostBytes: number,
): Promise<readonly (readonly [string, VersionContent])[]> {
  const orders = versions.flatMap(({ sha256, seen }) => {
    const place = seen[attempt % seen.length];
    return place ? [{ sha256, place, isAlone: seen.length === 1 }] : [];
  });
  const on = (host: string) => orders.filter(({ place }) => place.host === host);
  const work = (host: string, share: Share) =>
    Promise.all(
      on(host).map(({ place, sha256, isAlone }) =>
        readOne(context, place, sha256, isAlone, mostBytes, share.call),
      ),
    );
  // hosts were counted when they were looked at
  const quiet = { ...call, progress: () => {} };
  const hosts = [...new Set(orders.map(({ place }) => place.host))];
  const outcomes = await fanOut(context, quiet, hosts, work, {
    actions: (host) => on(host).map(({ place }) => ({ path: place.path })),
    outcomes: (read) =>
      read.map((one) => ({
        outcome: 'error' in one ? one.error.code : 'ok',
        bytes: 'content' in one ? one.content.length : 0,
      })),
  });
  return outcomes.flatMap((outcome) =>
    on(outcome.host).map(({ sha256 }, index) => {
      const failed = { missing: 'failed' as const, error: failureOf(outcome) };
      return [sha256, ('value' in outcome && outcome.value[index]) || failed] as const;
    }),
  );
}

function failureOf(outcome: object): ScoutError {
  return asScoutError('error' in outcome ? outcome.error : undefined);
}

async function readOne(
  context: Context,
  { host, path }: Seen,
  sha256: string,
  isAlone: boolean,
  maxBytes: number,
  call: Call,
): Promise<VersionContent> {
  try {
    const request = { path, firstLine: 1, lines: undefined, maxBytes, depth: 1 };
    const outcome = await context.pool.use(host, call, (session) => session.read(request, call.signal));
    if (outcome.what !== 'file') return { missing: 'changed' };
    if (outcome.truncated) return { missing: 'too large' };
    const { content } = outcome;
    const isSame = createHash('sha256').update(content).digest('hex') === sha256;
    if (isSame || isAlone) return { content, changed: !isSame };
    return { missing: 'changed' };
  } catch (thrown) {
    return { missing: 'failed', error: nameHost(host, asScoutError(thrown)) };
  }
}
