import { createHash, type Hash } from 'node:crypto';
import { asScoutError, ScoutError } from '../../errors.ts';
import { formatBytes } from '../../units.ts';
import type { Pace } from './pace.ts';
import { withRoomyHeap } from './roomy-heap.ts';
import type { OpenSource, OpenTarget } from './side.ts';
import { readDigest, readHash, SourceDigest } from './source-digest.ts';

/**
 * How much of a part's end may have holes in it: what was on its way over several channels when it was interrupted, by
 * chance and at most.
 */
const looseBytes = [0, 4 * 1024 * 1024, 16 * 1024 * 1024];

/** Of a larger file so many bytes come and go that the heap is made ready for them. */
const roomyBytes = 1024 * 1024;

export interface Copied {
  readonly bytes: number;
  /** Where it went on from an earlier part. */
  readonly resumedAt: number;
  readonly sha256: string;
  /** The source has grown meanwhile: it was copied up to the size that it had. */
  readonly grew: boolean;
}

/**
 * Copy one open file into one part, verify by SHA-256 on both ends, and put it in place. Where it fails the old file
 * stands, and the part stays for resume, which the error says; but one that is not as its source is removed: ScoutError
 * `verify_failed`. Without `sync` it is left to the machine when the file goes to its disk.
 */
export async function copyFile(
  source: OpenSource,
  target: OpenTarget,
  pace: Pace,
  sync = true,
): Promise<Copied> {
  const { sizeBytes } = source.facts;
  try {
    const filled = () => fill(source, target, pace, sync);
    const copied = await (sizeBytes > roomyBytes ? withRoomyHeap(filled) : filled());
    const { mode, mtimeMs } = source.facts;
    await target.commit({ mode, mtimeMs, sync });
    return copied;
  } catch (thrown) {
    const error = asScoutError(thrown);
    if (error.code === 'verify_failed') {
      await target.discard();
      throw error;
    }
    throw (await target.keep()) ? withPart(error, target.partShown) : error;
  }
}

async function fill(source: OpenSource, target: OpenTarget, pace: Pace, sync: boolean): Promise<Copied> {
  const { sizeBytes } = source.facts;
  const begunMs = Date.now();
  const start = await startingPoint(source, target, pace);
  pace.skipped(start.at);
  const atSource = new SourceDigest(source, start.hash, begunMs);
  const atTarget = target.follow(sizeBytes);
  const end = await move(source, target, start.at, atSource, pace);
  if (sync) target.flush();
  const now = await source.factsNow();
  if (sizeBytes > 0 && (end < sizeBytes || now.sizeBytes < end)) throw shrank(sizeBytes, now.sizeBytes);
  const [wanted, got] = await Promise.all([
    atSource.of(end, now, pace),
    pace
      .hashing(end, atTarget?.digest(end) ?? target.digest(end))
      .then((one) => one ?? readDigest(target, end, pace)),
  ]);
  if (got !== wanted) await compareByReading(source, target, end, pace);
  return { bytes: end, resumedAt: start.at, sha256: got, grew: now.sizeBytes > end && sizeBytes > 0 };
}

interface Start {
  readonly at: number;
  /** Of all bytes before `at`; undefined where they were not read here. */
  readonly hash: Hash | undefined;
}

/** Behind what the part holds of this very source, or at its beginning. */
async function startingPoint(source: OpenSource, target: OpenTarget, pace: Pace): Promise<Start> {
  const { partBytes } = target;
  for (const at of looseBytes.map((loose) => partBytes - loose)) {
    if (at <= 0 || at > source.facts.sizeBytes) continue;
    const [made, there] = await Promise.all([
      pace.hashing(at, source.digest(at)),
      pace.hashing(at, target.digest(at)),
    ]);
    const hash = made === undefined ? await readHash(source, at, pace) : undefined;
    const wanted = made ?? hash?.copy().digest('hex');
    if ((there ?? (await readDigest(target, at, pace))) !== wanted) continue;
    if (at < partBytes) await target.truncate(at);
    return { at, hash };
  }
  if (partBytes > 0) await target.truncate(0);
  return { at: 0, hash: createHash('sha256') };
}

/** Gives where the source ended. */
async function move(
  source: OpenSource,
  target: OpenTarget,
  at: number,
  atSource: SourceDigest,
  pace: Pace,
): Promise<number> {
  const { sizeBytes } = source.facts;
  let end = at;
  const pulled = sizeBytes > 0 ? target.pull(source, at, sizeBytes) : undefined;
  if (pulled) {
    atSource.passBy();
    for await (const bytes of pulled) {
      end += bytes;
      pace.moved(bytes);
    }
    return end;
  }
  // a file that claims to have no bytes (/proc) may have some
  for await (const chunk of source.read(at, sizeBytes || Number.POSITIVE_INFINITY)) {
    atSource.update(chunk);
    await target.write(chunk, end);
    end += chunk.length;
    pace.moved(chunk.length);
  }
  await target.settle();
  return end;
}

/** What a command hashed may be another file than the one of that name in SFTP (a chroot): the bytes decide. */
async function compareByReading(
  source: OpenSource,
  target: OpenTarget,
  bytes: number,
  pace: Pace,
): Promise<void> {
  const [wanted, got] = [await readDigest(source, bytes, pace), await readDigest(target, bytes, pace)];
  if (got === wanted) return;
  throw new ScoutError(
    'verify_failed',
    `the ${formatBytes(bytes)} that were written are not those of the source: it changed while it was copied, or they were damaged`,
    'Call again; for a file that is always being written, stop its writer or copy a snapshot.',
  );
}

function shrank(from: number, to: number): ScoutError {
  return new ScoutError(
    'verify_failed',
    `the source shrank from ${formatBytes(from)} to ${formatBytes(to)} while it was copied`,
    'Call again when nothing writes to it.',
  );
}

function withPart({ code, message, fix, cause }: ScoutError, part: string): ScoutError {
  const goesOn = 'Or call again with the same arguments: what arrived is gone on with.';
  return new ScoutError(code, `${message}; what arrived is kept in ${part}`, `${fix} ${goesOn}`, cause);
}
