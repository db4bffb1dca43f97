import type { AuditOutcome } from '../audit.ts';
import type { Call } from '../call.ts';
import type { Context } from '../context.ts';
import { asScoutError, ScoutError } from '../errors.ts';
import { pathDenied } from '../path-denied.ts';
import { readProblem } from '../policy/paths.ts';
import { type RemoteText, toRemoteLine } from '../remote-text.ts';
import type { FileFacts, ReadOutcome, ReadRequest } from '../ssh/files.ts';
import type { HostRecord } from './audit-host.ts';
import { fanOut, type Share } from './fan-out.ts';
import { type FailureGroup, type Group, groupEqual, groupFailures } from './group.ts';
import { nameHost } from './name-host.ts';
import { readKept } from './read-kept.ts';
import { readPath } from './read-path.ts';
import { parseTarget, selectPlaces, type Target } from './target.ts';

export interface ReadInput {
  readonly targets: readonly string[];
  readonly offset?: number | undefined;
  readonly limit?: number | undefined;
  readonly depth?: number | undefined;
}

/** One path on the hosts that were asked for it, or a piece of a kept result. */
export type Reading =
  | {
      readonly kind: 'path';
      readonly path: string;
      /** As they were asked for, of a file or a listing. */
      readonly firstLine: number;
      readonly lines: number | undefined;
      readonly groups: readonly Group<ReadOutcome>[];
      readonly failures: readonly FailureGroup[];
    }
  | {
      readonly kind: 'kept';
      readonly id: string;
      /** Where `text` begins, in UTF-16 units. */
      readonly character: number;
      readonly text: RemoteText;
      /** Where what was asked for ends, when there is more behind it. */
      readonly next?: number;
    };

type Attempt = { readonly outcome: ReadOutcome } | { readonly error: ScoutError };
type PathTarget = Extract<Target, { kind: 'path' }>;

/**
 * Read every target. Throws ScoutError `invalid_target`, `unknown_host`, `result_expired`; what fails on a host
 * is in the reading's `failures`.
 */
export async function readTargets(
  context: Context,
  input: ReadInput,
  call: Call,
): Promise<readonly Reading[]> {
  const places = await selectPlaces(context, input.targets.map(parseTarget));
  const targets = places.map(({ target }) => target);
  const wanted = places.map(({ hosts }) => hosts);
  const kept = targets.map((target) =>
    target.kind === 'result' ? readKept(context, target, input) : undefined,
  );
  const [first = [], ...others] = wanted;
  const hosts = others.length === 0 ? first : [...new Set(wanted.flat())];
  const boundOf = (host: string, shareBytes: number) => {
    const count = wanted.filter((names) => names.includes(host)).length;
    return Math.min(context.config.maxFileSizeBytes, Math.floor(shareBytes / count));
  };
  const record: HostRecord<readonly (Attempt | undefined)[]> = {
    actions: (host) =>
      targets.flatMap((target, index) =>
        target.kind === 'path' && wanted[index]?.includes(host) ? [{ path: target.path }] : [],
      ),
    outcomes: (attempts) => attempts.flatMap((made) => (made ? [auditOutcome(made)] : [])),
  };
  const work = async (host: string, share: Share) => {
    const attempts = targets.map(async (target, index) => {
      if (target.kind === 'result' || !wanted[index]?.includes(host)) return undefined;
      return await attempt(context, host, request(target, input, boundOf(host, share.bytes)), share.call);
    });
    return await Promise.all(attempts);
  };
  const outcomes = await fanOut(context, call, hosts, work, record);
  return targets.map((target, index) => {
    if (target.kind === 'result') return kept[index] as Reading; // made above for this very index
    const attempts = outcomes.flatMap((outcome) => {
      const made = 'error' in outcome ? outcome : outcome.value[index];
      return made && wanted[index]?.includes(outcome.host) ? [{ host: outcome.host, made }] : [];
    });
    const { offset: firstLine = 1, limit: lines } = input;
    return { kind: 'path', path: target.path, firstLine, lines, ...grouped(attempts) };
  });
}

function request({ path }: PathTarget, { offset, limit, depth }: ReadInput, maxBytes: number): ReadRequest {
  return { path, firstLine: offset ?? 1, lines: limit, maxBytes, depth: depth ?? 1 };
}

/** One path on one host; a host with several paths answers each for itself. */
async function attempt(context: Context, host: string, wanted: ReadRequest, call: Call): Promise<Attempt> {
  const startedMs = performance.now();
  try {
    checkReadable(context, wanted.path);
    return {
      outcome: await context.pool.use(host, call, (session) => readPath(session, wanted, call.signal)),
    };
  } catch (thrown) {
    const error = nameHost(host, asScoutError(thrown));
    const { code, cause } = error;
    context.observe({ kind: 'failed', host, code, durationMs: performance.now() - startedMs, cause });
    return { error };
  }
}

function auditOutcome(made: Attempt): AuditOutcome {
  if ('error' in made) return { outcome: made.error.code, bytes: 0 };
  return { outcome: 'ok', bytes: made.outcome.what === 'file' ? made.outcome.content.length : 0 };
}

/** By its text; what it leads to is the door's business. Throws ScoutError `path_denied`. */
export function checkReadable({ config }: Context, path: string): void {
  if (config.denyPaths.denies(path)) throw pathDenied(path);
  // Some kernel files do more than be read when they are.
  const problem = readProblem(path);
  if (problem === undefined) return;
  throw new ScoutError(
    'path_denied',
    `${toRemoteLine(path)} is not read: ${problem}`,
    'Read another file; the directory above can be listed.',
  );
}

function grouped(attempts: readonly { readonly host: string; readonly made: Attempt }[]) {
  const read = attempts.flatMap(({ host, made }) =>
    'outcome' in made ? [{ host, value: made.outcome }] : [],
  );
  const failed = attempts.flatMap(({ host, made }) => ('error' in made ? [{ host, error: made.error }] : []));
  return { groups: groupEqual(read, sameness), failures: groupFailures(failed) };
}

/** Times are left out for a file: the same text on forty machines was seldom written in the same second. */
function sameness(outcome: ReadOutcome): readonly (Uint8Array | string)[] {
  const { modifiedMs, ...lasting } = comparable(outcome.facts);
  const facts = JSON.stringify([outcome.what, lasting]);
  if (outcome.what === 'special') return [facts];
  if (outcome.what === 'file') {
    const { truncated, reachedEnd, firstLine, content } = outcome;
    return [facts, `${truncated} ${reachedEnd} ${firstLine}`, content];
  }
  return [
    facts,
    `${outcome.truncated} ${outcome.unreadable}`,
    ...outcome.entries.flatMap((entry) => [
      entry.path,
      entry.linkTarget ?? '',
      entry.facts ? JSON.stringify(comparable(entry.facts)) : '',
    ]),
  ];
}

/** Owners by their numbers: one door knows their names and the other does not. */
function comparable({ kind, sizeBytes, mode, owner, group, ownerId, groupId, modifiedMs }: FileFacts) {
  return { kind, sizeBytes, mode, owner: ownerId ?? owner, group: groupId ?? group, modifiedMs };
}
