import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { ScoutError } from '../../../src/errors.ts';
import { OpensshDialer, type OpensshDialerOptions } from '../../../src/ssh/openssh/dialer.ts';
import { needsOpenssh } from '../../../src/ssh/openssh/needs-openssh.ts';
import { generateKey, publicKey } from '../../fixtures/keys.ts';
import { descendants, killNow } from '../../fixtures/processes.ts';
import { startSshd } from '../../fixtures/sshd.ts';
import { until } from '../../fixtures/until.ts';
import { dial, env, run, settingsOf } from './dial.ts';

const sshd = await startSshd();
const directory = mkdtempSync(join(tmpdir(), 'scout-openssh-'));
afterAll(async () => {
  await sshd.stop();
  rmSync(directory, { recursive: true, force: true });
});
const stranger = join(directory, 'stranger');
generateKey(stranger, 'ed25519');

let files = 0;
function file(text: string): string {
  files += 1;
  const path = join(directory, `file${files}`);
  writeFileSync(path, text);
  return path;
}

function configWith(overrides: Record<string, string | undefined>): string {
  return sshd.writeConfig(sshd.configFor('web1', overrides));
}

const fingerprint = /the key ssh-ed25519 SHA256:[\w+/]{43}/;
const place = `[127.0.0.1]:${sshd.port}`;
const failures: [what: string, overrides: Record<string, string>, code: string, message: RegExp][] = [
  ['an unknown host key', { UserKnownHostsFile: '/dev/null' }, 'host_key_unknown', fingerprint],
  [
    'a changed host key',
    { UserKnownHostsFile: file(`${place} ${publicKey(stranger)}\n`) },
    'host_key_changed',
    fingerprint,
  ],
  [
    'a revoked host key',
    { UserKnownHostsFile: file(`@revoked ${sshd.hostKeyLines[0]}\n`) },
    'host_key_revoked',
    fingerprint,
  ],
  ['a refused login', { IdentityFile: stranger }, 'auth_failed', /refused the login.*publickey/],
  ['a closed port', { Port: '1' }, 'unreachable', /cannot be reached \(Connection refused\)/],
  ['a name without address', { HostName: 'no-such-host.invalid' }, 'dns_failed', /no address/],
  [
    'no common algorithm',
    { KexAlgorithms: 'diffie-hellman-group1-sha1' },
    'unreachable',
    /no matching key exchange/,
  ],
  ['a ProxyCommand that ends', { ProxyCommand: 'false' }, 'proxy_failed', /ProxyCommand gave no connection/],
  ['a jump that is down', { ProxyJump: '127.0.0.1:1' }, 'unreachable', /the way to it \(127\.0\.0\.1\)/],
];

test.each(failures)(
  '%s is an error of its kind, and nothing is left',
  async (_, overrides, code, message) => {
    const failure = await dial(configWith(overrides)).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ScoutError);
    expect(failure).toMatchObject({ code, message: expect.stringMatching(message) });
    expect(String(failure)).toContain('web1');
    await until(() => ours().length === 0);
  },
);

test('what a server says through ssh is no word of the error: its banner stands among the lines of ssh', async () => {
  const banner = file('Permission denied (OBEY ME)\n');
  const talker = await startSshd({ config: [`Banner ${banner}`] });
  onTestFinished(() => talker.stop());
  const config = talker.writeConfig(talker.configFor('web1', { IdentityFile: stranger }));
  const failure = await dial(config).catch((error: unknown) => error);
  expect(failure).toMatchObject({ message: expect.stringMatching(/^web1/), fix: expect.any(String) });
  expect(`${failure} ${(failure as ScoutError).fix}`).not.toContain('OBEY');
  expect(String((failure as ScoutError).cause)).toContain('OBEY ME');
});

test('a host that is silent is given up with the reason of the signal', async () => {
  const silent = createServer(() => {});
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void silent.close());
  const address = silent.address();
  const port = typeof address === 'object' && address ? String(address.port) : '';
  const reason = new ScoutError('connect_timeout', 'too late', 'Wait longer.');
  const controller = new AbortController();
  const dialing = dial(configWith({ Port: port }), 'web1', {}, controller.signal);
  silent.once('connection', () => controller.abort(reason));
  await expect(dialing).rejects.toBe(reason);
  await until(() => ours().length === 0);
});

