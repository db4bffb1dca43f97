import {
  chmodSync,
  closeSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sshd, startSshd } from '../../fixtures/sshd.ts';
import { type BeamPlace, makePlace, partName, sha256, someFile } from './beam.ts';
import { makeFifo } from './fifo.ts';

const mebibyte = 1024 ** 2;

let sshd: Sshd;
let place: BeamPlace;

beforeAll(async () => {
  sshd = await startSshd();
  place = makePlace(sshd.writeConfig('web1', sshd.configFor('web2', { ServerAliveInterval: '7' })));
});

afterAll(async () => {
  await place.close();
  await sshd.stop();
});

const beam = async (args: object) => await place.scout.call('scout_beam', args);

/** Bytes of a part, with a hole of zeros from one place to another. */
function withHole(bytes: Buffer, from: number, to: number): Buffer {
  return Buffer.from(bytes).fill(0, from, to);
}

/** A hole of one byte would be none where that is 0 by chance. */
function withOtherByte(bytes: Buffer, at: number): Buffer {
  const other = Buffer.from(bytes);
  other[at] = 255 - bytes.readUInt8(at);
  return other;
}

describe.each([
  ['up', '', 'web1:'],
  ['down', 'web1:', ''],
  ['across', 'web1:', 'web2:'],
])('a copy %s', (way, from, to) => {
  let count = 0;

  /** A source, and what a copy of it would call its part, in a directory of its own. */
  function make(bytes: number) {
    count += 1;
    const [first, second] = from === '' ? [place.here, place.there] : [place.there, place.here];
    const directory = join(second, `${way}-${count}`);
    mkdirSync(directory);
    const source = someFile(first, `${way}-${count}`, bytes);
    const target = join(directory, 'file');
    const part = join(directory, partName(from, to, source, 'file'));
    return { source, target, part, args: { from: from + source, to: to + target } };
  }

  /** Copy, see that the target is the source and alone, and give where the copy went on. */
  async function done({ source, target, args }: ReturnType<typeof make>): Promise<number> {
    const said = await beam(args);
    expect(said.text).not.toMatch(/Fix:/);
    expect(sha256(target)).toBe(sha256(source));
    expect(readdirSync(dirname(target))).toEqual(['file']);
    const [result] = said.structured.results as { resumed_at?: number }[];
    return result?.resumed_at ?? 0;
  }

  it.each<[string, (whole: Buffer) => Buffer, number]>([
    ['its beginning', (whole) => whole.subarray(0, 700_001), 700_001],
    ['all of it', (whole) => whole, 2 * mebibyte],
    ['all of it, and more', (whole) => Buffer.concat([whole, whole]), 0],
    ['something else', (whole) => Buffer.alloc(700_000, whole.subarray(-1_000)), 0],
    ['something else, and longer', (whole) => Buffer.alloc(3 * mebibyte, whole.subarray(-1_000)), 0],
    ['its beginning but for a byte', (whole) => withOtherByte(whole.subarray(0, 700_000), 5), 0],
    ['nothing', () => Buffer.alloc(0), 0],
  ])('whose part holds %s goes on behind what is right, and ends as its source', async (_, content, at) => {
    const copy = make(2 * mebibyte);
    writeFileSync(copy.part, content(readFileSync(copy.source)), { mode: 0o600 });
    expect(await done(copy)).toBe(at);
  });

  // several channels go to a host only
  if (way === 'up')
    it('whose part has a hole near its end, as several channels leave one, goes on before that', async () => {
      const copy = make(22 * mebibyte);
      const whole = readFileSync(copy.source);
      for (const [hole, at] of [
        [19 * mebibyte, 16 * mebibyte],
        [6 * mebibyte, 4 * mebibyte],
      ] as const) {
        writeFileSync(copy.part, withHole(whole, hole, hole + 1_000).subarray(0, 20 * mebibyte), {
          mode: 0o600,
        });
        expect(await done(copy)).toBe(at);
        renameSync(copy.target, join(dirname(copy.source), 'out-of-the-way'));
      }
    });

  it('without resume throws the part away', async () => {
    const copy = make(mebibyte);
    writeFileSync(copy.part, readFileSync(copy.source).subarray(0, 500_000), { mode: 0o600 });
    expect(await done({ ...copy, args: { ...copy.args, ...{ resume: false } } })).toBe(0);
  });

  it('of another source leaves the part of the first alone', async () => {
    const [one, other] = [make(mebibyte), make(mebibyte)];
    writeFileSync(one.part, readFileSync(one.source).subarray(0, 500_000), { mode: 0o600 });
    const said = await beam({ ...other.args, to: to + one.target });
    expect(said.text).not.toMatch(/Fix:/);
    expect(readdirSync(dirname(one.target)).sort()).toEqual([basename(one.part), 'file']);
    expect(sha256(one.target)).toBe(sha256(other.source));
  });

  it('does not write through what others put in the place of its part', async () => {
    const victim = someFile(place.there, `victim-${way}`, 100);
    const before = sha256(victim);
    const makers: readonly ((part: string) => void)[] = [
      (part) => symlinkSync(victim, part),
      (part) => makeFifo(part),
      ...(to === '' ? [(part: string) => linkSync(victim, part)] : []),
    ];
    for (const put of makers) {
      const copy = make(mebibyte);
      put(copy.part);
      expect(await done(copy)).toBe(0);
      expect(sha256(victim)).toBe(before);
    }
  });

  it('to a target that another copy is under way to is refused', async () => {
    const copy = make(12 * mebibyte);
    const both = await Promise.all([beam(copy.args), beam(copy.args)]);
    const codes = both.map(({ error }) => error?.code);
    expect(codes).toContain(undefined);
    for (const code of codes) expect([undefined, 'busy', 'exists']).toContain(code);
    expect(sha256(copy.target)).toBe(sha256(copy.source));
    expect(readdirSync(dirname(copy.target))).toEqual(['file']);
  });
});

