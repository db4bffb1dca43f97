import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ScoutError } from '../../../src/errors.ts';
import { diagnoseHosts } from '../../../src/operations/diagnose-host.ts';
import { generateKey } from '../../fixtures/keys.ts';
import { makeUser, type Sshd, startSshd } from '../../fixtures/sshd.ts';
import { until } from '../../fixtures/until.ts';
import { diagnosisOf, doctor, failuresOf, surroundings } from './doctor.ts';
import { startDoor } from './door.ts';

let sshd: Sshd;
let inner: Sshd;
beforeAll(async () => {
  [sshd, inner] = await Promise.all([startSshd(), startSshd()]);
});
afterAll(() => Promise.all([sshd.stop(), inner.stop()]));

const ofHost = ['dns', 'tcp', 'host_key', 'auth'];
const behindLogin = ['shell', 'sftp', 'wall', 'tools'];

describe('a host where all is well', () => {
  it('passes each step in its order, by one connection and one login', async () => {
    const before = sshd.connectionCount();
    const { healthy, steps } = await diagnosisOf(sshd.writeConfig('web1'), 'web1');
    expect(steps.map(({ name }) => name)).toEqual(['config', ...ofHost, ...behindLogin]);
    expect(steps.map(({ outcome }) => outcome)).toEqual(Array(9).fill('ok'));
    expect(healthy).toBe(true);
    expect(sshd.connectionCount() - before).toBe(1);
  });

  it('has a time for each step that was measured, which together are no more than the whole', async () => {
    const { steps, durationMs } = await diagnosisOf(sshd.writeConfig('web1'), 'web1');
    const timed = steps.filter((step) => step.durationMs !== undefined);
    expect(timed.map(({ name }) => name)).toEqual([
      'config',
      'tcp',
      'host_key',
      'auth',
      'shell',
      'sftp',
      'tools',
    ]);
    const sumMs = timed.reduce((sum, step) => sum + (step.durationMs ?? 0), 0);
    expect(sumMs).toBeGreaterThan(0);
    expect(sumMs).toBeLessThanOrEqual(durationMs);
  });

  it('says what was found: address, key, user, programs', async () => {
    const printed = execFileSync('ssh-keygen', ['-lf', join(sshd.directory, 'host_ed25519.pub')], {
      encoding: 'utf8',
    });
    const { steps } = await diagnosisOf(sshd.writeConfig('web1'), 'web1');
    const detail = Object.fromEntries(steps.map((step) => [step.name, step.detail]));
    expect(detail.config).toBe(`root@127.0.0.1 port ${sshd.port}`);
    expect(detail.host_key).toBe(`ED25519 ${printed.split(' ')[1]}`);
    expect(detail.auth).toBe('logged in as root');
    expect(detail.tools).toMatch(/^Linux .*; has cat find grep head ls sort stat tail wc/);
  });

  it('is looked up by the name service where it has a name', async () => {
    const config = sshd.writeConfig(
      sshd.configFor('web1', {
        HostName: 'localhost',
        AddressFamily: 'inet',
        HostKeyAlias: `[127.0.0.1]:${sshd.port}`,
      }),
    );
    const { steps } = await diagnosisOf(config, 'web1');
    expect(steps.find(({ name }) => name === 'dns')).toMatchObject({
      outcome: 'ok',
      detail: 'localhost is 127.0.0.1',
      durationMs: expect.any(Number),
    });
  });

  it('leaves nothing behind on the machine', async () => {
    await diagnosisOf(sshd.writeConfig('web1'), 'web1');
    await until(() => sshd.processes().length === 0, 2_000);
  });
});