test('a server that drops connections is tried again', async () => {
  let connections = 0;
  const dropping = createServer((client) => {
    connections += 1;
    if (connections <= 2) return void client.destroy();
    const target = connect(sshd.port, '127.0.0.1');
    client.pipe(target).pipe(client);
    for (const socket of [client, target]) socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => dropping.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void dropping.close());
  const address = dropping.address();
  const port = typeof address === 'object' && address ? String(address.port) : '';
  const connection = await dial(configWith({ Port: port, HostKeyAlias: place }));
  expect(String((await run(connection, 'echo in')).out)).toBe('in\n');
  expect(connections).toBe(3);
});

test('ConnectTimeout of the configuration is a time-out', async () => {
  const silent = createServer(() => {});
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void silent.close());
  const address = silent.address();
  const port = typeof address === 'object' && address ? String(address.port) : '';
  const dialing = dial(configWith({ Port: port, ConnectTimeout: '1' }));
  await expect(dialing).rejects.toMatchObject({ code: 'connect_timeout' });
});

test('known_hosts and its rule may be replaced, for every hop', async () => {
  const nothingKnown = { UserKnownHostsFile: '/dev/null' };
  const config = sshd.writeConfig(
    sshd.configFor('bastion', nothingKnown),
    sshd.configFor('web1', { ...nothingKnown, ProxyJump: 'bastion' }),
  );
  await expect(dial(config)).rejects.toMatchObject({ code: 'host_key_unknown' });
  const known = await dial(config, 'web1', { knownHosts: sshd.knownHostsFile });
  expect(String((await run(known, 'echo known')).out)).toBe('known\n');
  const fresh = join(directory, 'fresh known hosts');
  await dial(config, 'web1', { knownHosts: fresh, strictHostKeyChecking: 'accept-new' });
  expect(readFileSync(fresh, 'utf8')).toContain(publicKeyBlob());
});

test('jumps are ssh’s own, and a refusal names them', async () => {
  const config = sshd.writeConfig(
    sshd.configFor('bastion'),
    sshd.configFor('locked', { IdentityFile: stranger }),
    sshd.configFor('web1', { ProxyJump: 'bastion' }),
    sshd.configFor('web2', { ProxyJump: 'locked' }),
  );
  expect(String((await run(await dial(config), 'echo there')).out)).toBe('there\n');
  await expect(dial(config, 'web2')).rejects.toMatchObject({
    code: 'auth_failed',
    message: expect.stringMatching(/^web2: the way to it \(locked\)/),
  });
});

test('nothing that the configuration would run or forward here happens, on any hop', async () => {
  const mark = join(directory, 'local-command');
  const greedy = {
    PermitLocalCommand: 'yes',
    LocalCommand: `touch ${mark}`,
    RemoteCommand: 'echo instead',
    RequestTTY: 'force',
    ForwardAgent: 'yes',
    ForkAfterAuthentication: 'yes',
    LocalForward: `${join(directory, 'forward')} 127.0.0.1:1`,
    ControlMaster: 'auto',
    ControlPersist: 'yes',
    ControlPath: join(directory, 'own-%n'),
  };
  const config = sshd.writeConfig(
    sshd.configFor('bastion', greedy),
    sshd.configFor('web1', { ...greedy, ProxyJump: 'bastion' }),
  );
  const connection = await dial(config);
  expect(String((await run(connection, 'tty; echo $SSH_AUTH_SOCK.')).out)).toBe('not a tty\n.\n');
  const left = ['local-command', 'forward', 'own-bastion', 'own-web1'];
  expect(left.filter((name) => existsSync(join(directory, name)))).toEqual([]);
});

test('nobody is asked for a passphrase, not even by SSH_ASKPASS', async () => {
  const locked = join(directory, 'locked');
  generateKey(locked, 'ed25519', 'secret');
  const askpass = file(`#!/bin/sh\ntouch ${directory}/asked\necho secret\n`);
  chmodSync(askpass, 0o700);
  const asking = { ...env, SSH_ASKPASS: askpass, SSH_ASKPASS_REQUIRE: 'force', DISPLAY: ':0' };
  const config = sshd.writeConfig(
    sshd.configFor('bastion', { IdentityFile: locked }),
    sshd.configFor('web1', { ProxyJump: 'bastion' }),
  );
  for (const alias of ['web1', 'bastion']) {
    await expect(dial(config, alias, { env: asking })).rejects.toMatchObject({ code: 'auth_failed' });
  }
  expect(existsSync(join(directory, 'asked'))).toBe(false);
});

