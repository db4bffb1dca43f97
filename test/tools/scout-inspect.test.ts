import { spawn, spawnSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeScout, type TestScout } from '../fixtures/scout.ts';
import { makeUser, type Sshd, startSshd, type TestUser } from '../fixtures/sshd.ts';
import { makeStandIns, type StandIns } from '../fixtures/stand-ins.ts';
import { type Result, resultOf, resultsOf } from './structured.ts';

let sshd: Sshd;
let busyBoxSshd: Sshd;
let standIns: StandIns;
let user: TestUser;
let scout: TestScout;

beforeAll(async () => {
  standIns = makeStandIns();
  const applets = spawnSync('busybox', ['--list'], { encoding: 'utf8' }).stdout;
  for (const name of [
    'cat',
    'date',
    'grep',
    'head',
    'ls',
    'nproc',
    'ps',
    'test',
    'uname',
    'who',
    'hostname',
  ]) {
    if (applets.includes(`\n${name}\n`)) symlinkSync('/bin/busybox', join(standIns.directory, name));
  }
  standIns.install('df', 'exec /bin/busybox df "$@"');
  standIns.hide('ss', 'ip', 'lsblk', 'findmnt', 'systemctl', 'docker', 'zpool', 'zfs');
  user = await makeUser();
  sshd = await startSshd();
  busyBoxSshd = await startSshd({ wrapper: standIns.wrapper });
  scout = makeScout(
    sshd.writeConfig(
      'web1',
      'web2',
      sshd.configFor('plain', { User: user.name }),
      sshd.configFor('dead', { Port: '1' }),
      busyBoxSshd.configFor('alpine', { UserKnownHostsFile: busyBoxSshd.knownHostsFile }),
    ),
  );
});

afterAll(async () => {
  await scout.close();
  await sshd.stop();
  await busyBoxSshd.stop();
  await user.remove();
  standIns.remove();
});

async function inspect(what: string, hosts = 'web1', more: object = {}) {
  return await scout.call('scout_inspect', { hosts, what, ...more });
}

describe.each(['web1', 'plain', 'alpine'])('overview of %s', (host) => {
  it('says in one round how the machine is', async () => {
    const answer = await inspect('overview', host);
    const result = resultOf('scout_inspect', answer);
    expect(result).toMatchObject({
      what: 'overview',
      uptime_s: expect.any(Number),
      booted: expect.stringMatching(/^20\d\d-\d\d-\d\dT.*Z$/),
      load_1: expect.any(Number),
      processors: expect.any(Number),
      memory_total_bytes: expect.any(Number),
      memory_used_percent: expect.any(Number),
      disks_over_80: expect.any(Number),
    });
    expect(answer.text).toMatch(/^os +Debian GNU\/Linux \d+.*, Linux \d/m);
    expect(answer.text).toMatch(/^unknown +.*failed units \(no systemd\)/m);
    expect(answer.text.length).toBeLessThan(1_500);
  });

  it('sees the port of its own sshd, and that its clock is ours', async () => {
    const result = resultOf('scout_inspect', await inspect('overview', host));
    const { port } = host === 'alpine' ? busyBoxSshd : sshd;
    const tcp = result.overview.find(({ fact }: Result) => fact === 'tcp')?.value;
    expect(tcp).toContain(`127.0.0.1:${port}`);
    expect(Math.abs(result.clock_ahead_ms)).toBeLessThanOrEqual(result.clock_within_ms + 2);
    expect(result.clock_within_ms).toBeLessThan(5_000);
  });
});

describe('overview', () => {
  it('of many hosts has a line of its own for each that fails', async () => {
    const answer = await inspect('overview', '*');
    expect(answer.structured).toMatchObject({ ok: 4, failed: 1, timed_out: 0 });
    expect(answer.text).toMatch(/^5 hosts: 4 answered, 1 failed, \d different outcomes\n/);
    expect(answer.text).toMatch(/^unreachable: dead.*\nFix: /m);
    expect(resultsOf('scout_inspect', answer)).toHaveLength(5);
  });

  it('counts more than it lists, of which there may be very many', async () => {
    const line = (text: string) => `seq 1 700 | sed 's#.*#${text}#'`;
    standIns.install('ss', line('tcp LISTEN 0 128 127.0.0.1:& 0.0.0.0:*'));
    standIns.install('ip', `case $* in *route*) ${line('10.9.0.0/16 via 10.0.0.& dev eth0')};; esac`);
    standIns.install(
      'lsblk',
      `echo '{"blockdevices":[{"name":"sda"}'; ${line(',{"name":"sd&","type":"disk"}')}; echo ']}'`,
    );
    standIns.install('df', line('/dev/sd& 1000 900 100 90% /mnt/&'));
    try {
      const of = async (what: string) => resultOf('scout_inspect', await inspect(what, 'alpine'));
      expect(await of('overview')).toMatchObject({ listening: 700, disks_over_80: 700 });
      expect(await of('storage')).toMatchObject({ total: 700, over_80_percent: 700 });
      expect((await inspect('storage', 'alpine')).text).toMatch(
        /700 file systems, 700 over 80 %, .*701 disks/,
      );
      expect((await inspect('network', 'alpine')).text).toMatch(/ 700 routes, 700 listening ports/);
    } finally {
      standIns.hide('ss', 'ip', 'lsblk');
      standIns.install('df', 'exec /bin/busybox df "$@"');
    }
  });

  it('keeps what came before a file system that hangs', async () => {
    standIns.install('df', 'sleep 60');
    const quick = makeScout(
      sshd.writeConfig(busyBoxSshd.configFor('stuck', { UserKnownHostsFile: busyBoxSshd.knownHostsFile })),
      { SCOUT_COMMAND_TIMEOUT: '2' },
    );
    const answer = await quick.call('scout_inspect', { hosts: 'stuck', what: 'overview' });
    expect(resultOf('scout_inspect', answer)).toMatchObject({
      load_1: expect.any(Number),
      error: { code: 'command_timeout' },
    });
    expect(answer.text).toMatch(/^unknown +.*disks, inodes/m);
    await quick.close();
    standIns.install('df', 'exec /bin/busybox df "$@"');
  });

  it('does without what SCOUT_DENY_PATHS denies', async () => {
    const careful = makeScout(sshd.writeConfig('web1'), {
      SCOUT_DENY_PATHS: '/etc/os-release,/proc/meminfo',
    });
    const answer = await careful.call('scout_inspect', { hosts: 'web1', what: 'overview' });
    const result = resultOf('scout_inspect', answer);
    expect(result.memory_total_bytes).toBeUndefined();
    expect(result.uptime_s).toBeGreaterThan(0);
    expect(answer.text).toMatch(/^unknown +the system, memory,/m);
    await careful.close();
  });
});