describe('hosts behind a jump', () => {
  it('have the steps of the jump before their own', async () => {
    const config = sshd.writeConfig('bastion', inner.configFor('deep', { ProxyJump: 'bastion' }));
    const { healthy, steps } = await diagnosisOf(config, 'deep');
    expect(healthy).toBe(true);
    expect(steps.slice(1, 9).map(({ name, on }) => [name, on])).toEqual([
      ...ofHost.map((name) => [name, 'bastion']),
      ...ofHost.map((name) => [name, 'deep']),
    ]);
    expect(steps[5]?.detail).toBe('left to bastion');
  });

  it('share one login at it, which is not tried again where it is refused', async () => {
    const wrong = join(sshd.directory, 'wrong');
    generateKey(wrong, 'ed25519');
    const names = ['deep1', 'deep2', 'deep3'];
    const blocks = names.map((name) => inner.configFor(name, { ProxyJump: 'bastion' }));
    const open = sshd.writeConfig('bastion', ...blocks);
    const shut = sshd.writeConfig(sshd.configFor('bastion', { IdentityFile: wrong }), ...blocks);
    for (const [config, failures] of [
      [open, []],
      [shut, ['auth on bastion']],
    ] as const) {
      const before = sshd.connectionCount();
      const diagnoses = await doctor(config, names);
      expect(diagnoses.map(({ host }) => host)).toEqual(names);
      for (const diagnosis of diagnoses) expect(failuresOf(diagnosis)).toEqual(failures);
      expect(sshd.connectionCount() - before).toBe(1);
    }
  });

  it('are told apart where two names have the same settings', async () => {
    const [web1, web2] = await doctor(sshd.writeConfig('web1', 'web2'), ['web*']);
    expect(new Set(web1?.steps.map(({ on }) => on))).toEqual(new Set(['web1']));
    expect(new Set(web2?.steps.map(({ on }) => on))).toEqual(new Set(['web2']));
  });
});

describe('a host that the installed ssh connects to', () => {
  const openssh = { SCOUT_SSH_ENGINE: 'openssh' };

  it('has the same steps, and its jumps are not walked', async () => {
    const config = sshd.writeConfig('bastion', inner.configFor('deep', { ProxyJump: 'bastion' }));
    const { healthy, steps } = await diagnosisOf(config, 'deep', openssh);
    expect(healthy).toBe(true);
    expect(new Set(steps.map(({ on }) => on))).toEqual(new Set(['deep']));
    expect(steps.find(({ name }) => name === 'host_key')?.detail).toBe('checked by the installed ssh');
  });

  it.each([
    ['auth', { IdentityFile: '/dev/null' }],
    ['host_key', { UserKnownHostsFile: '/dev/null' }],
    ['tcp', { Port: '1' }],
  ])('fails at the same step: %s', async (name, overrides) => {
    const config = sshd.writeConfig(sshd.configFor('web1', overrides));
    for (const variables of [openssh, { SCOUT_SSH_ENGINE: 'ssh2' }]) {
      expect(failuresOf(await diagnosisOf(config, 'web1', variables))).toEqual([`${name} on web1`]);
    }
  });
});

