import { createHash } from 'node:crypto';
import { type Call, withLimit } from '../call.ts';
import type { Context } from '../context.ts';
import { asScoutError, ScoutError } from '../errors.ts';
import type { FileFacts } from '../ssh/files.ts';
import type { HostSession } from '../ssh/pool/host-session.ts';
import { hashFile } from '../ssh/shell/hash-file.ts';
import { showPath } from '../ssh/show-path.ts';
import { formatBytes } from '../units.ts';
import { fanOut } from './fan-out.ts';
import { nameHost } from './name-host.ts';
import { checkReadable } from './read-targets.ts';

/** One path on one host. */
export interface Place {
  readonly host: string;
  readonly path: string;
}

/** A regular file, and the SHA-256 of its content in hexadecimal. */
export interface Seen extends Place {
  readonly facts: FileFacts;
  readonly sha256: string;
}

export type Look = Place & ({ readonly seen: Seen } | { readonly error: ScoutError });

/** The part of a call's time after which hosts that did not answer are given up: the others' bytes take the rest. */
const lookShare = 0.6;

/** The same for the same place, and for no other. */
export function placeKey({ host, path }: Place): string {
  return JSON.stringify([host, path]);
}

/**
 * What each place holds, by its SHA-256: no bytes travel but where a host cannot make one. What is no regular file
 * is an error, `unsupported_file`. Rejects only when the call is cancelled.
 */
export async function lookAtPlaces(
  context: Context,
  call: Call,
  places: readonly Place[],
): Promise<readonly Look[]> {
  const byHost = new Map<string, Place[]>(places.map(({ host }) => [host, []]));
  const on = (host: string) => byHost.get(host) ?? [];
  for (const place of places) on(place.host).push(place);
  const lookMs = Math.max(0, call.deadlineMs - performance.now()) * lookShare;
  const outcomes = await withLimit(call, lookMs, outOfTime, (part) =>
    fanOut(
      context,
      part,
      [...byHost.keys()],
      (host, share) =>
        Promise.all(
          on(host).map((place, _, all) => look(context, place, share.call, share.bytes / all.length)),
        ),
      {
        actions: (host) => on(host).map(({ path }) => ({ path })),
        outcomes: (looks) =>
          looks.map((made) => ({ outcome: 'error' in made ? made.error.code : 'ok', bytes: 0 })),
      },
    ),
  );
  const looks = outcomes.flatMap((outcome) =>
    'value' in outcome
      ? outcome.value
      : on(outcome.host).map((place) => ({ ...place, error: outcome.error })),
  );
  const byPlace = new Map(looks.map((one) => [placeKey(one), one]));
  return places.map((place) => byPlace.get(placeKey(place)) as Look); // one was made for each
}

async function look(context: Context, place: Place, call: Call, shareBytes: number): Promise<Look> {
  const { host, path } = place;
  const startedMs = performance.now();
  try {
    checkReadable(context, path);
    const maxBytes = Math.min(context.config.maxFileSizeBytes, Math.floor(shareBytes));
    const { facts, sha256 } = await context.pool.use(host, call, (session) =>
      digest(session, place, maxBytes, call.signal),
    );
    return { ...place, seen: { ...place, facts, sha256 } };
  } catch (thrown) {
    const error = nameHost(host, asScoutError(thrown));
    const { code, cause } = error;
    context.observe({ kind: 'failed', host, code, durationMs: performance.now() - startedMs, cause });
    return { ...place, error };
  }
}

async function digest(
  session: HostSession,
  { path }: Place,
  maxBytes: number,
  signal: AbortSignal,
): Promise<Pick<Seen, 'facts' | 'sha256'>> {
  try {
    const run = (script: string, sink: Parameters<HostSession['run']>[0]['sink']) =>
      session.run({ command: script, cwd: '', sink, signal });
    const { facts, sha256 } = await hashFile(run, path, signal);
    if (facts.kind !== 'file') throw notCompared(path, facts);
    if (sha256 !== undefined) return { facts, sha256 };
  } catch (error) {
    if (!(error instanceof ScoutError) || error.code !== 'no_shell') throw error;
  }
  return await digestHere(session, path, maxBytes, signal);
}

/** Where there is no shell, or no program that makes digests: of the bytes, as far as they may travel. */
async function digestHere(
  session: HostSession,
  path: string,
  maxBytes: number,
  signal: AbortSignal,
): Promise<Pick<Seen, 'facts' | 'sha256'>> {
  const outcome = await session.read({ path, firstLine: 1, lines: undefined, maxBytes, depth: 1 }, signal);
  if (outcome.what !== 'file') throw notCompared(path, outcome.facts);
  if (outcome.truncated) {
    throw new ScoutError(
      'output_limit',
      `${showPath(path)} is larger than ${formatBytes(maxBytes)}, and nothing there can make its SHA-256`,
      'Raise SCOUT_MAX_FILE_SIZE and SCOUT_MAX_OUTPUT_SIZE, or have sha256sum or openssl there, and a shell.',
    );
  }
  return {
    facts: outcome.facts,
    sha256: createHash('sha256').update(outcome.content).digest('hex'),
  };
}

function notCompared(path: string, { kind }: FileFacts): ScoutError {
  const shown = showPath(path);
  return kind === 'directory'
    ? new ScoutError(
        'unsupported_file',
        `${shown} is a directory, and scout_diff compares files`,
        'Name a file in it. Listings are compared by scout_read over many hosts: equal ones are shown once.',
      )
    : new ScoutError(
        'unsupported_file',
        `${shown} is a ${kind}: never opened, so not compared`,
        'Name a regular file.',
      );
}

function outOfTime(): ScoutError {
  return new ScoutError(
    'command_timeout',
    'no answer in the time that there is for comparing',
    'Ask fewer hosts at once, or raise SCOUT_CALL_TIMEOUT.',
  );
}
