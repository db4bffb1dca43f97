import type { AuditOutcome } from '../audit.ts';
import type { Call } from '../call.ts';
import type { Context } from '../context.ts';
import { asScoutError, ScoutError } from '../errors.ts';
import { parseExtendedRegex } from '../extended-regex.ts';
import { type Piece, patternPieces } from '../name-pattern.ts';
import { pathDenied } from '../path-denied.ts';
import { readProblem } from '../policy/paths.ts';
import { toRemoteLine } from '../remote-text.ts';
import { parseSince } from '../since.ts';
import type { FindOutcome, FindRequest } from '../ssh/find.ts';
import { parseSizeBytes } from '../units.ts';
import type { HostRecord } from './audit-host.ts';
import { fanOut, type Share } from './fan-out.ts';
import { type FailureGroup, type Group, groupEqual, groupFailures } from './group.ts';
import { nameHost } from './name-host.ts';
import { parseTarget, selectPlaces, type Target } from './target.ts';

const defaultDepth = 5;
const defaultLimit = 100;

export interface FindInput {
  readonly targets: readonly string[];
  readonly name?: string | undefined;
  readonly pattern?: string | undefined;
  readonly type?: 'file' | 'directory' | 'symlink' | undefined;
  readonly depth?: number | undefined;
  readonly since?: string | undefined;
  readonly larger_than?: string | undefined;
  readonly context?: number | undefined;
  readonly limit?: number | undefined;
  readonly cross_devices?: boolean | undefined;
}

/** What was found below one path of the hosts that were asked for it. */
export interface Finding {
  readonly path: string;
  readonly groups: readonly Group<FindOutcome>[];
  readonly failures: readonly FailureGroup[];
}

export interface FindData {
  readonly findings: readonly Finding[];
  /** Content was searched: what was found are lines. */
  readonly hasPattern: boolean;
}

type PathTarget = Extract<Target, { kind: 'path' }>;
type Wanted = Omit<FindRequest, 'path' | 'maxBytes'>;
type Attempt = { readonly outcome: FindOutcome } | { readonly error: ScoutError };

/**
 * Search every target by name, kind, size, age and content. Throws ScoutError `invalid_argument`, `invalid_target`,
 * `unknown_host`; what fails on a host is in the finding's `failures`.
 */
export async function findFiles(context: Context, input: FindInput, call: Call): Promise<FindData> {
  const wanted = wantedOf(input, Date.now());
  const places = await selectPlaces(context, input.targets.map(pathTarget));
  const targets = places.map(({ target }) => target);
  const isWanted = (host: string, index: number) => places[index]?.hosts.includes(host) === true;
  const record: HostRecord<readonly (Attempt | undefined)[]> = {
    actions: (host) => targets.flatMap(({ path }, index) => (isWanted(host, index) ? [{ path }] : [])),
    outcomes: (attempts) => attempts.flatMap((made) => (made ? [auditOutcome(made)] : [])),
  };
  const work = async (host: string, share: Share) => {
    const maxBytes = Math.floor(share.bytes / targets.filter((_, index) => isWanted(host, index)).length);
    const attempts = targets.map(async ({ path }, index) =>
      isWanted(host, index)
        ? await attempt(context, host, { ...wanted, path, maxBytes }, share.call)
        : undefined,
    );
    return await Promise.all(attempts);
  };
  const outcomes = await fanOut(
    context,
    call,
    [...new Set(places.flatMap(({ hosts }) => hosts))],
    work,
    record,
  );
  const findings = targets.map(({ path }, index) => {
    const attempts = outcomes.flatMap((outcome) => {
      const made = 'error' in outcome ? outcome : outcome.value[index];
      return made && isWanted(outcome.host, index) ? [{ host: outcome.host, made }] : [];
    });
    return { path, ...grouped(attempts) };
  });
  return { findings, hasPattern: wanted.pattern !== undefined };
}