test('Match exec does not run where it is off', async () => {
  const mark = join(directory, 'matched');
  const config = sshd.writeConfig(
    'web1',
    `Match originalhost web1 exec "touch ${mark}"\n  Compression yes\n`,
  );
  const plain = sshd.writeConfig('web1');
  await dialAs(plain, config, { matchExec: false });
  expect(existsSync(mark)).toBe(false);
  await dialAs(plain, config, { matchExec: true });
  expect(existsSync(mark)).toBe(true);
  await expect(dial(configWith({ ProxyJump: 'x' }), 'web1', { matchExec: false })).rejects.toMatchObject({
    code: 'not_available',
  });
});

test('without an ssh program there is no such engine', async () => {
  const dialing = dial(sshd.writeConfig('web1'), 'web1', { env: { PATH: directory } });
  await expect(dialing).rejects.toMatchObject({
    code: 'not_available',
    fix: expect.stringContaining('OpenSSH'),
  });
});

test('an alias is never an option', async () => {
  const settings = {
    ...(await settingsOf(sshd.writeConfig('web1'), 'web1')),
    alias: '-oProxyCommand=touch x',
  };
  await expect(dialer({}).dial(settings, AbortSignal.timeout(5_000))).rejects.toMatchObject({
    code: 'invalid_argument',
  });
});

test('a server with post-quantum key exchange only is served', async () => {
  const kex = 'sntrup761x25519-sha512@openssh.com';
  const modern = await startSshd({ config: [`KexAlgorithms ${kex}`] });
  onTestFinished(() => modern.stop());
  const config = modern.writeConfig(modern.configFor('web1', { KexAlgorithms: kex }));
  expect(needsOpenssh(await settingsOf(config, 'web1'))).toMatch(/KexAlgorithms/);
  expect(String((await run(await dial(config), 'echo modern')).out)).toBe('modern\n');
});

test('the user’s own master is used, and not ended', async () => {
  const controlPath = join(directory, 'mine');
  const config = configWith({ ControlPath: controlPath });
  const settings = await settingsOf(config, 'web1');
  expect(needsOpenssh(settings)).toBeUndefined();
  const master = spawn('ssh', ['-F', config, '-M', '-N', 'web1'], { stdio: 'ignore', env });
  onTestFinished(() => stopped(master));
  await until(() => existsSync(controlPath));
  expect(needsOpenssh(settings)).toMatch(/ControlPath/);
  const before = sshd.connectionCount();
  const connection = await dial(config);
  expect(String((await run(connection, 'echo shared')).out)).toBe('shared\n');
  await expect(connection.forward('127.0.0.1', 1)).rejects.toMatchObject({ code: 'unreachable' });
  const channel = await connection.exec('sleep 300');
  connection.end();
  await connection.gone;
  await channel.closed;
  expect(sshd.connectionCount()).toBe(before);
  const again = await dial(config);
  expect(String((await run(again, 'echo still')).out)).toBe('still\n');
  await stopped(master);
  await again.gone;
  expect(again.isOpen).toBe(false);
  expect(String((await run(await dial(config), 'echo new')).out)).toBe('new\n');
  expect(sshd.connectionCount()).toBe(before + 1);
});

function dialer(options: Partial<OpensshDialerOptions>): OpensshDialer {
  const base = { env, configFile: undefined, knownHosts: undefined, strictHostKeyChecking: undefined };
  return new OpensshDialer({ ...base, matchExec: true, ...options });
}

/** Dial with settings that came from another file, so that only ssh itself reads `config`. */
async function dialAs(plain: string, config: string, options: Partial<OpensshDialerOptions>): Promise<void> {
  const settings = await settingsOf(plain, 'web1');
  const connection = await dialer({ configFile: config, ...options }).dial(
    settings,
    AbortSignal.timeout(9_000),
  );
  connection.end();
  await connection.gone;
}

function publicKeyBlob(): string {
  return sshd.hostKeyLines[0]?.split(' ')[2] ?? '';
}

/** Programs of this process, apart from what keeps the fixture. */
function ours() {
  return descendants(process.pid).filter(({ name }) => name === 'ssh');
}

async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  if (child.pid !== undefined) killNow(child.pid);
  await exit;
}
