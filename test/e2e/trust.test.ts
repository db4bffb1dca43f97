import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bin } from '../fixtures/built-program.ts';
import { publicKey } from '../fixtures/keys.ts';
import { startServer } from '../fixtures/server.ts';
import { type Sshd, startSshd } from '../fixtures/sshd.ts';
import { until } from '../fixtures/until.ts';

let sshd: Sshd;
let inner: Sshd;
let fingerprint: string;
let files = 0;

beforeAll(async () => {
  [sshd, inner] = await Promise.all([startSshd({ config: ['LogLevel DEBUG2'] }), startSshd()]);
  const printed = execFileSync('ssh-keygen', ['-lf', join(sshd.directory, 'host_ed25519.pub')], {
    encoding: 'utf8',
  });
  fingerprint = printed.split(' ')[1] ?? '';
});
afterAll(() => Promise.all([sshd.stop(), inner.stop()]));

/** A new known_hosts file, and a configuration whose host web1 uses it. */
function unknownHost(content: string | undefined, overrides: Readonly<Record<string, string>> = {}) {
  files += 1;
  const knownHosts = join(sshd.directory, `known_${files}`);
  if (content !== undefined) writeFileSync(knownHosts, content, { mode: 0o600 });
  const config = sshd.writeConfig(
    sshd.configFor('web1', { UserKnownHostsFile: knownHosts, ...overrides }),
    'web2',
  );
  return { config, knownHosts, content: () => readFileSync(knownHosts, 'utf8') };
}

type Variables = Readonly<Record<string, string>>;

function environment(config: string, variables: Variables = {}): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, HOME: process.env.HOME, SCOUT_SSH_CONFIG: config, ...variables };
}

function scout(config: string, args: readonly string[], variables: Variables = {}) {
  return spawnSync(process.execPath, [bin, ...args], {
    env: environment(config, variables),
    input: 'yes\n',
    encoding: 'utf8',
    timeout: 15_000,
  });
}

/** `scout-mcp trust web1` on a terminal, where a person answers; what was shown, and the exit code. */
async function answering(config: string, answer: string) {
  const line = `stty -echo; exec ${process.execPath} ${bin} trust web1`;
  const child = spawn('script', ['-qec', line, '/dev/null'], {
    env: environment(config, { SHELL: '/bin/sh' }),
  });
  let shown = '';
  child.stdout.on('data', (chunk) => {
    shown += chunk;
  });
  await until(() => shown.includes('(yes/no/fingerprint)? '));
  child.stdin.write(answer);
  const [code] = await once(child, 'exit');
  child.stdin.end();
  return { code, shown };
}

function keyLine(server: Sshd): string {
  return `${server.hostKeyLines[0]}\n`;
}