it('a part on a host that others may write to is not gone on with', async () => {
  const path = someFile(place.here, 'shared', mebibyte);
  const part = join(place.there, partName('', 'web1:', path, 'shared'));
  writeFileSync(part, readFileSync(path).subarray(0, 500_000));
  chmodSync(part, 0o666);
  const theirs = openSync(part, 'r+');
  const said = await beam({ from: path, to: `web1:${place.there}/shared` });
  expect(said.text).not.toMatch(/Fix:/);
  expect(said.text).not.toContain('gone on at');
  writeSync(theirs, 'changed', 0);
  closeSync(theirs);
  expect(sha256(join(place.there, 'shared'))).toBe(sha256(path));
});

it('a copy that fails before its first byte leaves no part', async () => {
  const directory = join(place.there, 'fails');
  mkdirSync(directory);
  for (const to of [`web2:${directory}/x`, join(place.here, 'fails')]) {
    const said = await beam({ from: 'web1:/proc/self/clear_refs', to }); // proc(5): to be written only
    expect(said.error).toMatchObject({ code: 'transfer_failed' });
    expect(said.text).not.toContain('kept in');
  }
  expect(readdirSync(directory)).toEqual([]);
  expect(readdirSync(place.here).filter((name) => name.includes('fails'))).toEqual([]);
});

it('a file of a directory that has the same size and another time is another file', async () => {
  const [source, target] = [join(place.here, 'times'), join(place.there, 'times')];
  mkdirSync(source);
  const path = someFile(source, 'file', 1_000);
  const args = { from: source, to: `web1:${target}`, recursive: true };
  expect((await beam(args)).isError).toBe(false);
  someFile(source, 'file', 1_000);
  utimesSync(path, 1_000_000_000, 1_000_000_000);
  expect((await beam(args)).error).toMatchObject({ code: 'exists' });
  expect((await beam({ ...args, overwrite: true })).isError).toBe(false);
  expect(sha256(join(target, 'file'))).toBe(sha256(path));
});
