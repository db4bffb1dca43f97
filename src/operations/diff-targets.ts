import { createHash } from 'node:crypto';
import type { Call } from '../call.ts';
import type { Context } from '../context.ts';
import { ScoutError } from '../errors.ts';
import type { FileFacts } from '../ssh/files.ts';
import { fetchVersions, type VersionContent } from './fetch-versions.ts';
import { groupFailures } from './group.ts';
import { lookAtPlaces, type Place, placeKey, type Seen } from './look-at-places.ts';
import { parseTarget } from './target.ts';

export interface DiffInput {
  readonly targets: readonly string[];
  /** What each file is compared with, instead of with the most common version. */
  readonly content?: string | undefined;
}

/** The same bytes in one place or in several. */
export interface Version {
  /** In the order in which they were asked for. */
  readonly places: readonly (Place & { readonly facts: FileFacts })[];
  /** SHA-256 in hexadecimal, as it was when the places were looked at. */
  readonly sha256: string;
  /** Undefined where no bytes had to travel. */
  readonly content: VersionContent | undefined;
}

export interface DiffFailure {
  readonly path: string;
  readonly hosts: readonly string[];
  readonly error: ScoutError;
}

export interface DiffData {
  /** What the caller gave to compare with, and its SHA-256. */
  readonly given?: { readonly content: Uint8Array; readonly sha256: string };
  /** All places name the same path. */
  readonly onePath: boolean;
  /** Most common first; of equally common ones the one that was asked for first. */
  readonly versions: readonly Version[];
  readonly failures: readonly DiffFailure[];
}

/**
 * Compare files by their SHA-256, made where they are; then one host of each version sends its bytes, if there is
 * anything to compare. Throws ScoutError `invalid_target`, `invalid_argument`, `unknown_host`; what fails in a
 * place is in `failures`.
 */
export async function diffTargets(context: Context, input: DiffInput, call: Call): Promise<DiffData> {
  const places = await placesOf(context, input.targets);
  checkQuestion(input, places);
  const looks = await lookAtPlaces(context, call, places);
  const seen = looks.flatMap((look) => ('seen' in look ? [look.seen] : []));
  const groups = byDigest(seen);
  const given = input.content === undefined ? undefined : givenContent(input.content);
  const base = given?.sha256 ?? groups[0]?.sha256;
  const differing = groups.filter(({ sha256 }) => sha256 !== base);
  const wanted = given === undefined ? groups : differing;
  const contents =
    differing.length === 0
      ? new Map<string, VersionContent>()
      : await fetchVersions(context, call, wanted, given === undefined);
  return {
    ...(given && { given }),
    onePath: new Set(places.map(({ path }) => path)).size === 1,
    versions: groups.map(({ sha256, seen: same }) => ({
      places: same,
      sha256,
      content: contents.get(sha256),
    })),
    failures: [...new Set(places.map(({ path }) => path))].flatMap((path) => {
      const failed = looks.flatMap((look) => ('error' in look && look.path === path ? [look] : []));
      return groupFailures(failed).map((group) => ({ path, ...group }));
    }),
  };
}

async function placesOf(context: Context, texts: readonly string[]): Promise<readonly Place[]> {
  const targets = texts.map((text) => {
    const target = parseTarget(text);
    if (target.kind === 'path') return target;
    throw new ScoutError(
      'invalid_target',
      'a kept result cannot be compared',
      'Name files as HOSTS:PATH; what is in the result can be given as `content`.',
    );
  });
  const all = await Promise.all(
    targets.map(async ({ hosts, path }) =>
      (await context.hosts.select(hosts)).map((host) => ({ host, path })),
    ),
  );
  const places = all.flat();
  return [...new Map(places.map((place) => [placeKey(place), place])).values()];
}

/** Throws ScoutError `invalid_argument` where there are not two things to compare. */
function checkQuestion({ targets, content }: DiffInput, places: readonly Place[]): void {
  if (content === undefined && places.length < 2) {
    throw new ScoutError(
      'invalid_argument',
      'one file alone cannot be compared',
      'Name several hosts ("web*:/etc/hosts") or several targets, or give `content` to compare it with.',
    );
  }
  if (content !== undefined && targets.length > 1) {
    throw new ScoutError(
      'invalid_argument',
      '`content` is compared with one target',
      'Give one target; it may name many hosts: "web*:/etc/hosts".',
    );
  }
}

function givenContent(text: string) {
  const content = Buffer.from(text);
  return { content, sha256: createHash('sha256').update(content).digest('hex') };
}

/** Sorting is stable, so that equally common versions stay in the order of their first places. */
function byDigest(
  seen: readonly Seen[],
): readonly { readonly sha256: string; readonly seen: readonly Seen[] }[] {
  const groups = new Map<string, Seen[]>();
  for (const one of seen) {
    const group = groups.get(one.sha256);
    if (group) group.push(one);
    else groups.set(one.sha256, [one]);
  }
  return [...groups]
    .map(([sha256, same]) => ({ sha256, seen: same }))
    .sort((a, b) => b.seen.length - a.seen.length);
}
