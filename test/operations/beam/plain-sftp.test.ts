import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Sshd, startSshd } from '../../fixtures/sshd.ts';
import { type BeamPlace, makePlace, parts, sha256, someFile } from './beam.ts';
import { type PlainSftp, startPlainSftp } from './plain-sftp.ts';

let sshd: Sshd;
let strict: PlainSftp;
let replacing: PlainSftp;
let place: BeamPlace;

beforeAll(async () => {
  [sshd, strict, replacing] = await Promise.all([
    startSshd(),
    startPlainSftp(),
    startPlainSftp({ replaces: true }),
  ]);
  writeFileSync(sshd.knownHostsFile, `${strict.hostKeyLine}\n${replacing.hostKeyLine}\n`);
});

afterAll(async () => {
  await Promise.all([sshd.stop(), strict.stop(), replacing.stop()]);
});

beforeEach(async ({ onTestFinished }) => {
  place = makePlace(
    sshd.writeConfig(
      sshd.configFor('strict', { Port: String(strict.port) }),
      sshd.configFor('replacing', { Port: String(replacing.port) }),
    ),
  );
  onTestFinished(() => place.close());
});

const beam = async (args: object) => await place.scout.call('scout_beam', args);
const standing = () => readdirSync(place.there).sort();

describe.each(['strict', 'replacing'])('a server without extensions, whose rename is %s', (alias) => {
  it('takes and gives files and directories, and an old file is replaced without a trace', async () => {
    const path = someFile(place.here, 'file', 700_000);
    const up = await beam({ from: path, to: `${alias}:${place.there}/file` });
    expect(up.structured.results).toMatchObject([{ verified: true, sha256: sha256(path) }]);
    const next = someFile(place.here, 'file', 900_000);
    const over = await beam({ from: next, to: `${alias}:${place.there}/file`, overwrite: true });
    expect(over.structured.results).toMatchObject([{ verified: true, sha256: sha256(next) }]);
    expect(statSync(join(place.there, 'file')).mode & 0o777).toBe(0o644);
    expect(standing()).toEqual(['file']);
    const down = await beam({
      from: `${alias}:${place.there}`,
      to: join(place.here, 'tree'),
      recursive: true,
    });
    expect(down.isError).toBe(false);
    expect(sha256(join(place.here, 'tree', 'file'))).toBe(sha256(next));
    const back = await beam({
      from: join(place.here, 'tree'),
      to: `${alias}:${place.there}/tree`,
      recursive: true,
    });
    expect(back.isError).toBe(false);
    expect(sha256(join(place.there, 'tree', 'file'))).toBe(sha256(next));
  });

  it('keeps an old file where it is not to be replaced', async () => {
    const old = someFile(place.there, 'file', 100);
    const before = sha256(old);
    const said = await beam({ from: someFile(place.here, 'file', 200), to: `${alias}:${old}` });
    expect(said.error).toMatchObject({ code: 'exists' });
    expect([sha256(old), standing()]).toEqual([before, ['file']]);
  });
});

describe('where no rename replaces', () => {
  const replace = async () => {
    const old = join(place.there, 'file');
    writeFileSync(old, 'old');
    const path = someFile(place.here, 'file', 400_000);
    const args = { from: path, to: `strict:${old}`, overwrite: true };
    return { path, old, args };
  };

  it('the old file comes back when the new one cannot take its place, and the part stays', async () => {
    const { old, args, path } = await replace();
    strict.atRename({ 2: 'fail' });
    const said = await beam(args);
    expect(said.error).toMatchObject({ code: 'transfer_failed' });
    expect(readFileSync(old, 'utf8')).toBe('old');
    expect(said.text).toContain(parts(place.there)[0] ?? 'a part');
    const again = await beam(args);
    expect(again.structured.results).toMatchObject([{ resumed_at: 400_000, sha256: sha256(path) }]);
    expect(standing()).toEqual(['file']);
  });

  it.each([
    [1, 'drop'],
    [1, 'drop after'],
    [2, 'drop'],
    [2, 'drop after'],
  ] as const)(
    'a connection that is lost at rename %d (%s) costs neither file, and the next call leaves nothing',
    async (index, act) => {
      const { old, args, path } = await replace();
      strict.atRename({ [index]: act });
      const said = await beam(args);
      expect(said.error).toMatchObject({ code: 'connection_lost' });
      const contents = standing().map((name) => readFileSync(join(place.there, name)));
      expect(contents.some((content) => content.toString() === 'old')).toBe(true);
      const aside = standing().find((name) => name.endsWith('-old'));
      if (!standing().includes('file')) expect(said.text).toContain(aside ?? 'the old file');
      const again = await beam(args);
      expect(again.text).not.toMatch(/Fix:/);
      expect(sha256(old)).toBe(sha256(path));
      expect(standing()).toEqual(['file']);
      const third = await beam(args);
      expect(third.text).not.toMatch(/Fix:/);
      expect(standing()).toEqual(['file']);
    },
  );
});
