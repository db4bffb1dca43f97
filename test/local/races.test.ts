import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { expect, onTestFinished, test } from 'vitest';
import { defaultDenyPaths } from '../../src/deny-paths.ts';
import { asScoutError } from '../../src/errors.ts';
import { denyLists, Guard } from '../../src/local/guard.ts';
import { OpenDirectory } from '../../src/local/open-directory.ts';
import { openSource } from '../../src/local/open-source.ts';
import { Roots } from '../../src/local/roots.ts';
import { Walker } from '../../src/local/walker.ts';
import {
  canary,
  enter,
  fingerprint,
  type Ground,
  makeGround,
  never,
  outcome,
  readAll,
  system,
  write,
} from './ground.ts';

const raceMs = 700;

/** Swaps a place in a loop between something of the root and a link that leads out, in another thread. */
const swapper = `
  const { workerData: { place, honest, lying } } = require('node:worker_threads');
  const { renameSync } = require('node:fs');
  const clock = new Int32Array(new SharedArrayBuffer(4));
  for (;;) {
    Atomics.wait(clock, 0, 0, Math.random() * 2);
    try { renameSync(place, honest); } catch {}
    try { renameSync(lying, place); } catch {}
    if (Math.random() < 0.5) Atomics.wait(clock, 0, 0, Math.random() * 2);
    try { renameSync(place, lying); } catch {}
    try { renameSync(honest, place); } catch {}
  }
`;

function swap(place: string, target: string): void {
  const [honest, lying] = [`${place}.honest`, `${place}.lying`];
  symlinkSync(target, lying);
  const worker = new Worker(swapper, { eval: true, workerData: { place, honest, lying } });
  onTestFinished(async () => void (await worker.terminate()));
}

/** What the attempts came to, again and again for a while, and on a busy machine until they came to `least` things. */
async function race(attempt: () => Promise<unknown>, least = 1): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  const end = performance.now() + raceMs;
  const isOver = () => performance.now() > (counts.size < least ? end + 10_000 : end);
  while (!isOver()) {
    const result = await outcome(attempt).catch((thrown: unknown) => asScoutError(thrown).code);
    counts.set(result, (counts.get(result) ?? 0) + 1);
  }
  return counts;
}

const allowed = new Set([
  'done',
  'beam_outside_roots',
  'path_not_found',
  'transfer_failed',
  'exists',
  'not_a_directory',
]);

test.each(['linux', 'darwin'] as const)(
  'a directory that turns into a link and back gains nothing to read (%s)',
  async (platform) => {
    const ground = makeGround();
    writeFileSync(`${ground.outside}/inner.txt`, canary);
    swap(`${ground.root}/sub`, ground.outside);
    const before = fingerprint(ground.base, ground.root);
    const results = await race(async () => {
      const area = await enter(ground, {}, platform);
      expect(await readAll(area, area.resolve(`${ground.root}/sub/inner.txt`))).toBe('inner');
      await area.close();
    }, 2);
    expect(results.get('done')).toBeGreaterThan(0);
    expect([...results.keys()].filter((code) => !allowed.has(code))).toEqual([]);
    expect(results.size).toBeGreaterThan(1);
    expect(fingerprint(ground.base, ground.root)).toBe(before);
  },
);

test('a file that turns into a link and back gains nothing to read', async () => {
  const ground = makeGround();
  swap(`${ground.root}/plain.txt`, `${ground.outside}/secret.txt`);
  const area = await enter(ground);
  const path = area.resolve(`${ground.root}/plain.txt`);
  const results = await race(async () => {
    expect(await readAll(area, path)).toBe('plain');
  });
  expect(results.get('done')).toBeGreaterThan(0);
  expect([...results.keys()].filter((code) => !allowed.has(code))).toEqual([]);
});

test('a directory that turns into a link and back gains no name to list', async () => {
  const ground = makeGround();
  swap(`${ground.root}/sub`, ground.outside);
  const area = await enter(ground);
  const path = area.resolve(`${ground.root}/sub`);
  const results = await race(async () => {
    const names = (await area.list(path, 100, never)).map(({ name }) => String(name));
    expect(names).toEqual(['deep', 'inner.txt']);
  });
  expect(results.get('done')).toBeGreaterThan(0);
  expect([...results.keys()].filter((code) => !allowed.has(code))).toEqual([]);
});

test('a directory that turns into a link and back gains nothing to write, make or link', async () => {
  const ground = makeGround();
  swap(`${ground.root}/sub`, ground.outside);
  const before = fingerprint(ground.base, ground.root);
  const area = await enter(ground);
  const at = (name: string) => area.resolve(`${ground.root}/sub/${name}`);
  let count = 0;
  const ways: readonly (() => Promise<unknown>)[] = [
    () => write(area, at('written.txt'), 'x'),
    () => area.makeDirectory(at(`made${count}`), never),
    () => area.makeLink(at(`link${count}`), Buffer.from('inner.txt'), { overwrite: false }, never),
  ];
  const results = await race(async () => await ways[count++ % ways.length]?.());
  expect(results.get('done')).toBeGreaterThan(0);
  expect([...results.keys()].filter((code) => !allowed.has(code))).toEqual([]);
  expect(fingerprint(ground.base, ground.root)).toBe(before);
});

