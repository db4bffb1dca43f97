import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { afterwards } from '../../fixtures/janitor.ts';
import { makeUser, type Sshd, startSshd, type TestUser } from '../../fixtures/sshd.ts';
import { until } from '../../fixtures/until.ts';
import { type BeamPlace, makePlace, parts, sha256, someFile } from './beam.ts';

/** Needs the Debian package dropbear-bin, and openssh-sftp-server, which Dropbear starts for SFTP. */
let sshd: Sshd;
let user: TestUser;
let place: BeamPlace;
let stop: () => Promise<void>;

beforeAll(async () => {
  sshd = await startSshd();
  user = await makeUser({ authorizedKey: readFileSync(`${sshd.keys.ed25519}.pub`, 'utf8').trim() });
  const hostKey = join(sshd.directory, 'dropbear_key');
  const made = execFileSync('dropbearkey', ['-t', 'ed25519', '-f', hostKey], { encoding: 'utf8' });
  const [, type = '', blob = ''] = /^(ssh-ed25519) (\S+)/m.exec(made) ?? [];
  const port = await freePort();
  const words = [
    '-F',
    '-E',
    '-s',
    '-r',
    hostKey,
    '-p',
    `127.0.0.1:${port}`,
    '-P',
    join(sshd.directory, 'pid'),
  ];
  const dropbear = spawn('dropbear', words, { stdio: 'ignore' });
  stop = afterwards(`kill -KILL ${dropbear.pid}`);
  await once(dropbear, 'spawn');
  writeFileSync(sshd.knownHostsFile, `[127.0.0.1]:${port} ${type} ${blob}\n`);
  place = makePlace(sshd.writeConfig(sshd.configFor('router', { Port: String(port), User: user.name })));
  chmodSync(join(place.there, '..'), 0o755);
  chmodSync(place.there, 0o777);
  await until(
    async () => !(await beam({ from: 'router:/etc/hostname', to: join(place.here, 'first') })).isError,
  );
});

afterAll(async () => {
  await place.close();
  await stop();
  await user.remove();
  await sshd.stop();
});

const beam = async (args: object) => await place.scout.call('scout_beam', args);

it('a host with Dropbear and an SFTP server takes and gives files, and replaces them whole', async () => {
  const path = someFile(place.here, 'file', 20_000_000);
  const up = await beam({ from: path, to: `router:${place.there}/file` });
  expect(up.structured.results).toMatchObject([{ verified: true, sha256: sha256(path) }]);
  expect(statSync(join(place.there, 'file')).uid).toBe(user.uid);
  const next = someFile(place.here, 'file', 5_000_000);
  expect((await beam({ from: next, to: `router:${place.there}/file` })).error).toMatchObject({
    code: 'exists',
  });
  const over = await beam({ from: next, to: `router:${place.there}/file`, overwrite: true });
  expect(over.structured.results).toMatchObject([{ verified: true, sha256: sha256(next) }]);
  const down = await beam({ from: `router:${place.there}/file`, to: join(place.here, 'back') });
  expect(down.structured.results).toMatchObject([{ verified: true, sha256: sha256(next) }]);
  expect([...parts(place.here), ...parts(place.there)]).toEqual([]);
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
