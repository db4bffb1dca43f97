import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generateKey, publicKey } from '../../fixtures/keys.ts';
import { makeUser, type Sshd, startSshd } from '../../fixtures/sshd.ts';
import { until } from '../../fixtures/until.ts';
import { startAgent } from '../auth/agent.ts';
import { diagnosisOf, failuresOf, fixOf } from './doctor.ts';
import { type Door, startDoor } from './door.ts';

const cleanups: (() => Promise<void>)[] = [];
let sshd: Sshd;

beforeAll(async () => {
  sshd = await start();
});
afterAll(async () => {
  for (const cleanup of cleanups.reverse()) await cleanup();
});

async function start(options: Parameters<typeof startSshd>[0] = {}): Promise<Sshd> {
  const started = await startSshd(options);
  cleanups.push(started.stop);
  return started;
}

type Overrides = Readonly<Record<string, string | undefined>>;

/** A configuration with the one host web1. */
function configOf(server: Sshd, overrides: Overrides = {}): string {
  return server.writeConfig(server.configFor('web1', overrides));
}

interface Case {
  readonly config: string;
  /** Of the first run, which need not take long. */
  readonly variables?: Readonly<Record<string, string>>;
  readonly failure: string;
  readonly fix: RegExp;
  /** Do what the fix says; gives the path of the configuration, where that is what was corrected. */
  readonly apply: (fix: string) => unknown;
}

/** The failing step and the fix, which, applied, lets the next run pass. */
async function isFixed({ config, variables, failure, fix, apply }: Case): Promise<void> {
  const broken = await diagnosisOf(config, 'web1', variables);
  expect(failuresOf(broken)).toEqual([failure]);
  const advice = fixOf(broken);
  expect(advice).toMatch(fix);
  expect(advice).not.toContain('\n');
  const corrected = await apply(advice);
  const mended = await diagnosisOf(typeof corrected === 'string' ? corrected : config, 'web1');
  expect(failuresOf(mended)).toEqual([]);
  expect(mended.healthy).toBe(true);
}

