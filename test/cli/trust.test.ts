import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { publicKey } from '../fixtures/keys.ts';
import { type Sshd, startSshd } from '../fixtures/sshd.ts';
import { fingerprintOf, unknownHosts } from '../fixtures/unknown-hosts.ts';
import { runWith } from './run-main.ts';

let sshd: Sshd;
let inner: Sshd;
let unknownHost: ReturnType<typeof unknownHosts>;

beforeAll(async () => {
  [sshd, inner] = await Promise.all([startSshd(), startSshd()]);
  unknownHost = unknownHosts(sshd);
});
afterAll(() => Promise.all([sshd.stop(), inner.stop()]));

const scout = (config: string, args: readonly string[], variables: Readonly<Record<string, string>> = {}) =>
  runWith({ SCOUT_SSH_CONFIG: config, ...variables }, ...args);

function keyLine(server: Sshd): string {
  return `${server.hostKeyLines[0]}\n`;
}

describe('scout-mcp trust --yes', () => {
  it('heals what doctor finds', async () => {
    const { config } = unknownHost('');
    expect((await scout(config, ['doctor', 'web1'])).code).toBe(1);
    expect((await scout(config, ['trust', 'web1', '--yes'])).code).toBe(0);
    expect((await scout(config, ['doctor', 'web1'])).code).toBe(0);
  });

  it('says that a key is known already, and writes nothing', async () => {
    const { config, knownHosts, content } = unknownHost(keyLine(sshd));
    const { code, stdout } = await scout(config, ['trust', 'web1', '--yes']);
    expect(code).toBe(0);
    expect(stdout).toBe(`web1: the ED25519 key ${fingerprintOf(sshd)} is known already (${knownHosts}:1)\n`);
    expect(content()).toBe(keyLine(sshd));
  });

  it('never writes over a changed key', async () => {
    const old = `[127.0.0.1]:${sshd.port} ${publicKey(sshd.keys.ed25519)}\n`;
    const { config, content } = unknownHost(old);
    const { code, stdout, stderr } = await scout(config, ['trust', 'web1', '--yes']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^host_key_changed: .*\nFix: .*`ssh-keygen -R /);
    expect(content()).toBe(old);
  });

  it('never takes a revoked key', async () => {
    const { config, content } = unknownHost(`@revoked ${keyLine(sshd)}`);
    const { code, stderr } = await scout(config, ['trust', 'web1', '--yes']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^host_key_revoked: /);
    expect(content()).toBe(`@revoked ${keyLine(sshd)}`);
  });

  it('takes nothing for unknown that an unreadable file may know', async () => {
    const { config, knownHosts } = unknownHost(undefined);
    mkdirSync(knownHosts);
    const { code, stderr } = await scout(config, ['trust', 'web1', '--yes']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/Fix: Make the known_hosts file readable/);
  });

  it('saves in SCOUT_KNOWN_HOSTS where that is set', async () => {
    const { config, knownHosts } = unknownHost(undefined);
    const own = join(sshd.directory, 'own-known-hosts');
    const { stdout } = await scout(config, ['trust', 'web1', '--yes'], { SCOUT_KNOWN_HOSTS: own });
    expect(stdout).toBe(`web1: the key is saved in ${own}\n`);
    expect(readFileSync(own, 'utf8')).toBe(keyLine(sshd));
    expect(existsSync(knownHosts)).toBe(false);
  });

  it('goes through jumps, whose own keys must be known', async () => {
    const { knownHosts, content } = unknownHost(undefined);
    const deep = inner.configFor('deep', { ProxyJump: 'bastion', UserKnownHostsFile: knownHosts });
    const open = sshd.writeConfig(sshd.configFor('bastion'), deep);
    expect((await scout(open, ['trust', 'deep', '--yes'])).code).toBe(0);
    expect(content()).toBe(keyLine(inner));
    const shut = sshd.writeConfig(sshd.configFor('bastion', { UserKnownHostsFile: '/dev/null' }), deep);
    const { code, stderr } = await scout(shut, ['trust', 'deep', '--yes']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^host_key_unknown: bastion /);
  });

  it('goes through a jump that the installed ssh makes, by a configuration below ~', async () => {
    const { knownHosts, content } = unknownHost(undefined);
    const deep = inner.configFor('deep', { ProxyJump: 'bastion', UserKnownHostsFile: knownHosts });
    const config = sshd.writeConfig(sshd.configFor('bastion'), deep);
    const { stderr, code } = await scout(`~/${basename(config)}`, ['trust', 'deep', '--yes'], {
      HOME: dirname(config),
      SCOUT_SSH_ENGINE: 'openssh',
    });
    expect(stderr).toMatch(/^deep .* shows a key that is not known:\n/);
    expect(code).toBe(0);
    expect(content()).toBe(keyLine(inner));
  });

  it('fails for a host that does not answer, with the fix', async () => {
    const { config } = unknownHost('', { Port: '1' });
    const { code, stderr } = await scout(config, ['trust', 'web1', '--yes']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^unreachable: web1: .*\nFix: Check that sshd runs there/);
  });

  it('takes one host at a time, of the configuration', async () => {
    const { config } = unknownHost('');
    expect(await scout(config, ['trust', 'web*', '--yes'])).toMatchObject({ code: 2, stdout: '' });
    const unknown = await scout(config, ['trust', 'wbe1', '--yes']);
    expect(unknown.code).toBe(1);
    expect(unknown.stderr).toMatch(/^unknown_host: /);
  });

  it('says that a key cannot be saved', async () => {
    const { config } = unknownHost('');
    const known = join(sshd.directory, 'no', 'such', 'directory');
    const { code, stderr } = await scout(config, ['trust', 'web1', '--yes'], { SCOUT_KNOWN_HOSTS: known });
    expect(code).toBe(1);
    expect(stderr).toMatch(/the key of web1 was not saved in .*: the file cannot be written \(ENOENT\)/);
  });
});