describe('scout-mcp trust --yes', () => {
  it('shows type and fingerprint, and saves the key where ssh looks for it', () => {
    const { config, knownHosts, content } = unknownHost(undefined);
    const before = sshd.log().length;
    const { status, stdout, stderr } = scout(config, ['trust', 'web1', '--yes']);
    expect(status).toBe(0);
    expect(stderr).toContain(`ED25519  ${fingerprint}`);
    expect(stdout).toBe(`web1: the key is saved in ${knownHosts}\n`);
    expect(content()).toBe(keyLine(sshd));
    expect(sshd.log().slice(before)).toContain('SSH2_MSG_KEXINIT');
    expect(sshd.log().slice(before)).not.toContain('userauth-request');
    execFileSync('ssh', [
      '-F',
      config,
      '-o',
      'BatchMode=yes',
      '-o',
      'StrictHostKeyChecking=yes',
      'web1',
      'true',
    ]);
  });

  it('heals what doctor finds', () => {
    const { config } = unknownHost('');
    expect(scout(config, ['doctor', 'web1']).status).toBe(1);
    expect(scout(config, ['trust', 'web1', '--yes']).status).toBe(0);
    expect(scout(config, ['doctor', 'web1']).status).toBe(0);
  });

  it('says that a key is known already, and writes nothing', () => {
    const { config, knownHosts, content } = unknownHost(keyLine(sshd));
    const { status, stdout } = scout(config, ['trust', 'web1', '--yes']);
    expect(status).toBe(0);
    expect(stdout).toBe(`web1: the ED25519 key ${fingerprint} is known already (${knownHosts}:1)\n`);
    expect(content()).toBe(keyLine(sshd));
  });

  it('never writes over a changed key', () => {
    const old = `[127.0.0.1]:${sshd.port} ${publicKey(sshd.keys.ed25519)}\n`;
    const { config, content } = unknownHost(old);
    const { status, stdout, stderr } = scout(config, ['trust', 'web1', '--yes']);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(/^host_key_changed: .*\nFix: .*`ssh-keygen -R /);
    expect(content()).toBe(old);
  });

  it('never takes a revoked key', () => {
    const { config, content } = unknownHost(`@revoked ${keyLine(sshd)}`);
    const { status, stderr } = scout(config, ['trust', 'web1', '--yes']);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^host_key_revoked: /);
    expect(content()).toBe(`@revoked ${keyLine(sshd)}`);
  });

  it('takes nothing for unknown that an unreadable file may know', () => {
    const { config, knownHosts } = unknownHost(undefined);
    mkdirSync(knownHosts);
    const { status, stderr } = scout(config, ['trust', 'web1', '--yes']);
    expect(status).toBe(1);
    expect(stderr).toMatch(/Fix: Make the known_hosts file readable/);
  });

  it('saves in SCOUT_KNOWN_HOSTS where that is set', () => {
    const { config, knownHosts } = unknownHost(undefined);
    const own = join(sshd.directory, 'own-known-hosts');
    const { stdout } = scout(config, ['trust', 'web1', '--yes'], { SCOUT_KNOWN_HOSTS: own });
    expect(stdout).toBe(`web1: the key is saved in ${own}\n`);
    expect(readFileSync(own, 'utf8')).toBe(keyLine(sshd));
    expect(existsSync(knownHosts)).toBe(false);
  });

  it.each(['ssh2', 'openssh'])('is advised so that it saves where %s looks for it', (engine) => {
    const { config } = unknownHost('');
    const own = join(sshd.directory, `known to ${engine}`);
    const read = { SCOUT_SSH_ENGINE: engine, SCOUT_KNOWN_HOSTS: own };
    const ask = () => scout(config, ['call', 'scout_query', 'hosts=web1', 'command=true'], read);
    const { stderr } = ask();
    const advised = /`([^`]* trust web1)`/.exec(stderr)?.[1] ?? stderr;
    const command = advised.replace(' scout-mcp ', ` '${process.execPath}' '${bin}' `);
    const env = environment(config, { SCOUT_SSH_ENGINE: engine });
    execFileSync('sh', ['-c', `${command} --yes`], { env, stdio: 'ignore' });
    expect(ask().status).toBe(0);
    expect(stderr).not.toContain('`ssh web1`'); // it would save elsewhere
  });

  it('goes through jumps, whose own keys must be known', () => {
    const { knownHosts, content } = unknownHost(undefined);
    const deep = inner.configFor('deep', { ProxyJump: 'bastion', UserKnownHostsFile: knownHosts });
    const open = sshd.writeConfig(sshd.configFor('bastion'), deep);
    expect(scout(open, ['trust', 'deep', '--yes']).status).toBe(0);
    expect(content()).toBe(keyLine(inner));
    const shut = sshd.writeConfig(sshd.configFor('bastion', { UserKnownHostsFile: '/dev/null' }), deep);
    const { status, stderr } = scout(shut, ['trust', 'deep', '--yes']);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^host_key_unknown: bastion /);
  });

  it('goes through a jump that the installed ssh makes, by a configuration below ~', () => {
    const { knownHosts, content } = unknownHost(undefined);
    const deep = inner.configFor('deep', { ProxyJump: 'bastion', UserKnownHostsFile: knownHosts });
    const config = sshd.writeConfig(sshd.configFor('bastion'), deep);
    const { stderr, status } = scout(`~/${basename(config)}`, ['trust', 'deep', '--yes'], {
      HOME: dirname(config),
      SCOUT_SSH_ENGINE: 'openssh',
    });
    expect(stderr).toMatch(/^deep .* shows a key that is not known:\n/);
    expect(status).toBe(0);
    expect(content()).toBe(keyLine(inner));
  });

  it('fails for a host that does not answer, with the fix', () => {
    const { config } = unknownHost('', { Port: '1' });
    const { status, stderr } = scout(config, ['trust', 'web1', '--yes']);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^unreachable: web1: .*\nFix: Check that sshd runs there/);
  });

  it('takes one host at a time, of the configuration', () => {
    const { config } = unknownHost('');
    expect(scout(config, ['trust', 'web*', '--yes'])).toMatchObject({ status: 2, stdout: '' });
    const unknown = scout(config, ['trust', 'wbe1', '--yes']);
    expect(unknown.status).toBe(1);
    expect(unknown.stderr).toMatch(/^unknown_host: /);
  });
});

describe('scout-mcp trust', () => {
  it('asks the person, and saves on yes or on the fingerprint', async () => {
    for (const answer of ['yes', fingerprint]) {
      const { config, content } = unknownHost('');
      const { code, shown } = await answering(config, `${answer}\n`);
      expect(code).toBe(0);
      expect(shown).toContain(fingerprint);
      expect(content()).toBe(keyLine(sshd));
    }
  });

  it.each([
    ['no', 'no\n'],
    ['y', 'y\n'],
    ['the end of input', '\x04'],
    ['Ctrl-C', '\x03'],
  ])('saves nothing on %s', async (_what, answer) => {
    const { config, content } = unknownHost('');
    const { code, shown } = await answering(config, answer);
    expect(code).toBe(1);
    expect(shown).toContain('scout-mcp trust: nothing was saved');
    expect(content()).toBe('');
  });

  it('saves nothing where nobody can be asked, whatever stdin says, and tells what to do', () => {
    const { config, content } = unknownHost('');
    const { status, stdout, stderr } = scout(config, ['trust', 'web1']);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(fingerprint);
    expect(stderr).toMatch(/run `scout-mcp trust web1` in a terminal, or add --yes/);
    expect(content()).toBe('');
  });

  it('is no tool of a model, and neither is doctor', async () => {
    const server = await startServer(unknownHost('').config);
    const { result } = await server.request('tools/list');
    await server.stop();
    expect(JSON.stringify(result.tools.map(({ name }: { name: string }) => name))).not.toMatch(
      /trust|doctor/,
    );
  });
});
