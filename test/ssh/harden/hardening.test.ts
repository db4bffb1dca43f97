import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type HardenedHost, hardenHost } from '../../../src/operations/harden-host.ts';
import { hardening } from '../../../src/ssh/harden/hardening.ts';
import { afterwards } from '../../fixtures/janitor.ts';
import { generateKey } from '../../fixtures/keys.ts';
import { makeScout } from '../../fixtures/scout.ts';
import { type Sshd, startSshd } from '../../fixtures/sshd.ts';

const account = `scout-${randomBytes(4).toString('hex')}`;
let directory: string;
let key: string;
let remove: () => Promise<void>;
let hardened: HardenedHost;

const texts = (lines: readonly { readonly text: string }[]) => lines.map(({ text }) => text);

/** What is printed for a host of this configuration. */
async function harden(config: string, host: string, user = account): Promise<HardenedHost> {
  const file = join(directory, 'config');
  writeFileSync(file, config);
  const { scout, config: settings, close } = makeScout(file);
  try {
    return await hardenHost({ hosts: scout.hosts, config: settings }, host, user, AbortSignal.timeout(5_000));
  } finally {
    await close();
  }
}

function run(program: string, ...words: string[]): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const env = { PATH: process.env.PATH, DISPLAY: '127.0.0.1:9', LC_SCOUT: 'sent' };
    execFile(program, words, { timeout: 10_000, env }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code ?? -1) : 0, output: stdout + stderr });
    });
  });
}

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'scout-harden-'));
  chmodSync(directory, 0o755);
  key = join(directory, 'id_ed25519');
  generateKey(key, 'ed25519');
  remove = afterwards(`flock /etc/login.defs userdel -f ${account}; rm -rf /home/${account} '${directory}'`);
  hardened = await harden(`Host web1\n  HostName 127.0.0.1\n  IdentityFile ${key}\n`, 'web1');
  const script = [...texts(hardened.accountLines), ...texts(hardened.installLines)].join('\n');
  const made = await run(
    'flock',
    '/etc/login.defs',
    'sh',
    '-ec',
    script.replaceAll(/^getent.*$/gm, '($&) || true'),
  );
  expect(made).toEqual({ code: 0, output: '' });
});
afterAll(async () => await remove());

describe.each(['the key line and the block', 'the key line alone', 'the block alone'])('with %s', (parts) => {
  let sshd: Sshd;
  let config: string;
  let alias: string;
  let savedKeys: string;
  const keysFile = `/home/${account}/.ssh/authorized_keys`;

  beforeAll(async () => {
    savedKeys = readFileSync(keysFile, 'utf8');
    if (parts === 'the block alone') writeFileSync(keysFile, savedKeys.replace(/^\S+ /, ''));
    const block = parts === 'the key line alone' ? [] : texts(hardened.sshdLines);
    const open = ['StrictModes yes', 'X11Forwarding yes', 'PermitTunnel yes', 'AcceptEnv LC_*'];
    sshd = await startSshd({ config: [...open, ...block], authorizedKeys: () => [] });
    const lines = (
      await harden(`Host web1\n  HostName 127.0.0.1\n  Port ${sshd.port}\n  IdentityFile ${key}\n`, 'web1')
    ).clientLines;
    alias = lines[0]?.text.split(' ')[1] ?? '';
    config = sshd.writeConfig(
      [...texts(lines), `  UserKnownHostsFile ${sshd.knownHostsFile}`, '  BatchMode yes', ''].join('\n'),
    );
  });
  afterAll(async () => {
    writeFileSync(keysFile, savedKeys);
    await sshd.stop();
  });
  const ssh = (...words: string[]) => run('ssh', '-F', config, ...words);

  it('commands and files are there', async () => {
    const scout = makeScout(config);
    try {
      const query = await scout.call('scout_query', { hosts: alias, command: 'ls -d ~' });
      expect(query.text).toContain(`\n/home/${account}`);
      const read = await scout.call('scout_read', { targets: [`${alias}:/etc/passwd`] });
      expect(read.text).toContain(`${account}:`);
    } finally {
      await scout.close();
    }
  });

  it('no terminal, no forwarding of ports, agents and windows', async () => {
    expect((await ssh(alias, 'echo plain')).output).toBe('plain\n');
    expect((await ssh('-tt', alias, 'tty')).output).toContain('PTY allocation request failed');
    expect((await ssh('-W', `127.0.0.1:${sshd.port}`, alias)).output).toMatch(/administratively prohibited/);
    const remote = await ssh('-o', 'ExitOnForwardFailure=yes', '-R', '0:127.0.0.1:1', alias, 'echo yes');
    expect(remote.output).toMatch(/remote port forwarding failed/);
    const windows = await ssh('-X', alias, 'echo "[$DISPLAY]"');
    expect(windows.output).toContain('[]');
    expect(windows.output).toContain('X11 forwarding request failed');
    const agent = await run('ssh-agent', 'ssh', '-A', '-F', config, alias, 'echo "[$SSH_AUTH_SOCK]"');
    expect(agent.output).toContain('[]');
  });

  if (parts !== 'the key line alone') {
    it('the environment stays at home', async () => {
      expect((await ssh('-o', 'SendEnv=LC_SCOUT', alias, 'echo "[$LC_SCOUT]"')).output).toBe('[]\n');
    });

    it('sshd says so itself, of this account only', async () => {
      const file = join(sshd.directory, 'sshd_config');
      expect(await run('/usr/sbin/sshd', '-t', '-f', file)).toEqual({ code: 0, output: '' });
      const of = async (user: string) =>
        (await run('/usr/sbin/sshd', '-T', '-f', file, '-C', `user=${user},host=x,addr=127.0.0.1`)).output;
      const own = (await of(account)).split('\n');
      for (const line of [
        'authenticationmethods publickey',
        'disableforwarding yes',
        'allowtcpforwarding no',
        'allowstreamlocalforwarding no',
        'allowagentforwarding no',
        'x11forwarding no',
        'permittunnel no',
        'permittty no',
        'permituserrc no',
        'acceptenv none',
        'maxsessions 10',
      ]) {
        expect(own).toContain(line);
      }
      expect(await of('root')).toContain('permittty yes\n');
    });
  }

  it('the account can leave no key behind', async () => {
    const tries = 'echo x >> .ssh/authorized_keys || mv .ssh .old || echo x > .profile';
    expect((await ssh(alias, `(${tries}) 2>/dev/null || echo kept`)).output).toBe('kept\n');
  });
});

