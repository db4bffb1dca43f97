import { existsSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeScout } from '../../fixtures/scout.ts';
import { type Sshd, startSshd } from '../../fixtures/sshd.ts';
import { type BeamPlace, makePlace, parts, sha256, someFile } from './beam.ts';
import { breakOften, makeStage, type Stage } from './broken.ts';
import { dice } from './dice.ts';
import { inProcess } from './runner.ts';

const engine = { SCOUT_SSH_ENGINE: 'openssh' };

let sshd: Sshd;
let bare: Sshd;
let place: BeamPlace;

beforeAll(async () => {
  [sshd, bare] = await Promise.all([startSshd(), startSshd({ sftp: false })]);
  const web2 = sshd.configFor('web2', { ServerAliveInterval: '7' });
  place = makePlace(sshd.writeConfig('web1', web2, bare.configFor('bare')), engine);
});

afterAll(async () => {
  await place.close();
  await Promise.all([sshd.stop(), bare.stop()]);
});

const beam = async (args: object) => await place.scout.call('scout_beam', args);

describe('by the installed ssh', () => {
  it.each([
    ['up', '', 'web1:'],
    ['down', 'web1:', ''],
    ['from host to host', 'web1:', 'web2:'],
    ['within a host', 'web1:', 'web1:'],
  ])('a file goes %s, verified, and replaces an old one only where that is said', async (way, from, to) => {
    const [source, target] = from === '' ? [place.here, place.there] : [place.there, place.here];
    const name = way.replaceAll(' ', '-');
    const path = someFile(source, name, 1_500_000);
    const copy = someFile(target, `${name}.copy`, 10);
    const args = { from: from + path, to: to + copy };
    expect((await beam(args)).error).toMatchObject({ code: 'exists' });
    expect(statSync(copy).size).toBe(10);
    const done = await beam({ ...args, overwrite: true });
    expect(done.structured.results).toMatchObject([{ verified: true, sha256: sha256(path) }]);
    expect(sha256(copy)).toBe(sha256(path));
    expect([...parts(place.here), ...parts(place.there)]).toEqual([]);
  });

  it('a directory goes up and comes back', async () => {
    const top = join(place.here, 'tree');
    mkdirSync(join(top, 'sub'), { recursive: true });
    for (const name of ['a', 'b', 'sub/c']) someFile(top, name, 3_000);
    const up = await beam({ from: top, to: `web1:${place.there}/tree`, recursive: true });
    expect(up.structured.results).toMatchObject([{ files: 3, failed_count: 0 }]);
    const down = await beam({
      from: `web1:${place.there}/tree`,
      to: join(place.here, 'back'),
      recursive: true,
    });
    expect(down.structured.results).toMatchObject([{ files: 3, failed_count: 0 }]);
    expect(sha256(join(place.here, 'back/sub/c'))).toBe(sha256(join(top, 'sub/c')));
  });

  it('a host without SFTP is said to have none', async () => {
    const said = await beam({ from: 'bare:/etc/hostname', to: join(place.here, 'bare') });
    expect(said.error).toMatchObject({ code: 'no_sftp', fix: expect.stringContaining('Subsystem sftp') });
    expect(existsSync(join(place.here, 'bare'))).toBe(false);
  });

  it('a copy that is broken is never torn, and goes on', async () => {
    const stage: Stage = await makeStage();
    const settings = { SCOUT_BEAM: 'on', SCOUT_BEAM_ROOTS: stage.here, ...engine };
    const runner = inProcess(makeScout(stage.sshConfig, settings));
    const random = dice(Date.now());
    try {
      for (const [kind, way] of [
        ['cut', 'up'],
        ['session', 'down'],
        ['cancel', 'up'],
      ] as const)
        await breakOften(stage, runner, { kind, way, points: 1, bytes: 3_000_000, random });
    } finally {
      await runner.stop();
      await stage.close();
    }
  });
});
