import { existsSync, rmSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { expect } from 'vitest';
import type { TestProxy } from '../../fixtures/proxy.ts';
import { until } from '../../fixtures/until.ts';
import { type BeamPlace, parts, sha256 } from './beam.ts';

/** A copy to be broken: what to call, the file that it copies, and where that goes, as paths of this machine. */
export interface Victim {
  readonly args: { readonly from: string; readonly to: string };
  readonly source: string;
  readonly target: string;
}

/**
 * Break the connection once `bytes` more went through the proxy, see that nothing stands at the target, copy again, and
 * see that all of it is there. Gives where the second copy went on.
 */
export async function breakAndResume(
  place: BeamPlace,
  proxy: TestProxy,
  { args, source, target }: Victim,
  bytes: number,
): Promise<number> {
  rmSync(target, { force: true });
  const seen = () => proxy.bytes().fromClients + proxy.bytes().fromTarget;
  const begin = seen();
  let ended = false;
  const broken = place.scout.call('scout_beam', args).finally(() => {
    ended = true;
  });
  await until(() => ended || seen() - begin >= bytes, 20_000);
  const wasDone = ended;
  proxy.cut();
  const first = await broken;
  const left = parts(dirname(target));
  if (!wasDone && first.isError) {
    expect(existsSync(target), 'a torn target').toBe(false);
    if (left.length > 0 && first.error?.code === 'connection_lost') expect(first.text).toContain(left[0]);
  }
  const again = await place.scout.call('scout_beam', { ...args, overwrite: true });
  expect(again.text).not.toMatch(/Fix:/);
  expect(sha256(target)).toBe(sha256(source));
  expect(left.length).toBeLessThanOrEqual(1);
  expect(parts(dirname(target)).filter((name) => name.includes(basename(target)))).toEqual([]);
  const [result] = again.structured.results as { resumed_at?: number }[];
  return result?.resumed_at ?? 0;
}
