import { raceAbort } from '../call.ts';
import { ScoutError } from '../errors.ts';
import { Area } from './area.ts';
import { type DenyLists, denyLists, Guard } from './guard.ts';
import type { LocalArea, LocalOptions, LocalPlaces } from './places.ts';
import { Roots, rootFromText, rootFromUri } from './roots.ts';
import { Walker } from './walker.ts';

/** The local files that scout_beam may touch. `platform` decides how names are reached: see OpenDirectory. */
export function localPlaces(
  options: LocalOptions,
  platform: NodeJS.Platform = process.platform,
): LocalPlaces {
  return new Places(options, platform);
}

class Places implements LocalPlaces {
  readonly #options: LocalOptions;
  readonly #platform: NodeJS.Platform;
  readonly #busyParts = new Set<string>();
  #lists: DenyLists | undefined;

  constructor(options: LocalOptions, platform: NodeJS.Platform) {
    this.#options = options;
    this.#platform = platform;
  }

  async enter(signal: AbortSignal): Promise<LocalArea> {
    if (this.#platform === 'win32') throw noWindows();
    const given = (await this.#given(signal)).filter((root) => root !== undefined);
    return await raceAbort(this.#open(given), signal, (late) => void late.close());
  }

  async #given(signal: AbortSignal) {
    const { roots, clientRoots, homeDir } = this.#options;
    if (roots) return roots.map((text) => rootFromText(text, homeDir));
    return clientRoots ? (await raceAbort(clientRoots(signal), signal)).map(rootFromUri) : [];
  }

  async #open(given: readonly string[]): Promise<LocalArea> {
    const { denied, own, homeDir } = this.#options;
    const roots = await Roots.open(given, this.#platform === 'linux');
    this.#lists ??= denyLists(denied);
    const guard = await Guard.make(this.#lists, own);
    return new Area(new Walker(roots, guard), { roots, guard, busyParts: this.#busyParts }, homeDir);
  }
}

function noWindows(): ScoutError {
  return new ScoutError(
    'not_available',
    'scout_beam does not copy to and from a Windows machine: what keeps it inside its directories is not there',
    'Run scout-mcp in WSL, or copy between two hosts.',
  );
}
