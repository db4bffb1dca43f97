import { statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { descendants } from '../../fixtures/processes.ts';
import { until } from '../../fixtures/until.ts';
import { parts, sha256, someFile } from './beam.ts';
import { breakKinds, breakOften, makeStage, prefixes, type Stage, ways } from './broken.ts';
import { type BuiltRunner, builtProgram } from './built-runner.ts';
import { dice } from './dice.ts';

/** Half of them where the way is far, which several channels share. */
const points = Number(process.env.SCOUT_BREAK_POINTS ?? 50);
const seed = Number(process.env.SCOUT_TEST_SEED ?? Date.now() % 2 ** 31);
const bytes = 6_000_000;
const farMs = 20;

let stage: Stage;
let runner: BuiltRunner;

beforeAll(async () => {
  stage = await makeStage();
  runner = builtProgram(stage.sshConfig, { SCOUT_BEAM_ROOTS: stage.here });
});

afterAll(async () => {
  await runner.stop();
  await stage.close();
});

describe.each(ways)('a copy %s', (way) => {
  it.each(breakKinds)(`that is broken by %s at ${points} points is never torn, and goes on`, async (kind) => {
    const random = dice(seed);
    const plan = { kind, way, points: Math.ceil(points / 2), bytes, random };
    const near = await breakOften(stage, runner, plan);
    stage.proxy.setDelay(farMs);
    const far = await breakOften(stage, runner, plan).finally(() => stage.proxy.setDelay(0));
    const broken = [...near, ...far];
    const resumed = broken.filter(({ resumedAt }) => resumedAt > 0);
    const kinds = [...new Set(broken.map(({ ended }) => ended))];
    const counts = kinds.map((how) => `${how} ${broken.filter(({ ended }) => ended === how).length}`);
    process.stderr.write(
      `seed ${seed}: ${kind}, ${way}: ${counts.join(', ')}; ${resumed.length} of ${broken.length} went on\n`,
    );
    expect(resumed.length).toBeGreaterThan(points / 5);
  });
});

it('whose SFTP server stops ends by the stall limit, says what is left, and goes on', async () => {
  const size = 60_000_000;
  const copies = ways.map((way) => {
    const [from, to] = way === 'up' ? [stage.here, stage.there] : [stage.there, stage.here];
    const source = someFile(from, `stalls-${way.replace(' ', '-')}`, size);
    const target = join(to, `${basename(source)}.copy`);
    const args = { from: prefixes[way][0] + source, to: prefixes[way][1] + target };
    return { source, target, args };
  });
  stage.proxy.setRate(3_000_000); // none is done when the last has begun
  const begun = copies.map(({ args }) => runner.beam(args));
  for (const copy of begun) copy.catch(() => {}); // awaited below
  const partOf = (target: string) =>
    parts(dirname(target)).find((name) => name.startsWith(`.${basename(target)}.`));
  await until(
    () =>
      copies.every(({ target }) => {
        const part = partOf(target);
        return part !== undefined && statSync(join(dirname(target), part)).size > 0;
      }),
    30_000,
  );
  const stopped = sftpServers();
  for (const pid of stopped) process.kill(pid, 'SIGSTOP');
  expect(stopped.length).toBeGreaterThan(0);
  const startedMs = performance.now();
  const said = await Promise.all(begun);
  const tookMs = performance.now() - startedMs;
  for (const pid of stopped) process.kill(pid, 'SIGKILL');
  stage.proxy.setRate(Number.POSITIVE_INFINITY);
  expect(tookMs).toBeGreaterThan(25_000);
  expect(tookMs).toBeLessThan(40_000);
  for (const [index, { source, target, args }] of copies.entries()) {
    const text = said[index]?.text ?? '';
    expect(text).toMatch(
      /^transfer_failed: the copy stalled: no byte moved for 30 s; what arrived is kept in /,
    );
    expect(text).toContain(`/.${basename(target)}.`);
    const again = await runner.beam(args);
    expect(again?.text).not.toMatch(/Fix:/);
    expect(sha256(target)).toBe(sha256(source));
    expect(partOf(target)).toBeUndefined();
  }
});

/** Of the sessions: below the process that holds the connection. */
function sftpServers(): readonly number[] {
  const all = descendants(stage.sshd.pid).filter(({ name }) => name.startsWith('sshd'));
  return all.filter(({ parent }) => parent !== stage.sshd.pid).map(({ pid }) => pid);
}
