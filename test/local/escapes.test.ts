import { linkSync, lstatSync, symlinkSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { LocalArea } from '../../src/local/places.ts';
import { denied, leadOut, noFiles, noPlaces, ownOf } from './escape-attempts.ts';
import { enter, fingerprint, makeGround, never, outcome, readAll, write } from './ground.ts';

describe.each(['linux', 'darwin'] as const)('with the means of %s', (platform) => {
  test.each(leadOut)('%s is refused, and nothing outside is read or written', async (_, prepare) => {
    const ground = makeGround();
    const area = await enter(ground, {}, platform);
    await readAll(area, area.resolve(`${ground.root}/sub/inner.txt`)); // directories may now be kept open
    const text = prepare(ground);
    const before = fingerprint(ground.base, ground.root);
    const asked = await tryAll(area, text);
    expect(asked.filter(([, result]) => result !== 'beam_outside_roots')).toEqual(
      // A name that is itself a link can be replaced: the link goes, what it leads to stays.
      isOwnLink(asked) ? [['write', 'done']] : [],
    );
    expect(fingerprint(ground.base, ground.root)).toBe(before);
  });

  test.each(noPlaces)('%s is no path', async (_, prepare) => {
    const ground = makeGround();
    const area = await enter(ground, {}, platform);
    const before = fingerprint(ground.base, '');
    for (const [, result] of await tryAll(area, prepare(ground))) expect(result).toBe('invalid_argument');
    expect(fingerprint(ground.base, '')).toBe(before);
  });

  test.each(noFiles)('%s is neither opened nor replaced', async (_, prepare) => {
    const ground = makeGround();
    const area = await enter(ground, {}, platform);
    const path = area.resolve(prepare(ground));
    const before = fingerprint(ground.base, '');
    expect(await outcome(() => readAll(area, path))).toBe('unsupported_file');
    expect(await outcome(() => area.list(path, 10, never))).toBe('not_a_directory');
    const target = area.resolve(`${ground.root}/x`);
    expect(await outcome(() => write(area, target, 'x'))).toBe('unsupported_file');
    expect(fingerprint(ground.base, '')).toBe(before);
  });
});

test.each(denied)('%s is not touched', async (_, prepare) => {
  const ground = makeGround();
  const text = prepare(ground);
  const area = await enter(ground, { own: ownOf(ground) });
  const before = fingerprint(ground.base, '');
  const path = () => area.resolve(text);
  expect(await outcome(() => readAll(area, path()))).toBe('path_denied');
  expect(await outcome(() => area.look(path(), never))).toBe('path_denied');
  if (!isLink(text)) expect(await outcome(() => write(area, path(), 'x'))).toBe('path_denied');
  expect(fingerprint(ground.base, '')).toBe(before);
});

test('a path outside gets the same error whether something is there or not', async () => {
  const ground = makeGround();
  const area = await enter(ground);
  symlinkSync(ground.outside, `${ground.root}/way`);
  const say = async (name: string) => {
    try {
      await area.openSource(area.resolve(`${ground.root}/way/${name}`), { follow: true }, never);
    } catch (thrown) {
      return String(thrown).replace(name, 'NAME');
    }
  };
  expect(await say('secret.txt')).toBe(await say('missing'));
  expect(await say('secret.txt')).toContain('NAME is not below a directory that scout_beam may touch');
});

test('a hard link is a file of the root, and overwriting it leaves its other name alone', async () => {
  const ground = makeGround();
  const area = await enter(ground);
  linkSync(`${ground.outside}/secret.txt`, `${ground.root}/hard`);
  const before = fingerprint(ground.base, ground.root);
  await write(area, area.resolve(`${ground.root}/hard`), 'new');
  expect(await readAll(area, area.resolve(`${ground.root}/hard`))).toBe('new');
  expect(fingerprint(ground.base, ground.root)).toBe(before);
});

/** Every way to touch a place, and what came of it; a canary that was read is a failure of its own. */
async function tryAll(area: LocalArea, text: string): Promise<readonly (readonly [string, string])[]> {
  const at = () => area.resolve(text);
  const ways: readonly (readonly [string, () => Promise<unknown>])[] = [
    ['look', () => area.look(at(), never)],
    ['read', async () => expect(await readAll(area, at())).toBe('never read')],
    ['list', () => area.list(at(), 1_000, never)],
    ['finish', () => area.finishDirectory(at(), { mode: 0o777, mtimeMs: 0 }, never)],
    ['write below', () => write(area, area.child(at(), Buffer.from('new')), 'x')],
    ['make below', () => area.makeDirectory(area.child(at(), Buffer.from('new')), never)],
    [
      'link below',
      () => area.makeLink(area.child(at(), Buffer.from('new')), Buffer.from('x'), { overwrite: true }, never),
    ],
    ['make', () => area.makeDirectory(at(), never)],
    ['write', () => write(area, at(), 'x')],
  ];
  const results: (readonly [string, string])[] = [];
  for (const [way, attempt] of ways) results.push([way, await outcome(async () => attempt())]);
  return results;
}

function isOwnLink(asked: readonly (readonly [string, string])[]): boolean {
  return asked.some(([way, result]) => way === 'write' && result === 'done');
}

function isLink(path: string): boolean {
  return lstatSync(path).isSymbolicLink();
}
