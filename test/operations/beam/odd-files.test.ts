import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeScout, type TestScout } from '../../fixtures/scout.ts';
import { parts, sha256, someFile } from './beam.ts';
import { makeStage, type Stage } from './broken.ts';

let stage: Stage;
let scout: TestScout;

beforeAll(async () => {
  stage = await makeStage();
  scout = makeScout(stage.sshConfig, { SCOUT_BEAM: 'on', SCOUT_BEAM_ROOTS: stage.here });
});

afterAll(async () => {
  await scout.close();
  await stage.close();
});

const beam = async (args: object) => await scout.call('scout_beam', args);

describe.each([
  ['down', 'shaky:', ''],
  ['up', '', 'shaky:'],
  ['from host to host', 'web1:', 'shaky:'],
] as const)('copied %s', (way, from, to) => {
  const name = way.replaceAll(' ', '-');

  /** A new directory at either end. */
  function ends(what: string) {
    const [first, second] = from === '' ? [stage.here, stage.there] : [stage.there, stage.here];
    const [source, target] = [join(first, `${name}-${what}`), join(second, `${name}-${what}`)];
    mkdirSync(source);
    mkdirSync(target);
    return { source, target };
  }

  /** Copy a file that changes once some of it is on its way. */
  async function whileItChanges(what: string, change: (path: string, target: string) => void) {
    const { source, target } = ends(what);
    const path = someFile(source, 'file', 8_000_000);
    const before = sha256(path);
    let changed = false;
    stage.proxy.setRate(20_000_000);
    stage.proxy.breakAfter(1_500_000, false, () => {
      change(path, join(target, 'file'));
      changed = true;
    });
    const said = await beam({ from: from + path, to: `${to}${target}/file` });
    stage.proxy.setRate(Number.POSITIVE_INFINITY);
    expect(changed).toBe(true);
    return { said, before, target };
  }

  it('names with line feeds, quotes and signs, empty and sparse files are as they were', async () => {
    const { source, target } = ends('odd');
    const names = [
      'a\nb',
      `c'd"e`,
      ' f ',
      '-g',
      '$(h)',
      'i:j',
      'k\\l',
      '*',
      '\u001b[2Jm',
      'ä\u0308€😀',
      '\ufffd',
    ];
    for (const one of names) someFile(source, one, 20_000);
    someFile(source, names[0] ?? '', 300_000);
    someFile(source, 'empty', 0);
    const sparse = someFile(source, 'sparse', 1_000);
    truncateSync(sparse, 6_000_000);
    appendFileSync(sparse, 'end');
    const said = await beam({ from: from + source, to: `${to}${target}/all`, recursive: true });
    expect(said.structured.results).toMatchObject([
      { files: names.length + 2, verified: true, failed_count: 0, skipped_count: 0 },
    ]);
    expect(readdirSync(join(target, 'all')).sort()).toEqual(readdirSync(source).sort());
    for (const one of readdirSync(source))
      expect(sha256(join(target, 'all', one))).toBe(sha256(join(source, one)));
    for (const one of ['a\nb', 'empty', 'sparse']) {
      const alone = await beam({ from: from + join(source, one), to: `${to}${target}/` });
      expect(alone.structured.results).toMatchObject([{ sha256: sha256(join(source, one)) }]);
      expect(sha256(join(target, one))).toBe(sha256(join(source, one)));
    }
  });

  it('the mode is kept, but for the bits that would lend its owner', async () => {
    const { source, target } = ends('mode');
    const path = someFile(source, 'file', 1_000);
    chmodSync(path, 0o6754);
    expect((await beam({ from: from + path, to: `${to}${target}/file` })).isError).toBe(false);
    expect(statSync(join(target, 'file')).mode & 0o7777).toBe(0o754);
  });

  it('names and links that are not UTF-8 are left out and named, and nothing is made in their stead', async () => {
    const { source, target } = ends('raw');
    const raw = (text: string) => Buffer.concat([Buffer.from(text), Buffer.from([0xff, 0xfe])]);
    writeFileSync(raw(`${source}/bad`), 'x');
    mkdirSync(raw(`${source}/directory`));
    symlinkSync(raw('leads-to'), join(source, 'link'));
    symlinkSync('good', join(source, 'fine'));
    someFile(source, 'good', 10);
    const said = await beam({ from: from + source, to: `${to}${target}/all`, recursive: true });
    expect(said.structured.results).toMatchObject([
      { files: 1, links: 1, skipped_count: 3, failed_count: 0 },
    ]);
    expect(said.text).toMatch(/link: .*not UTF-8/);
    expect(readdirSync(join(target, 'all')).sort()).toEqual(['fine', 'good']);
    expect(readlinkSync(join(target, 'all', 'fine'))).toBe('good');
  });

  it('a file that grows is there up to the size that it had, which is said', async () => {
    const { said, before, target } = await whileItChanges('grows', (path) => appendFileSync(path, 'more'));
    expect(said.structured.results).toMatchObject([{ size: 8_000_000, sha256: before, grew: true }]);
    expect(sha256(join(target, 'file'))).toBe(before);
  });

  it('a file that shrinks is not there, and nothing of it', async () => {
    const { said, target } = await whileItChanges('shrinks', (path) => truncateSync(path, 1_000));
    expect(said.error).toMatchObject({ code: 'verify_failed', message: expect.stringContaining('shrank') });
    expect(readdirSync(target)).toEqual([]);
  });

  it('what came to its target meanwhile stays, where nothing is to be replaced', async () => {
    const { said, target } = await whileItChanges('meets', (_, file) => writeFileSync(file, 'theirs'));
    expect(said.error).toMatchObject({ code: 'exists' });
    expect(readFileSync(join(target, 'file'), 'utf8')).toBe('theirs');
    expect(said.text).toContain(parts(target)[0] ?? 'a part');
  });

  it('what stands at its target is refused before a byte moves', async () => {
    const { source, target } = ends('stands');
    const path = someFile(source, 'file', 3_000_000);
    writeFileSync(join(target, 'file'), 'theirs');
    const begin = stage.proxy.bytes();
    const said = await beam({ from: from + path, to: `${to}${target}/file` });
    expect(said.error).toMatchObject({ code: 'exists' });
    expect(stage.proxy.bytes() - begin).toBeLessThan(300_000);
    expect(readdirSync(target)).toEqual(['file']);
  });
});
