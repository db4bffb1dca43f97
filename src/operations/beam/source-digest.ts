import { createHash, type Hash } from 'node:crypto';
import type { Pace } from './pace.ts';
import type { BeamFacts, OpenSource } from './side.ts';

/** What no server gives in two pieces: one read(2) sees one version of it. */
const oneReadBytes = 32 * 1024;
/** How far apart two times of a file must be to differ, in ms: where the one that is known has whole seconds only, or not. */
const tickMs = { coarse: 2_000, fine: 20 };

/**
 * SHA-256 of a source that was copied, by the cheapest hash that tells a mixture of two versions from either: one made
 * beside the copy, on its machine or of what came through here, where nobody wrote to the file meanwhile; else one of
 * what the file holds behind the copy. Whether somebody did, its times say, unless it was written to just before: then
 * another write may have given it the same. (How long ago that was is measured by the clock of this machine.)
 */
export class SourceDigest {
  readonly #source: OpenSource;
  readonly #isFresh: boolean;
  readonly #followed: ReturnType<OpenSource['follow']>;
  #streamed: Hash | undefined;

  /** `before` is the hash of the bytes that need not come through here; `begunMs`, since 1970, when the first was read. */
  constructor(source: OpenSource, before: Hash | undefined, begunMs: number) {
    this.#source = source;
    this.#isFresh = source.facts.sizeBytes > oneReadBytes && isFresh(source.facts, begunMs);
    this.#streamed = this.#isFresh ? undefined : before;
    this.#followed = this.#isFresh ? Promise.resolve(undefined) : this.#follow();
    this.#followed.catch(() => {}); // awaited in the end
  }

  /** The next bytes, as they come through here. */
  update(chunk: Buffer): void {
    this.#streamed?.update(chunk);
  }

  /** Nothing comes through here. */
  passBy(): void {
    this.#streamed = undefined;
  }

  /** Of the first bytes, in hexadecimal, when they are copied; `now` is what the file was then. */
  async of(bytes: number, now: BeamFacts, pace: Pace): Promise<string> {
    const { sizeBytes, mtimeMs } = this.#source.facts;
    const isTouched = sizeBytes > 0 && now.mtimeMs !== mtimeMs;
    const beside = isTouched || this.#isFresh ? undefined : await this.#madeBeside(bytes, pace);
    return (
      beside ??
      (await pace.hashing(bytes, this.#source.digest(bytes))) ??
      (await readDigest(this.#source, bytes, pace))
    );
  }

  async #madeBeside(bytes: number, pace: Pace): Promise<string | undefined> {
    const streamed = this.#streamed?.digest('hex');
    const followed = this.#followed.then((following) => following?.digest(bytes));
    return (await pace.hashing(bytes, followed)) ?? streamed;
  }

  async #follow(): ReturnType<OpenSource['follow']> {
    const following = await this.#source.follow();
    if (following) this.#streamed = undefined; // work for nothing from now on
    return following;
  }
}

/** SHA-256 of the first bytes, by reading them. */
export async function readDigest(file: Pick<OpenSource, 'read'>, bytes: number, pace: Pace): Promise<string> {
  return (await readHash(file, bytes, pace)).digest('hex');
}

export async function readHash(file: Pick<OpenSource, 'read'>, bytes: number, pace: Pace): Promise<Hash> {
  const hash = createHash('sha256');
  for await (const chunk of file.read(0, bytes)) {
    hash.update(chunk);
    pace.alive();
  }
  return hash;
}

function isFresh({ mtimeMs }: BeamFacts, nowMs: number): boolean {
  return nowMs - mtimeMs < (mtimeMs % 1_000 === 0 ? tickMs.coarse : tickMs.fine);
}