describe('what is printed', () => {
  it('names the address that the host sees', () => {
    expect(hardened.keyLine.text).toMatch(/^restrict,from="127\.0\.0\.1" ssh-ed25519 [\w+/=]+ scout-mcp$/);
  });

  it('makes a key where the configuration has none', async () => {
    const { keygen, keyLine, clientLines } = await harden(
      'Host db1\n  HostName 127.0.0.1\n  IdentityFile /x/none\n',
      'db1',
    );
    expect(keygen?.text).toBe('ssh-keygen -t ed25519 -f ~/.ssh/scout_db1_ed25519 -C scout-mcp');
    expect(keyLine.text).toContain('PASTE_HERE');
    expect(texts(clientLines)).toContain('    IdentityFile "~/.ssh/scout_db1_ed25519"');
  });

  it("behind a jump it is the jump's address, behind a ProxyCommand nobody's", async () => {
    const config =
      'Host in\n  HostName 10.0.0.9\n  ProxyJump gate\nHost gate\n  HostName 192.0.2.7\nHost far\n  ProxyCommand x\n';
    expect((await harden(config, 'in')).keyLine).toMatchObject({
      text: expect.stringContaining('from="192.0.2.7"'),
      why: expect.stringContaining('jump gate'),
    });
    expect(texts((await harden(config, 'in')).clientLines)).toContain('    ProxyJump gate');
    expect((await harden(config, 'far')).keyLine.text).toContain('from="THE_ADDRESS_THAT_THE_HOST_SEES"');
  });

  it('keeps a hostile name, comment or path inside its line', async () => {
    writeFileSync(`${key}.pub`, `${readFileSync(`${key}.pub`, 'utf8').trim()} x'; rm -rf / #\n`);
    const file = join(directory, 'config');
    writeFileSync(file, `Host web1\n  HostName 127.0.0.1\n  IdentityFile ${key}\n`);
    const { scout, close } = makeScout(file);
    const settings = await scout.hosts.resolve('web1', AbortSignal.timeout(5_000));
    await close();
    const hostile = `a'$(id)\`x\`;b"\n rm -rf /`;
    const printed = await hardening(
      { ...settings, alias: hostile, hostKeyAlias: hostile, identityFiles: [hostile, key] },
      { address: undefined, why: 'why' },
      account,
      8,
    );
    const all = [
      printed.keyLine,
      ...printed.accountLines,
      ...printed.installLines,
      ...printed.sshdLines,
      ...printed.clientLines,
    ];
    for (const { text, why } of all) {
      expect(text + why).not.toMatch(/\n|\$\(id\)|rm -rf|`x`/);
    }
    expect(printed.newAlias).toMatch(/^[\w.-]+$/);
  });

  it('refuses what is no account and an address that no configuration can hold', async () => {
    const config = 'Host web1\n  HostName 127.0.0.1\nHost odd\n  HostName "a b"\n';
    for (const user of ["x'; id", 'root'])
      await expect(harden(config, 'web1', user)).rejects.toMatchObject({ code: 'invalid_argument' });
    await expect(harden(config, 'odd')).rejects.toMatchObject({ code: 'invalid_argument' });
  });
});