function wantedOf(input: FindInput, nowMs: number): Wanted {
  const { name, pattern, type, since, larger_than: largerThan, context } = input;
  if (pattern !== undefined && type !== undefined && type !== 'file')
    throw invalid(`a ${type} has no lines for a pattern`, 'Leave out type or pattern.');
  if (pattern === undefined && context !== undefined)
    throw invalid('context is for lines that match a pattern', 'Give a pattern too, or leave it out.');
  return {
    name: name === undefined ? undefined : namePieces(name),
    pattern: pattern === undefined ? undefined : parseExtendedRegex(pattern),
    type,
    depth: input.depth ?? defaultDepth,
    sinceMs: since === undefined ? undefined : parseSince(since, nowMs),
    largerThanBytes: largerThan === undefined ? undefined : sizeOf(largerThan),
    contextLines: context ?? 0,
    limit: input.limit ?? defaultLimit,
    crossDevices: input.cross_devices ?? false,
  };
}

function namePieces(name: string): readonly Piece[] {
  if (name.includes('/'))
    throw invalid('name is matched against the last name of a path', 'Put directories into the target.');
  const pieces = /^$|[\0]|\p{Cs}/u.test(name) ? undefined : patternPieces(name);
  if (pieces) return pieces;
  throw invalid(
    'name holds what is no plain pattern',
    'Use *, ? and brackets such as [a-z] or [!0-9]; ? for a character that is none of these.',
  );
}

function sizeOf(text: string): number {
  const bytes = parseSizeBytes(text);
  if (bytes !== undefined) return bytes;
  throw invalid(
    `larger_than: ${JSON.stringify(text.slice(0, 60))} is no size`,
    'Write 4096, 64K, 10M or 1.5G.',
  );
}

function invalid(what: string, fix: string): ScoutError {
  return new ScoutError('invalid_argument', what, fix);
}

function pathTarget(text: string): PathTarget {
  const target = parseTarget(text);
  if (target.kind === 'path') return target;
  const fix = 'Read it with scout_read, or search on hosts: HOSTS:PATH.';
  throw new ScoutError('invalid_target', 'a kept result is not searched', fix);
}

async function attempt(context: Context, host: string, request: FindRequest, call: Call): Promise<Attempt> {
  const startedMs = performance.now();
  try {
    checkSearchable(context, request.path);
    const outcome = await context.pool.use(host, call, (session) => session.find(request, call.signal));
    const { stopped } = outcome;
    return { outcome: stopped ? { ...outcome, stopped: nameHost(host, stopped) } : outcome };
  } catch (thrown) {
    const error = nameHost(host, asScoutError(thrown));
    const { code, cause } = error;
    context.observe({ kind: 'failed', host, code, durationMs: performance.now() - startedMs, cause });
    return { error };
  }
}

/** By its text; what it leads to is the door's business. Throws ScoutError `path_denied`. */
function checkSearchable({ config }: Context, path: string): void {
  if (config.denyPaths.denies(path)) throw pathDenied(path);
  const problem = readProblem(path);
  if (problem === undefined) return;
  throw new ScoutError(
    'path_denied',
    `${toRemoteLine(path)} is not searched: ${problem}`,
    'Search another directory; the one above can be listed.',
  );
}

function auditOutcome(made: Attempt): AuditOutcome {
  if ('error' in made) return { outcome: made.error.code, bytes: 0 };
  const { found, stopped } = made.outcome;
  const bytes = found.flatMap(({ path, lines }) => [path, ...lines.map(({ text }) => text)]);
  return { outcome: stopped?.code ?? 'ok', bytes: bytes.reduce((sum, { length }) => sum + length, 0) };
}

function grouped(attempts: readonly { readonly host: string; readonly made: Attempt }[]) {
  const searched = attempts.flatMap(({ host, made }) =>
    'outcome' in made ? [{ host, value: made.outcome }] : [],
  );
  const failed = attempts.flatMap(({ host, made }) => ('error' in made ? [{ host, error: made.error }] : []));
  return { groups: groupEqual(searched, sameness), failures: groupFailures(failed) };
}

/** Without times, and without the sizes of directories, which say nothing of what is in them. */
function sameness({ found, more, unreadable, denied, skipped, stopped }: FindOutcome) {
  return [
    JSON.stringify([more, unreadable, denied, skipped, stopped?.code]),
    ...found.flatMap(({ path, facts, lines, isBinary }) => [
      path,
      `${facts.kind} ${facts.kind === 'file' ? facts.sizeBytes : ''} ${isBinary} ${lines.length}`,
      ...lines.flatMap(({ number, isMatch, text }) => [`${number} ${isMatch}`, text]),
    ]),
  ];
}
