/** Longer than any work here takes: a job that has not answered by then never will. */
const limitMs = 60_000;

/** What a contender took, run by run; or why it has none. */
export type Taken = readonly number[] | Error;

/** One piece of work of one contender; gives what it took, in whatever unit. */
export type Job = () => Promise<number>;

/**
 * Do every job `runs` times, in turns that begin with another one each round, so that whatever else the machine does
 * falls on all of them. A job that fails is left out from then on.
 */
export async function interleave(
  jobs: ReadonlyMap<string, Job>,
  runs: number,
): Promise<ReadonlyMap<string, Taken>> {
  const taken = new Map<string, number[]>([...jobs.keys()].map((name) => [name, []]));
  const failed = new Map<string, Error>();
  const names = [...jobs.keys()];
  for (let round = 0; round < runs; round += 1) {
    for (let turn = 0; turn < names.length; turn += 1) {
      const name = names[(round + turn) % names.length] ?? '';
      const job = jobs.get(name);
      if (!job || failed.has(name)) continue;
      try {
        taken.get(name)?.push(await inTime(job()));
      } catch (error) {
        failed.set(name, error instanceof Error ? error : new Error(String(error)));
      }
    }
  }
  return new Map<string, Taken>([...taken, ...failed]);
}

/** As the work does; rejects where it hangs, as some do on a long way. */
export async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${limitMs / 1_000} s`)), limitMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** How long work takes, in ms. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await work();
  return performance.now() - startedMs;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}