test('what is moved out of the root between opening and commit is not put in place there', async () => {
  const ground = makeGround();
  const area = await enter(ground);
  const options = { overwrite: true, resume: false, sourceId: 's' };
  const target = await area.createTarget(area.resolve(`${ground.root}/sub/new.txt`), options, never);
  await target.part.write('data');
  renameSync(`${ground.root}/sub`, `${ground.outside}/sub`);
  mkdirSync(join(ground.root, 'sub'));
  expect(await outcome(() => target.commit({ mode: 0o600, mtimeMs: 0 }))).toBe('transfer_failed');
  await target.discard();
  expect(existsSync(`${ground.outside}/sub/new.txt`)).toBe(false);
  expect(readdirSync(`${ground.root}/sub`)).toEqual([]);
});

test('a root that is replaced during a call is not entered again', async () => {
  const ground = makeGround();
  const area = await enter(ground);
  renameSync(ground.root, `${ground.outside}/old`);
  symlinkSync(ground.outside, ground.root);
  expect(await outcome(() => readAll(area, area.resolve(`${ground.root}/secret.txt`)))).toBe(
    'path_not_found',
  );
  expect(await outcome(() => readAll(area, area.resolve(`${ground.root}/plain.txt`)))).toBe(
    'beam_outside_roots',
  );
});

/** What a look found, and then is not what is opened: the moment between the two, held still. */
async function between(change: (ground: Ground) => void): Promise<string> {
  const ground = makeGround();
  const roots = await Roots.open([ground.root], true);
  const guard = await Guard.make(denyLists(defaultDenyPaths()), []);
  const walker = new Walker(roots, guard);
  onTestFinished(async () => {
    await walker.close();
    await roots.close();
  });
  const asked = Buffer.from(`${ground.root}/plain.txt`);
  return await outcome(() =>
    walker.reach(String(asked), asked, true, async (reached) => {
      change(ground);
      const source = await openSource(reached, asked, roots, guard);
      await source.close();
    }),
  );
}

test.each([
  ['nothing', 'done', () => {}],
  [
    'a link to itself',
    'transfer_failed',
    ({ root }: Ground) => {
      renameSync(`${root}/plain.txt`, `${root}/aside`);
      symlinkSync('aside', `${root}/plain.txt`);
    },
  ],
  [
    'another file',
    'transfer_failed',
    ({ root }: Ground) => renameSync(`${root}/sub/inner.txt`, `${root}/plain.txt`),
  ],
  [
    'a FIFO',
    'transfer_failed',
    ({ root }: Ground) => {
      rmSync(`${root}/plain.txt`);
      system('mkfifo', `${root}/plain.txt`);
    },
  ],
  ['nothing at all', 'path_not_found', ({ root }: Ground) => rmSync(`${root}/plain.txt`)],
  [
    'a place outside',
    'beam_outside_roots',
    ({ root, outside }: Ground) => renameSync(root, `${outside}/root`),
  ],
] as const)('a file that becomes %s before it is opened comes to %s', async (_, expected, change) => {
  expect(
    await between(change).catch((thrown: Error & { code?: string }) =>
      thrown.code === 'ENOENT' ? 'path_not_found' : thrown.message,
    ),
  ).toBe(expected);
});

test('a directory that was moved out before it was opened is not entered', async () => {
  const ground = makeGround();
  const roots = await Roots.open([ground.root], true);
  const walker = new Walker(roots, await Guard.make(denyLists(defaultDenyPaths()), []));
  const asked = Buffer.from(`${ground.root}/sub`);
  const entered = walker.reach(String(asked), asked, true, async (reached) => {
    renameSync(ground.root, `${ground.outside}/root`);
    return await walker.enter(reached, asked, async ({ realPath }) => realPath);
  });
  await expect(entered).rejects.toMatchObject({ code: 'beam_outside_roots' });
  await walker.close();
  await roots.close();
});

test('without descriptor paths, a file that was opened elsewhere is not taken for the one at the path', async () => {
  const ground = makeGround();
  const directory = await OpenDirectory.openRoot(ground.root, false);
  const [inside, outside] = await Promise.all([
    open(`${ground.root}/plain.txt`),
    open(`${ground.outside}/secret.txt`),
  ]);
  expect(await directory.whereIs(inside, `${ground.root}/plain.txt`)).toBe(`${ground.root}/plain.txt`);
  expect(await directory.whereIs(outside, `${ground.root}/plain.txt`)).toBeUndefined();
  expect(await directory.isInPlace()).toBe(true);
  renameSync(ground.root, `${ground.base}/aside`);
  mkdirSync(ground.root);
  expect(await directory.isInPlace()).toBe(false);
  await Promise.all([inside.close(), outside.close(), directory.release()]);
});
