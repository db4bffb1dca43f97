import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from '../../src/answer/compose-answer.ts';
import { type Sshd, startSshd } from '../fixtures/sshd.ts';
import { type BeamPlace, makePlace, parts, sha256, someFile } from '../operations/beam/beam.ts';
import { makeFifo } from '../operations/beam/fifo.ts';
import { type Result, resultOf } from './structured.ts';

let sshd: Sshd;
let place: BeamPlace;
const more: BeamPlace[] = [];

beforeAll(async () => {
  sshd = await startSshd();
  place = makePlace(config());
});

afterAll(async () => {
  for (const each of [place, ...more]) await each.close();
  await sshd.stop();
});

function config(): string {
  // another setting makes it another host: on one and the same the copy would stay there
  return sshd.writeConfig('web1', sshd.configFor('web2', { ServerAliveInterval: '7' }));
}

function placeWith(settings: Record<string, string>): BeamPlace {
  const made = makePlace(config(), settings);
  more.push(made);
  return made;
}

const beam = async (args: object, by = place): Promise<Answer> => await by.scout.call('scout_beam', args);

async function beamed(args: object, by = place): Promise<Result> {
  const answer = await beam(args, by);
  expect(answer.text).not.toMatch(/Fix:/);
  return resultOf('scout_beam', answer);
}

describe('a file', () => {
  it.each([
    ['down', () => ({ from: `web1:${place.there}`, to: place.here })],
    ['up', () => ({ from: place.here, to: `web1:${place.there}` })],
    ['from host to host', () => ({ from: `web1:${place.here}`, to: `web2:${place.there}` })],
    ['within a host', () => ({ from: `web1:${place.here}`, to: `web1:${place.there}` })],
  ])('goes %s, verified, with its mode and time', async (way, ends) => {
    const { from, to } = ends();
    const name = way.replaceAll(' ', '-');
    const path = someFile(from.replace(/^\w+:/, ''), name, 1_500_000);
    chmodSync(path, 0o751);
    utimesSync(path, 1_600_000_000, 1_500_000_000);
    const result = await beamed({ from: `${from}/${name}`, to: `${to}/${name}.copy` });
    const copy = `${to.replace(/^\w+:/, '')}/${name}.copy`;
    expect(result).toMatchObject({ sha256: sha256(path), verified: true, size: 1_500_000 });
    expect(sha256(copy)).toBe(sha256(path));
    expect(statSync(copy).mode & 0o7777).toBe(0o751);
    expect(statSync(copy).mtimeMs).toBe(1_500_000_000_000);
    expect([...parts(place.here), ...parts(place.there)]).toEqual([]);
  });

  it('goes into a directory by its own name where the target ends with a slash', async () => {
    const path = someFile(place.there, 'into');
    await beamed({ from: `web1:${path}`, to: `${place.here}/` });
    expect(sha256(join(place.here, 'into'))).toBe(sha256(path));
    const refused = await beam({ from: `web1:${path}`, to: place.here });
    expect(refused).toMatchObject({ isError: true, error: { code: 'exists' } });
  });

  it('may be empty, be sparse and large, or not say its size', async () => {
    const empty = someFile(place.there, 'empty', 0);
    expect(await beamed({ from: `web1:${empty}`, to: join(place.here, 'empty') })).toMatchObject({ size: 0 });
    const sparse = someFile(place.there, 'sparse', 0);
    truncateSync(sparse, 30_000_000);
    await beamed({ from: `web1:${sparse}`, to: join(place.here, 'sparse') });
    expect(sha256(join(place.here, 'sparse'))).toBe(sha256(sparse));
    await beamed({ from: 'web1:/proc/version', to: join(place.here, 'version') });
    expect(readFileSync(join(place.here, 'version'), 'utf8')).toBe(readFileSync('/proc/version', 'utf8'));
  });

  it('may have a name with a line feed, a colon or a quote in it', async () => {
    const name = `a\nb'c:d "e" $(f)`;
    const path = someFile(place.here, name, 400_000);
    await beamed({ from: path, to: `web1:${place.there}/` });
    expect(sha256(join(place.there, name))).toBe(sha256(path));
  });

  it('is refused where something stands, before a byte moves, and replaced where that is said', async () => {
    const path = someFile(place.here, 'over', 100);
    const old = someFile(place.there, 'over', 50);
    const before = sha256(old);
    const refused = await beam({ from: path, to: `web1:${old}` });
    expect(refused.error).toMatchObject({ code: 'exists' });
    expect(sha256(old)).toBe(before);
    await beamed({ from: path, to: `web1:${old}`, overwrite: true });
    expect(sha256(old)).toBe(sha256(path));
    const back = someFile(place.here, 'over-here', 70);
    expect((await beam({ from: `web1:${old}`, to: back })).error).toMatchObject({ code: 'exists' });
    await beamed({ from: `web1:${old}`, to: back, overwrite: true });
    expect(sha256(back)).toBe(sha256(path));
  });

  it('replaces a symbolic link at its target, not what that leads to', async () => {
    const path = someFile(place.here, 'for-link', 100);
    const victim = someFile(place.there, 'victim', 10);
    const before = sha256(victim);
    symlinkSync('victim', join(place.there, 'link'));
    expect((await beam({ from: path, to: `web1:${place.there}/link` })).error).toMatchObject({
      code: 'exists',
    });
    await beamed({ from: path, to: `web1:${place.there}/link`, overwrite: true });
    expect(sha256(join(place.there, 'link'))).toBe(sha256(path));
    expect(sha256(victim)).toBe(before);
  });

  it('is never one that SCOUT_DENY_PATHS denies, by any name of it, on either side', async () => {
    mkdirSync(join(place.there, '.ssh'));
    const key = someFile(join(place.there, '.ssh'), 'id_rsa', 100);
    symlinkSync(key, join(place.there, 'harmless'));
    const plain = someFile(place.here, 'plain', 10);
    for (const args of [
      { from: `web1:${key}`, to: join(place.here, 'k1') },
      { from: `web1:${place.there}/harmless`, to: join(place.here, 'k2') },
      { from: 'web1:/etc/shadow', to: join(place.here, 'k3') },
      { from: plain, to: `web1:${place.there}/.ssh/id_ed25519` },
      { from: `web1:${key}`, to: `web2:${place.there}/k4` },
    ])
      expect((await beam(args)).error, args.from).toMatchObject({ code: 'path_denied' });
    expect(existsSync(join(place.there, 'k4'))).toBe(false);
  });

  it('is no FIFO, no device and no file of the kernel that does more than be read, which are never opened', async () => {
    makeFifo(join(place.there, 'fifo'));
    for (const from of [`web1:${place.there}/fifo`, 'web1:/dev/zero'])
      expect((await beam({ from, to: join(place.here, 'special') })).error).toMatchObject({
        code: 'unsupported_file',
      });
    symlinkSync('/proc/kmsg', join(place.there, 'kernel'));
    for (const from of [`web1:${place.there}/kernel`, 'web1:/proc/kmsg'])
      expect((await beam({ from, to: join(place.here, 'special') })).error).toMatchObject({
        code: 'path_denied',
      });
    const path = someFile(place.here, 'to-fifo', 10);
    const onto = await beam({ from: path, to: `web1:${place.there}/fifo`, overwrite: true });
    expect(onto.error).toMatchObject({ code: 'unsupported_file' });
  });

  it('outside the roots of this machine is not touched', async () => {
    const path = someFile(place.there, 'outside', 10);
    expect((await beam({ from: path, to: `web1:${place.there}/x` })).error).toMatchObject({
      code: 'beam_outside_roots',
    });
    expect((await beam({ from: `web1:${path}`, to: join(place.there, 'x') })).error).toMatchObject({
      code: 'beam_outside_roots',
    });
  });

  it('that is not there, or whose directory is not, is said to be so', async () => {
    for (const args of [
      { from: `web1:${place.there}/nope`, to: join(place.here, 'n') },
      { from: someFile(place.here, 'n2', 5), to: `web1:${place.there}/no/n2` },
    ])
      expect((await beam(args)).error).toMatchObject({ code: 'path_not_found' });
  });
});

