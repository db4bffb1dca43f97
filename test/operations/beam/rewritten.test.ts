import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeScout, type TestScout } from '../../fixtures/scout.ts';
import { makeStandIns } from '../../fixtures/stand-ins.ts';
import { someFile } from './beam.ts';
import { makeStage, type Stage } from './broken.ts';

/** A file is written to at both ends, when its first bytes have gone and its last ones have not. */
describe.each([
  ['by a shell', {}],
  ['by SFTP alone', { config: ['ForceCommand internal-sftp'] }],
] as const)('a file that is rewritten while it is copied %s', (_, options) => {
  let stage: Stage;
  let scout: TestScout;
  const standIns = makeStandIns();
  const changed = join(standIns.directory, 'changed');

  beforeAll(async () => {
    // each digest of the remote machine waits behind its first megabyte until the file was written to
    standIns.install(
      'openssl',
      `first=$(head -c 1 | od -An -to1 | tr -d ' ')`,
      '[ "$first" ] || exec /usr/bin/openssl "$@" </dev/null',
      `{ printf "\\\\$first"; head -c 1000000; until [ -e ${changed} ]; do sleep 0.02; done; cat; } |`,
      '  /usr/bin/openssl "$@"',
    );
    stage = await makeStage({}, { ...options, wrapper: standIns.wrapper });
    scout = makeScout(stage.sshConfig, { SCOUT_BEAM: 'on', SCOUT_BEAM_ROOTS: stage.here });
  });

  afterAll(async () => {
    await scout.close();
    await stage.close();
    standIns.remove();
  });

  async function rewritten(from: string, to: string, name: string, change: (path: string) => void) {
    const [first, second] = from === '' ? [stage.here, stage.there] : [stage.there, stage.here];
    const target = join(second, name);
    mkdirSync(target);
    const path = someFile(first, name, 8_000_000);
    rmSync(changed, { force: true });
    return {
      path,
      target,
      async copy() {
        stage.proxy.setRate(20_000_000);
        stage.proxy.breakAfter(1_500_000, false, () => {
          const file = openSync(path, 'r+');
          for (const at of [0, 7_900_000]) writeSync(file, 'changed', at);
          closeSync(file);
          change(path);
          writeFileSync(changed, '');
        });
        const said = await scout.call('scout_beam', { from: from + path, to: `${to}${target}/file` });
        stage.proxy.setRate(Number.POSITIVE_INFINITY);
        expect(statSync(changed).size).toBe(0);
        return said;
      },
    };
  }

  describe.each([
    ['down', 'shaky:', ''],
    ['up', '', 'shaky:'],
    ['from host to host', 'web1:', 'shaky:'],
  ] as const)('%s', (way, from, to) => {
    it('and that had its last write long ago is not there as a mixture', async () => {
      const { path, target, copy } = await rewritten(from, to, `${way}-old`, () => {});
      utimesSync(path, 1_700_000_000, 1_700_000_000);
      expect((await copy()).error).toMatchObject({ code: 'verify_failed' });
      expect(readdirSync(target)).toEqual([]);
    });

    it('and that was written to in the same second before is not either', async () => {
      const second = Math.floor(Date.now() / 1_000) + 60; // by a clock that is ahead: no second is too short for it
      const { path, target, copy } = await rewritten(from, to, `${way}-new`, (file) =>
        utimesSync(file, second, second),
      );
      utimesSync(path, second, second);
      expect((await copy()).error).toMatchObject({ code: 'verify_failed' });
      expect(readdirSync(target)).toEqual([]);
    });
  });
});
