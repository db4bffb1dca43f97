import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type Sshd, startSshd } from '../fixtures/sshd.ts';
import { run } from './run-main.ts';

let sshd: Sshd;
let knownHosts: string;

beforeAll(async () => {
  sshd = await startSshd();
  knownHosts = join(sshd.directory, 'known_hosts_of_web2');
  const off = sshd.configFor('off1', { Port: '1' });
  const config = sshd.writeConfig('web1', sshd.configFor('web2', { UserKnownHostsFile: knownHosts }), off);
  vi.stubEnv('SCOUT_SSH_CONFIG', config);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await sshd.stop();
});

it('A doctor of two hosts fails for the one that is off', async () => {
  expect(await run('doctor', 'web1')).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^web1: all is well/),
  });
  const { code, stdout } = await run('doctor', 'web1', 'off1', '--json');
  expect(code).toBe(1);
  expect(JSON.parse(stdout).hosts.map(({ healthy }: { healthy: boolean }) => healthy)).toEqual([true, false]);
  expect(await run('doctor', 'web7')).toMatchObject({ code: 1, stdout: '' });
});

it('Readiness asks no host', async () => {
  expect(await run('doctor', '--ready')).toMatchObject({ code: 0, stderr: '' });
  expect(await run('doctor', '--ready', 'web1')).toMatchObject({ code: 2, stdout: '' });
});

it('A key is saved once, and only by a yes', async () => {
  writeFileSync(knownHosts, '');
  expect(await run('trust', 'web2')).toMatchObject({ code: 2, stdout: '' });
  expect(await run('trust', 'web2', '--yes')).toMatchObject({
    code: 0,
    stdout: `web2: the key is saved in ${knownHosts}\n`,
  });
  expect((await run('trust', 'web2', '--yes')).stdout).toMatch(/is known already/);
  expect(await run('trust', 'web*')).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/one at a time/),
  });
  expect(await run('trust', 'off1', '--yes')).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^unreachable: /),
  });
});

it('A key that cannot be saved is said so', async () => {
  vi.stubEnv('SCOUT_KNOWN_HOSTS', join(sshd.directory, 'no', 'such', 'directory'));
  const { code, stderr } = await run('trust', 'web2', '--yes');
  expect(code).toBe(1);
  expect(stderr).toMatch(/the key of web2 was not saved in .*: the file cannot be written \(ENOENT\)/);
});