describe('ends of a copy', () => {
  it.each([
    ['two paths of this machine', 'a', 'b', 'invalid_target'],
    ['a glob of hosts', 'web*:/etc/hostname', 'x', 'invalid_target'],
    ['two hosts at one end', 'web1,web2:/etc/hostname', 'x', 'invalid_target'],
    ['an unknown host', 'nope:/etc/hostname', 'x', 'unknown_host'],
    ['a `..`', 'web1:/etc/../etc/hostname', 'x', 'invalid_target'],
    ['a source without a name, into a directory', 'web1:/', './', 'invalid_target'],
    ['a directory without recursive', 'web1:/etc', 'x', 'invalid_argument'],
  ])('%s are refused', async (_, from, to, code) => {
    const answer = await beam({ from, to: join(place.here, to) });
    const local = await beam({ from, to });
    expect([answer.error?.code, local.error?.code]).toContain(code);
  });

  it('are called so, and not targets', async () => {
    const { error } = await beam({ from: 'web1:/etc/hostname', to: '../x' });
    expect(error).toMatchObject({
      code: 'invalid_target',
      message: '"../x" is no end of a copy: it has a `..` segment',
      fix: expect.stringContaining('or a local path'),
    });
  });

  it('that are one file are refused', async () => {
    const path = someFile(place.there, 'self', 10);
    const answer = await beam({ from: `web1:${path}`, to: `web1:${path}`, overwrite: true });
    expect(answer.error).toMatchObject({ code: 'invalid_target' });
    expect(statSync(path).size).toBe(10);
  });

  it('are a path of this machine where a slash stands before the colon', async () => {
    mkdirSync(join(place.here, 'web1:x'), { recursive: true });
    const path = someFile(join(place.here, 'web1:x'), 'f', 10);
    await beamed({ from: path, to: `web1:${place.there}/colon` });
    expect(sha256(join(place.there, 'colon'))).toBe(sha256(path));
  });

  it('are allowed as SCOUT_BEAM says', async () => {
    const off = placeWith({ SCOUT_BEAM: 'off' });
    expect(off.scout.scout.answerer.tools.map(({ name }) => name)).not.toContain('scout_beam');
    const [down, up] = [placeWith({ SCOUT_BEAM: 'download' }), placeWith({ SCOUT_BEAM: 'upload' })];
    for (const [by, allowed] of [
      [down, 'down'],
      [up, 'up'],
    ] as const) {
      const [there, here] = [someFile(by.there, 'f', 10), someFile(by.here, 'g', 10)];
      const codes = {
        down: (await beam({ from: `web1:${there}`, to: join(by.here, 'f') }, by)).error?.code,
        up: (await beam({ from: here, to: `web1:${by.there}/g` }, by)).error?.code,
        across: (await beam({ from: `web1:${there}`, to: `web2:${by.there}/h` }, by)).error?.code,
      };
      expect(codes).toEqual({
        down: 'beam_disabled',
        up: 'beam_disabled',
        across: 'beam_disabled',
        [allowed]: undefined,
      });
    }
  });
});