describe.each(['web1', 'alpine'])('the other facts of %s', (host) => {
  it('storage: file systems with their inodes, and no cover of the kernel wall', async () => {
    const result = resultOf('scout_inspect', await inspect('storage', host));
    const root = result.file_systems.find(({ mount }: Result) => mount === '/');
    expect(root).toMatchObject({
      type: expect.any(String),
      used_percent: expect.any(Number),
      inodes_used_percent: expect.any(Number),
    });
    // the wall mounts all read-only for its own; that of the machine is what is shown
    expect(root.options).toMatch(/^rw,/);
    expect(result.file_systems.map(({ mount }: Result) => mount)).not.toContain('/etc/ssl/private');
  });

  it('network: addresses, routes, and who listens', async () => {
    const result = resultOf('scout_inspect', await inspect('network', host));
    const addresses = result.interfaces.map((one: Result) => one.addresses).join(', ');
    expect(addresses).toMatch(/(?:^|, )127\.0\.0\.1(?:\/8)?(?:,|$)/);
    const { port } = host === 'alpine' ? busyBoxSshd : sshd;
    expect(result.ports).toContainEqual(
      expect.objectContaining({ protocol: 'tcp', port, address: '127.0.0.1' }),
    );
    expect(result.routes).toBeInstanceOf(Array);
  });

  it('processes: the top by memory, and those of a name', async () => {
    const result = resultOf('scout_inspect', await inspect('processes', host));
    expect(result.total).toBeGreaterThan(3);
    const memory = result.by_memory.map((one: Result) => one.memory_bytes);
    expect(memory).toEqual([...memory].sort((a: number, b: number) => b - a));
    expect('by_cpu' in result).toBe(host !== 'alpine');
    // not `time`, which ps calls that of the processor
    if (host !== 'alpine') expect(result.by_memory[0].elapsed).toMatch(/^[\d:-]+$/);
    const answer = await inspect('processes', host, { name: 'SSHD' });
    expect(resultOf('scout_inspect', answer).named.length).toBeGreaterThan(0);
    for (const { command } of resultOf('scout_inspect', answer).named) expect(command).toMatch(/sshd|…$/i);
    const none = await inspect('processes', host, { name: 'no such program' });
    expect(none.text).toMatch(/^not_available: \w+ runs no process with "no such program"/);
  });

  it('what is not there is said to be not there', async () => {
    for (const what of ['docker', 'compose', 'zfs', 'services']) {
      const answer = await inspect(what, host);
      expect(answer.error?.code, what).toBe('not_available');
      expect(answer.text, what).toMatch(/^not_available: .*\nFix: .+$/);
    }
  });
});

it('hosts of which the same is true are one group', async () => {
  const answer = await inspect('zfs', 'web1,web2,alpine');
  expect(answer.text).toMatch(
    /^3 hosts: 0 answered, 3 failed\n\nnot_available: web1 has no ZFS\n.*\n\(the same on web2, alpine\)$/,
  );
});

it('takes the arguments of the contract and no others', async () => {
  for (const args of [
    { what: 'nothing' },
    { what: 'overview', name: 'x' },
    { what: 'storage', name: 'x' },
    { what: 'network', name: 'x' },
    { what: 'docker', name: '' },
    { what: 'docker', container: 'x' },
  ]) {
    const answer = await scout.call('scout_inspect', { hosts: 'web1', ...args });
    expect(answer.error?.code, JSON.stringify(args)).toBe('invalid_argument');
  }
  expect((await inspect('overview', 'nosuch')).error?.code).toBe('unknown_host');
});

it('says in the audit log what it runs', async () => {
  const file = join(sshd.directory, 'audit.jsonl');
  const audited = makeScout(sshd.writeConfig('web1'), { SCOUT_AUDIT_LOG: file });
  await audited.call('scout_inspect', { hosts: 'web1', what: 'processes' });
  await audited.close();
  const text = spawnSync('cat', [file], { encoding: 'utf8' }).stdout;
  expect(text).toContain("'ps' '--no-headers' '-A'");
  expect(text).toContain('"outcome":"ok"');
});

it('a secret in a command line is not shown', async () => {
  const token = 'ghp_0123456789abcdefghijABCDEFGHIJ012345';
  const child = spawn('sh', ['-c', 'sleep 60; true', `scout-secret-${process.pid}`, token]);
  const answer = await inspect('processes', 'web1', { name: `scout-secret-${process.pid}` });
  child.kill('SIGKILL');
  expect(answer.text).toContain('[redacted:');
  expect(answer.text + JSON.stringify(answer.structured)).not.toContain('ghp_');
});