/** Run what stands between backticks and begins with `start`. */
function runFrom(fix: string, start: string): void {
  const command = [...fix.matchAll(/`([^`]+)`/g)]
    .map((match) => match[1] ?? '')
    .find((text) => text.startsWith(start));
  if (command === undefined) throw new Error(`no ${start} in: ${fix}`);
  execFileSync('/bin/sh', ['-c', command], { stdio: 'pipe' });
}

/** `ssh web1`, and yes to its question. */
function acceptKey(config: string): void {
  const words = [
    '-F',
    config,
    '-o',
    'StrictHostKeyChecking=accept-new',
    '-o',
    'BatchMode=yes',
    'web1',
    'true',
  ];
  execFileSync('ssh', words, { stdio: 'pipe' });
}

function fileOf(name: string, content: string): string {
  const path = join(sshd.directory, name);
  writeFileSync(path, content, { mode: 0o600 });
  return path;
}

/** A door before `sshd`, and the configuration that leads to it. */
async function behindDoor(state: Parameters<typeof startDoor>[1]): Promise<{ door: Door; config: string }> {
  const door = await startDoor(sshd.port, state);
  cleanups.push(door.stop);
  const lines = sshd.hostKeyLines.map((line) => line.replace(`:${sshd.port} `, `:${door.port} `)).join('\n');
  const overrides = {
    Port: String(door.port),
    UserKnownHostsFile: fileOf(`known-${door.port}`, `${lines}\n`),
  };
  return { door, config: configOf(sshd, overrides) };
}

/** Change sshd_config, and let sshd read it. */
async function reconfigure(server: Sshd, change: (config: string) => string): Promise<void> {
  const path = join(server.directory, 'sshd_config');
  writeFileSync(path, change(readFileSync(path, 'utf8')));
  process.kill(server.pid, 'SIGHUP');
  await until(() => (server.log().match(/^Server listening /gm)?.length ?? 0) === 2);
}

describe('doctor names the failing step and the fix for', () => {
  it('a name without an address', async () => {
    await isFixed({
      config: configOf(sshd, { HostName: 'nowhere.invalid' }),
      failure: 'dns on web1',
      fix: /^Correct HostName of web1 in the ssh configuration/,
      apply: () => configOf(sshd),
    });
  });

  it('a closed port', async () => {
    await isFixed({
      config: configOf(sshd, { Port: '1' }),
      failure: 'tcp on web1',
      fix: /Check that sshd runs there and that Port is right/,
      apply: () => configOf(sshd),
    });
  });

  it('a filtered port', async () => {
    const { door, config } = await behindDoor('silent');
    await isFixed({
      config,
      variables: { SCOUT_SSH_CONNECT_TIMEOUT: '800ms' },
      failure: 'tcp on web1',
      fix: /no firewall drops its port/,
      apply: () => door.set('open'),
    });
  });

  it('an unknown host key', async () => {
    const config = configOf(sshd, { UserKnownHostsFile: fileOf('unknown', '') });
    await isFixed({
      config,
      failure: 'host_key on web1',
      fix: /^Compare the fingerprint .*accept the key/,
      apply: () => acceptKey(config),
    });
  });

  it('a changed host key', async () => {
    const path = fileOf('changed', `[127.0.0.1]:${sshd.port} ${publicKey(sshd.keys.ed25519)}\n`);
    const config = configOf(sshd, { UserKnownHostsFile: path });
    await isFixed({
      config,
      failure: 'host_key on web1',
      fix: /Only if they are equal: `ssh-keygen -R/,
      apply: (fix) => {
        runFrom(fix, 'ssh-keygen -R');
        acceptKey(config);
      },
    });
  });

  it('no identity', async () => {
    await isFixed({
      config: configOf(sshd, { IdentityFile: join(sshd.directory, 'not-there') }),
      failure: 'auth on web1',
      fix: /^Name a private key by IdentityFile for web1/,
      apply: () => configOf(sshd, { IdentityFile: sshd.keys.ed25519 }),
    });
  });

  it('a key that others may read', async () => {
    const path = fileOf('open-key', '');
    copyFileSync(sshd.keys.ed25519, path);
    execFileSync('chmod', ['644', path]);
    await isFixed({
      config: configOf(sshd, { IdentityFile: path }),
      failure: 'auth on web1',
      fix: /^Run `chmod 600 /,
      apply: (fix) => runFrom(fix, 'chmod'),
    });
  });

  it('an agent without keys', async () => {
    const agent = await startAgent();
    cleanups.push(agent.stop);
    const overrides = { IdentityFile: 'none', IdentitiesOnly: undefined, IdentityAgent: agent.socket };
    await isFixed({
      config: configOf(sshd, overrides),
      failure: 'auth on web1',
      fix: /load one into ssh-agent with ssh-add/,
      apply: () => {
        agent.add(sshd.keys.ed25519);
      },
    });
  });

  it('too many keys in the agent', async () => {
    const [strict, agent] = await Promise.all([start({ config: ['MaxAuthTries 3'] }), startAgent()]);
    cleanups.push(agent.stop);
    const wrong = [1, 2, 3, 4].map((number) => join(strict.directory, `wrong${number}`));
    for (const path of wrong) generateKey(path, 'ed25519');
    agent.add(...wrong, strict.keys.ed25519);
    const overrides = { IdentityFile: 'none', IdentitiesOnly: undefined, IdentityAgent: agent.socket };
    await isFixed({
      config: configOf(strict, overrides),
      failure: 'auth on web1',
      fix: /Name the right key by IdentityFile for web1 .* IdentitiesOnly yes/,
      apply: () =>
        configOf(strict, {
          IdentityFile: strict.keys.ed25519,
          IdentitiesOnly: 'yes',
          IdentityAgent: agent.socket,
        }),
    });
  });

  it('a jump that is down, which it names', async () => {
    const behind = (port: string) =>
      sshd.writeConfig(sshd.configFor('jump', { Port: port }), sshd.configFor('web1', { ProxyJump: 'jump' }));
    await isFixed({
      config: behind('1'),
      failure: 'tcp on jump',
      fix: /Check that sshd runs there/,
      apply: () => behind(String(sshd.port)),
    });
  });

  it('an account without a shell, whose SFTP works', async () => {
    const user = await makeUser({ shell: 'nologin' });
    cleanups.push(user.remove);
    await isFixed({
      config: configOf(sshd, { User: user.name }),
      failure: 'shell on web1',
      fix: /a user whose login shell is a shell/,
      apply: () => {
        execFileSync('flock', ['/etc/login.defs', 'usermod', '-s', '/bin/sh', user.name]);
      },
    });
  });

  it('a server without SFTP', async () => {
    const bare = await start({ sftp: false });
    await isFixed({
      config: configOf(bare),
      failure: 'sftp on web1',
      fix: /^Add `Subsystem sftp internal-sftp` to its sshd_config/,
      apply: async (fix) => {
        const line = /`(Subsystem [^`]+)`/.exec(fix)?.[1] ?? '';
        await reconfigure(bare, (config) => `${line}\n${config}`);
      },
    });
  });

  it('start-up files that talk into SFTP', async () => {
    const [outside, user] = await Promise.all([
      start({ sftp: false, config: ['Subsystem sftp /usr/lib/openssh/sftp-server'] }),
      makeUser({ shell: 'bash', files: { '.bashrc': 'echo Welcome to this machine\n' } }),
    ]);
    cleanups.push(user.remove);
    await isFixed({
      config: configOf(outside, { User: user.name }),
      failure: 'sftp on web1',
      fix: /begin them with `case \$- in/,
      apply: (fix) => {
        const path = join(user.home, '.bashrc');
        const first = /`(case [^`]+)`/.exec(fix)?.[1] ?? '';
        writeFileSync(path, `${first}\n${readFileSync(path, 'utf8')}`);
      },
    });
  });

  it('a server with too many logins under way', async () => {
    const busy = await start();
    await reconfigure(busy, (config) => config.replace(/^MaxStartups .*$/m, 'MaxStartups 1'));
    const held = connect(busy.port, '127.0.0.1');
    held.on('error', () => {});
    await once(held, 'data');
    await isFixed({
      config: configOf(busy),
      variables: { SCOUT_SSH_CONNECT_TIMEOUT: '1s' },
      failure: 'tcp on web1',
      fix: /^Call again when fewer logins are under way; .*MaxStartups/,
      apply: async () => {
        held.destroy();
        await until(() => busy.sessions().length === 0);
      },
    });
  });

  it('an address that is penalised for failed logins', async () => {
    const { door, config } = await behindDoor({ turnedAway: 'Not allowed at this time\r\n' });
    await isFixed({
      config,
      variables: { SCOUT_SSH_CONNECT_TIMEOUT: '1s' },
      failure: 'tcp on web1',
      fix: /^Wait without trying again .*PerSourcePenaltyExemptList/,
      apply: () => door.set('open'),
    });
  });

  it('jumps in a circle', async () => {
    const behind = (jump: string) =>
      sshd.writeConfig(
        sshd.configFor('jump', { ProxyJump: jump, ServerAliveInterval: '99' }),
        sshd.configFor('web1', { ProxyJump: 'jump' }),
      );
    await isFixed({
      config: behind('web1'),
      failure: 'config on web1',
      fix: /^Correct ProxyJump/,
      apply: () => behind('none'),
    });
  });

  it('a configuration that ssh refuses', async () => {
    const config = configOf(sshd, { Compression: 'perhaps' });
    await isFixed({
      config,
      failure: 'config on web1',
      fix: /^Correct it there/,
      apply: () => configOf(sshd, { Compression: 'yes' }),
    });
  });

  it('a key exchange without a common algorithm', async () => {
    const modern = await start({ config: ['KexAlgorithms curve25519-sha256'] });
    await isFixed({
      config: configOf(modern, { KexAlgorithms: 'diffie-hellman-group14-sha256' }),
      failure: 'host_key on web1',
      fix: /which algorithms it allows/,
      apply: () => configOf(modern, { KexAlgorithms: '+diffie-hellman-group14-sha256' }),
    });
  });

  it('a ProxyCommand that fails', async () => {
    await isFixed({
      config: configOf(sshd, { ProxyCommand: 'exit 3' }),
      failure: 'tcp on web1',
      fix: /^Run the ProxyCommand of this host by hand/,
      apply: () => configOf(sshd),
    });
  });
});