describe('a directory', () => {
  function tree(base: string): string {
    const top = join(base, 'tree');
    mkdirSync(join(top, 'sub', 'deep'), { recursive: true });
    for (const path of ['a', 'sub/b', 'sub/deep/c']) someFile(top, path, 2_000);
    someFile(top, 'big', 1_300_000);
    chmodSync(join(top, 'a'), 0o640);
    symlinkSync('../a', join(top, 'sub', 'inside'));
    symlinkSync('deep/c', join(top, 'sub', 'down'));
    symlinkSync('/etc/passwd', join(top, 'absolute'));
    symlinkSync('../../out', join(top, 'sub', 'climbs'));
    symlinkSync('deep/../../../x', join(top, 'sub', 'winding'));
    makeFifo(join(top, 'fifo'));
    writeFileSync(Buffer.concat([Buffer.from(`${top}/bad`), Buffer.from([0xff, 0xfe])]), 'x');
    utimesSync(join(top, 'sub', 'deep'), 1_000_000_000, 1_000_000_000);
    chmodSync(join(top, 'sub', 'deep'), 0o750);
    return top;
  }

  it.each([
    [
      'down',
      () => ({ source: tree(place.there), from: 'web1:', to: '', target: join(place.here, 'tree-down') }),
    ],
    ['up', () => ({ source: tree(place.here), from: '', to: 'web1:', target: join(place.there, 'tree-up') })],
    [
      'across',
      () => ({
        source: join(place.there, 'tree'),
        from: 'web1:',
        to: 'web2:',
        target: join(place.here, 'tree-x'),
      }),
    ],
  ])(
    'goes %s with modes, times and the links that stay inside; what is left out is named',
    async (_, ends) => {
      const { source, from, to, target } = ends();
      const result = await beamed({ from: from + source, to: to + target, recursive: true });
      for (const path of ['a', 'big', 'sub/b', 'sub/deep/c'])
        expect(sha256(join(target, path))).toBe(sha256(join(source, path)));
      expect(result).toMatchObject({ files: 4, directories: 3, links: 2, failed_count: 0, skipped_count: 5 });
      expect(statSync(join(target, 'a')).mode & 0o777).toBe(0o640);
      expect(statSync(join(target, 'sub/deep')).mode & 0o777).toBe(0o750);
      expect(statSync(join(target, 'sub/deep')).mtimeMs).toBe(1_000_000_000_000);
      expect(readlinkSync(join(target, 'sub/inside'))).toBe('../a');
      expect(readlinkSync(join(target, 'sub/down'))).toBe('deep/c');
      for (const path of ['absolute', 'sub/climbs', 'sub/winding', 'fifo']) {
        expect(existsSync(join(target, path))).toBe(false);
        expect(result.skipped).toContainEqual(expect.objectContaining({ path }));
      }
      expect(parts(target)).toEqual([]);
    },
  );

  it('is gone on with: what is there unchanged is not copied again, and nothing else is replaced unasked', async () => {
    const source = join(place.there, 'again');
    mkdirSync(source);
    for (const name of ['a', 'b', 'c']) someFile(source, name, 3_000);
    const args = { from: `web1:${source}`, to: join(place.here, 'again'), recursive: true };
    await beamed(args);
    someFile(source, 'd', 10);
    expect(await beamed(args)).toMatchObject({ files: 1, unchanged: 3 });
    const old = someFile(source, 'b', 50);
    const refused = await beam(args);
    expect(refused.error).toMatchObject({
      code: 'exists',
      message: expect.stringMatching(/^1 other files/),
    });
    expect(await beamed({ ...args, overwrite: true })).toMatchObject({ files: 1, unchanged: 3 });
    expect(sha256(join(place.here, 'again', 'b'))).toBe(sha256(old));
  });

  it('is not copied into itself', async () => {
    const source = join(place.there, 'loop');
    mkdirSync(source);
    const answer = await beam({ from: `web1:${source}`, to: `web1:${source}/in`, recursive: true });
    expect(answer.error).toMatchObject({ code: 'invalid_target' });
  });
});
