import type { Context } from '../context.ts';
import type { Entry, Fact, Report } from '../define.ts';
import type { DiffData, DiffFailure, Version } from '../operations/diff-targets.ts';
import { compose, type RemoteText, toRemoteText } from '../remote-text.ts';
import { formatBytes } from '../units.ts';
import { type Comparable, comparables } from './comparable-text.ts';
import { countOutcomes } from './count-outcomes.ts';
import { formatTime } from './file-facts.ts';
import { createDiffer, type Differ } from './line-diff.ts';
import { oneLine } from './names.ts';
import { tellDifference } from './tell-difference.ts';
import { type Shared, sharedModes } from './version-modes.ts';

/** For all diffs of an answer, in ms. */
const diffBudgetMs = 1_000;
const shownDigest = 12;

/** What the others are compared with. */
interface Base {
  readonly name: RemoteText;
  readonly sha256: string;
  readonly file: Comparable | undefined;
}

/** Versions of a file with the places that have them, and how each differs from the most common, or given, one. */
export function formatDiff(data: DiffData, { clean }: Pick<Context, 'clean'>): Report {
  const { versions, given, onePath, failures } = data;
  const contents = versions.map(({ content }) =>
    content && 'content' in content ? content.content : undefined,
  );
  const files = comparables(
    [...(given ? [given.content] : []), ...contents.filter((content) => content !== undefined)],
    clean,
  );
  const fileOf = (bytes: Uint8Array | undefined) => files.find((file) => file.bytes === bytes);
  const first = versions[0];
  const base: Base | undefined = given
    ? { name: toRemoteText('the given content'), sha256: given.sha256, file: fileOf(given.content) }
    : first && { name: placeName(first), sha256: first.sha256, file: fileOf(contents[0]) };
  const differ = createDiffer(diffBudgetMs);
  const modes = sharedModes(versions, (place) => label(place, onePath));
  const entries = versions.map((version, index) =>
    versionEntry(version, fileOf(contents[index]), base, modes(version), { data, differ }),
  );
  const failed = failures.map((failure) => failedEntry(failure, onePath));
  return { list: 'results', entries: [...entries, ...failed], summary: summaryOf(data, base) };
}

function versionEntry(
  version: Version,
  file: Comparable | undefined,
  base: Base | undefined,
  modes: Shared,
  { data, differ }: { readonly data: DiffData; readonly differ: Differ },
): Entry {
  const { places, sha256 } = version;
  const isBase = sha256 === base?.sha256;
  const times = places.map(({ facts }) => facts.modifiedMs).sort((a, b) => a - b);
  const [oldest, newest] = [formatTime(times[0] ?? 0), formatTime(times.at(-1) ?? 0)];
  const size = file?.bytes.length ?? places[0]?.facts.sizeBytes ?? 0;
  const difference = isBase ? undefined : tellDifference(base?.file, file, version.content, differ);
  const state = isBase ? sameAs(data) : `differs${difference?.how ? `: ${difference.how}` : ''}`;
  const paths = [...new Set(places.map(({ path }) => path))];
  const facts: Record<string, Fact> = {
    ...(paths.length === 1 && { path: paths[0] ?? '' }),
    same: isBase,
    sha256: sha256.slice(0, shownDigest),
    size,
    ...modes.facts,
    modified: oldest,
    ...(oldest !== newest && { modified_last: newest }),
    ...difference?.facts,
  };
  const header = base && compose`--- ${base.name}\n+++ ${placeName(version)}\n`;
  return {
    hosts: places.map((place) => label(place, data.onePath)),
    heading: [
      state,
      formatBytes(size),
      `sha256 ${sha256.slice(0, shownDigest)}`,
      ...modes.words,
      `modified ${oldest}${oldest === newest ? '' : ` to ${newest}`}`,
    ].join(', '),
    facts,
    texts:
      difference?.hunks && header
        ? { diff: { text: compose`${header}${difference.hunks}`, stays: 'head' } }
        : {},
    tables: {},
  };
}

function sameAs({ given, versions }: DiffData): string {
  if (given) return 'as the given content';
  return versions.length === 1 ? 'the same' : 'the most common version';
}

function failedEntry({ path, hosts, error }: DiffFailure, onePath: boolean): Entry {
  const names = hosts.map((host) => label({ host, path }, onePath));
  return { hosts: names, heading: '', facts: { path }, texts: {}, tables: {}, error };
}

function summaryOf({ versions, failures, onePath, given }: DiffData, base: Base | undefined) {
  const count = (of: readonly { readonly hosts: readonly unknown[] }[]) =>
    of.reduce((sum, { hosts }) => sum + hosts.length, 0);
  const placed = versions.map(({ places, sha256 }) => ({ hosts: places, sha256 }));
  const others = placed.filter(({ sha256 }) => sha256 !== base?.sha256);
  const missing = count(failures.filter(({ error }) => error.code === 'path_not_found'));
  const { total: notSeen, timedOut } = countOutcomes(failures);
  const facts = {
    same: count(placed) - count(others),
    differing: count(others),
    versions: versions.length,
    missing,
    failed: notSeen - missing - timedOut,
    timed_out: timedOut,
  };
  const total = count(placed) + notSeen;
  const parts = [
    `${facts.same} ${given ? 'as given' : 'the same'}`,
    others.length > 1
      ? `${facts.differing} differing in ${others.length} versions`
      : `${facts.differing} differing`,
    ...(missing > 0 ? [`${missing} missing`] : []),
    ...(facts.failed > 0 ? [`${facts.failed} failed`] : []),
    ...(timedOut > 0 ? [`${timedOut} timed out`] : []),
  ];
  return { line: `${total} ${onePath ? 'hosts' : 'files'}: ${parts.join(', ')}`, facts };
}

/** Hosts alone where all places have one path. */
function label({ host, path }: { readonly host: string; readonly path: string }, onePath: boolean): string {
  return onePath ? host : `${host}:${shown(path)}`;
}

function placeName({ places: [place] }: Version): RemoteText {
  return place ? compose`${toRemoteText(place.host)}:${shown(place.path)}` : toRemoteText('');
}

function shown(path: string): RemoteText {
  return oneLine(toRemoteText(path === '' ? '~' : path));
}