describe('a step that fails', () => {
  it('leaves the steps behind it out, of the jump and of the host', async () => {
    const config = sshd.writeConfig(
      sshd.configFor('bastion', { Port: '1' }),
      inner.configFor('deep', { ProxyJump: 'bastion' }),
    );
    const { steps } = await diagnosisOf(config, 'deep');
    expect(steps.map(({ outcome }) => outcome)).toEqual(['ok', 'ok', 'failed', ...Array(10).fill('skipped')]);
  });

  it('leaves SFTP in where it is the shell, and grades nobody', async () => {
    const user = await makeUser({ shell: 'nologin' });
    try {
      const config = sshd.writeConfig(sshd.configFor('web1', { User: user.name }));
      const { steps, grade } = await diagnosisOf(config, 'web1');
      const outcomes = Object.fromEntries(steps.map(({ name, outcome }) => [name, outcome]));
      expect(outcomes).toMatchObject({ shell: 'failed', sftp: 'ok', tools: 'skipped' });
      expect(grade).toBeUndefined();
    } finally {
      await user.remove();
    }
  });

  it('is the wall where one is required and the machine offers none', async () => {
    const hide = ['perl', 'python3', 'setpriv'].map(
      (name) => `mount --bind /dev/null $(realpath /usr/bin/${name})`,
    );
    const inside = `${hide.join('; ')}; exec sh -c "$SSH_ORIGINAL_COMMAND"`;
    const sftp = 'Subsystem sftp /usr/lib/openssh/sftp-server';
    const poor = await startSshd({
      sftp: false,
      config: [sftp, `ForceCommand unshare -m sh -c '${inside}'`],
    });
    try {
      const diagnosis = await diagnosisOf(poor.writeConfig('web1'), 'web1', { SCOUT_KERNEL_WALL: 'require' });
      expect(failuresOf(diagnosis)).toEqual(['wall on web1']);
      const { steps } = await diagnosisOf(poor.writeConfig('web1'), 'web1');
      expect(steps.find(({ name }) => name === 'wall')).toMatchObject({ outcome: 'none' });
    } finally {
      await poor.stop();
    }
  });

  it('is not the wall where one is required and stands', async () => {
    const diagnosis = await diagnosisOf(sshd.writeConfig('web1'), 'web1', { SCOUT_KERNEL_WALL: 'require' });
    expect(failuresOf(diagnosis)).toEqual([]);
    expect(diagnosis.steps.find(({ name }) => name === 'wall')).toMatchObject({
      outcome: 'ok',
      detail: 'full',
    });
  });

  it('has an error that names the code, and no line break', async () => {
    const { steps } = await diagnosisOf(sshd.writeConfig(sshd.configFor('web1', { Port: '1' })), 'web1');
    const error = steps.find(({ outcome }) => outcome === 'failed')?.error;
    expect(error?.code).toBe('unreachable');
    expect(`${error?.message}${error?.fix}`).not.toContain('\n');
  });
});

describe('the grade', () => {
  it('of an ordinary user is better than that of root, and sudo is not run', async () => {
    const user = await makeUser();
    try {
      const config = sshd.writeConfig('web1', sshd.configFor('web2', { User: user.name }));
      const [root, ordinary] = await doctor(config, ['web*']);
      expect(root?.grade).toMatchObject({ letter: 'B', rootLogin: true, wall: 'full' });
      expect(ordinary?.grade).toMatchObject({ letter: 'A', rootLogin: false, dockerGroup: false });
      execFileSync('flock', ['/etc/login.defs', 'usermod', '-aG', 'sudo', user.name]);
      expect((await diagnosisOf(config, 'web2')).grade).toMatchObject({ letter: 'B', sudoGroup: 'sudo' });
    } finally {
      await user.remove();
    }
    const script = readFileSync(
      join(import.meta.dirname, '../../../src/ssh/diagnose/look-script.ts'),
      'utf8',
    );
    expect(script).not.toMatch(/\bsudo\b/);
  });
});

describe('a run', () => {
  it('without names is of every listed host, and says how far it is', async () => {
    const reports: string[] = [];
    const diagnoses = await diagnoseHosts(surroundings(sshd.writeConfig('web1', 'web2')), [], {
      signal: new AbortController().signal,
      progress: ({ done, total }) => reports.push(`${done}/${total}`),
    });
    expect(diagnoses.map(({ host }) => host)).toEqual(['web1', 'web2']);
    expect(reports).toEqual(['0/2', '1/2', '2/2']);
  });

  it('of an unknown host is refused with the nearest name', async () => {
    await expect(doctor(sshd.writeConfig('web1'), ['wbe1'])).rejects.toMatchObject({ code: 'unknown_host' });
  });

  it('ends when it is interrupted', async () => {
    const door = await startDoor(sshd.port, 'silent');
    const interrupted = new AbortController();
    const reason = new ScoutError('cancelled', 'enough', 'Nothing.');
    const run = diagnoseHosts(
      surroundings(sshd.writeConfig(sshd.configFor('web1', { Port: String(door.port) }))),
      [],
      {
        signal: interrupted.signal,
        progress: () => setTimeout(() => interrupted.abort(reason), 50),
      },
    );
    await expect(run).rejects.toBe(reason);
    await door.stop();
  });
});
