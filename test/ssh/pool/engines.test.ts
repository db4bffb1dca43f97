import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { generateKey, publicKey } from '../../fixtures/keys.ts';
import { makeScout, type TestScout } from '../../fixtures/scout.ts';
import { type Sshd, startSshd } from '../../fixtures/sshd.ts';
import { type Agent, startAgent } from '../auth/agent.ts';

let sshd: Sshd;
let postQuantum: Sshd;
let scout: TestScout;

beforeAll(async () => {
  [sshd, postQuantum] = await Promise.all([
    startSshd(),
    startSshd({ config: ['KexAlgorithms sntrup761x25519-sha512@openssh.com'] }),
  ]);
});
afterAll(() => Promise.all([sshd.stop(), postQuantum.stop()]));
afterEach(() => scout.close());

/** What one command gives on web1, and by which engine. */
async function ask(config: string, settings: Record<string, string> = {}) {
  scout = makeScout(config, settings);
  const query = await scout.call('scout_query', { hosts: 'web1', command: 'echo here' });
  const read = await scout.call('scout_read', { targets: ['web1:/etc/hostname'] });
  const listed = await scout.call('scout_hosts', { hosts: 'web1' });
  const [row] = (listed.structured.results as { hosts: { engine?: string }[] }[])[0]?.hosts ?? [];
  return { text: query.text, read: read.isError, engine: row?.engine };
}

test('a host that needs nothing else is reached by ssh2', async () => {
  expect(await ask(sshd.writeConfig('web1'))).toMatchObject({
    engine: 'ssh2',
    read: false,
    text: expect.stringContaining('here'),
  });
});

test('SCOUT_SSH_ENGINE=openssh reaches every host by the installed ssh', async () => {
  expect(await ask(sshd.writeConfig('web1'), { SCOUT_SSH_ENGINE: 'openssh' })).toMatchObject({
    engine: 'openssh',
    read: false,
    text: expect.stringContaining('here'),
  });
});

test('a host whose settings ask for what ssh2 lacks is reached by OpenSSH', async () => {
  const block = sshd.configFor('web1', { Ciphers: 'aes128-ctr', MACs: 'umac-64@openssh.com' });
  expect(await ask(sshd.writeConfig(block))).toMatchObject({ engine: 'openssh', read: false });
});

test('a server that has only post-quantum key exchange is reached by OpenSSH', async () => {
  expect(await ask(postQuantum.writeConfig('web1'))).toMatchObject({ engine: 'openssh', read: false });
});

test('a host behind a jump that needs OpenSSH is reached by OpenSSH, jump and all', async () => {
  const bastion = sshd.configFor('bastion', { Ciphers: 'aes128-ctr', MACs: 'umac-64@openssh.com' });
  const web1 = postQuantum.configFor('web1', { ProxyJump: 'bastion' });
  expect(await ask(sshd.writeConfig(bastion, web1))).toMatchObject({ engine: 'openssh', read: false });
});

describe('a key of the agent that is bound to destinations', () => {
  let agent: Agent;
  beforeAll(async () => {
    agent = await startAgent();
  });
  afterAll(() => agent.stop());

  /** Give the agent the key for one server only, and ask the first one with it. */
  const askWithKeyFor = async ({ port, knownHostsFile, keys }: Sshd, engine: string) => {
    agent.sshAdd('-q', '-D');
    agent.sshAdd('-q', '-H', knownHostsFile, '-h', `[127.0.0.1]:${port}`, keys.ed25519);
    const block = sshd.configFor('web1', {
      IdentityAgent: agent.socket,
      IdentityFile: `${keys.ed25519}.pub`,
    });
    return await ask(sshd.writeConfig(block), { SCOUT_SSH_ENGINE: engine });
  };

  test('is used by OpenSSH, which tells the agent where the connection goes', async () => {
    expect(await askWithKeyFor(sshd, 'auto')).toMatchObject({ engine: 'openssh', read: false });
  });

  test.each([
    ['refused for another host', () => postQuantum, 'auto'],
    ['refused to ssh2 alone', () => sshd, 'ssh2'],
  ])('is %s, and the fix names what may be wrong', async (_, server, engine) => {
    const { text } = await askWithKeyFor(server(), engine);
    expect(text).toMatch(/^auth_failed: .*\(skipped: the agent refused to sign\)/);
    expect(text).toMatch(/Fix: .*ssh-add -X.*ssh-add -h/);
  });
});

test('with ssh2 alone, what it lacks is unreachable', async () => {
  const { text } = await ask(postQuantum.writeConfig('web1'), { SCOUT_SSH_ENGINE: 'ssh2' });
  expect(text).toMatch(/^unreachable: web1: the key exchange/);
});

test('a key that RevokedHostKeys has is refused, and with ssh2 alone the setting is not read over', async () => {
  const revoked = join(sshd.directory, 'revoked');
  const config = sshd.writeConfig(sshd.configFor('web1', { RevokedHostKeys: revoked }));
  writeFileSync(revoked, '');
  expect(await ask(config)).toMatchObject({ engine: 'openssh', text: expect.stringContaining('here') });
  await scout.close();
  writeFileSync(
    revoked,
    `${sshd.hostKeyLines.map((line) => line.split(' ').slice(1).join(' ')).join('\n')}\n`,
  );
  expect((await ask(config)).text).toMatch(/^host_key_/);
  await scout.close();
  expect((await ask(config, { SCOUT_SSH_ENGINE: 'ssh2' })).text).toMatch(
    /^not_available: RevokedHostKeys is set for web1/,
  );
});

test('a host that is known by a certificate for another of its keys is reached by OpenSSH', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'scout-certified-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const [authority, rsa] = [join(directory, 'authority'), join(directory, 'rsa')];
  generateKey(authority, 'ed25519');
  generateKey(rsa, 'rsa');
  execFileSync('ssh-keygen', ['-q', '-s', authority, '-h', '-I', 'test', '-n', '127.0.0.1', `${rsa}.pub`]);
  const certified = await startSshd({ config: [`HostKey ${rsa}`, `HostCertificate ${rsa}-cert.pub`] });
  onTestFinished(() => certified.stop());
  const knownHosts = join(directory, 'known_hosts');
  writeFileSync(knownHosts, `@cert-authority * ${publicKey(authority)}\n`);
  const config = certified.writeConfig(certified.configFor('web1', { UserKnownHostsFile: knownHosts }));
  expect(await ask(config)).toMatchObject({ engine: 'openssh', text: expect.stringContaining('here') });
  await scout.close();
  writeFileSync(knownHosts, `@cert-authority * ${publicKey(rsa)}\n`); // of no certificate
  expect((await ask(config)).text).toMatch(/^host_key_unknown: web1 /);
});

test('the installed ssh reads the configuration that is named, whatever its path and who may write it', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'scout-c[a]*'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const config = join(directory, 'ssh config');
  writeFileSync(config, readFileSync(sshd.writeConfig('web1')));
  chmodSync(config, 0o666);
  const settings = { SCOUT_SSH_ENGINE: 'openssh' };
  expect(await ask(relative(process.cwd(), config), settings)).toMatchObject({
    engine: 'openssh',
    text: expect.stringContaining('here'),
  });
});
