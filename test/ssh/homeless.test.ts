import { chmodSync, rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { makeScout, type TestScout } from '../fixtures/scout.ts';
import { makeUser, type Sshd, startSshd, type TestUser } from '../fixtures/sshd.ts';
import { until } from '../fixtures/until.ts';
import { diagnosisOf, failuresOf } from './diagnose/doctor.ts';

let sshd: Sshd;
let sftpOnly: Sshd;
const users: TestUser[] = [];

beforeAll(async () => {
  [sshd, sftpOnly] = await Promise.all([startSshd(), startSshd({ config: ['ForceCommand internal-sftp'] })]);
});
afterAll(() => Promise.all([sshd, sftpOnly].map((server) => server.stop())));
afterAll(() => Promise.all(users.map((user) => user.remove())));

async function homeless(
  spoil: (home: string) => void,
  shell: 'bash' | 'rbash' | 'tcsh' = 'bash',
): Promise<TestUser> {
  const user = await makeUser({ shell });
  users.push(user);
  spoil(user.home);
  return user;
}

const configFor = (server: Sshd, user: TestUser) =>
  server.writeConfig(server.configFor('web1', { User: user.name }));

function scoutFor(server: Sshd, user: TestUser, settings: Readonly<Record<string, string>> = {}): TestScout {
  const scout = makeScout(configFor(server, user), { SCOUT_RATE_LIMIT_PER_MINUTE: '0', ...settings });
  onTestFinished(() => scout.close());
  return scout;
}

const remove = (home: string) => rmSync(home, { recursive: true });
const close = (home: string) => chmodSync(home, 0);

const query = (scout: TestScout, command: string, more = {}) =>
  scout.call('scout_query', { hosts: 'web1', command, ...more });
const read = (scout: TestScout, path: string) => scout.call('scout_read', { targets: [`web1:${path}`] });

describe.each([
  ['is missing', remove, 'path_not_found'],
  ['cannot be entered', close, 'permission_denied'],
] as const)('an account whose home %s', (_, spoil, code) => {
  let user: TestUser;
  beforeAll(async () => {
    user = await homeless(spoil);
  });

  test.each([
    ['behind the wall', 'realpath .', {}],
    ['without it', 'realpath .', { SCOUT_KERNEL_WALL: 'off' }],
    ['behind the wall for any command', 'pwd -P', { SCOUT_QUERY_POLICY: 'walled' }],
    ['by the installed ssh', 'realpath .', { SCOUT_SSH_ENGINE: 'openssh' }],
  ])('has its tools %s, in /', async (_, command, settings) => {
    const scout = scoutFor(sshd, user, settings);
    const { structured } = await query(scout, command);
    expect(structured.results).toMatchObject([{ exit_code: 0, stdout: '/\n' }]);
    expect(structured.results).not.toMatchObject([{ stderr: expect.anything() }]);
    expect((await read(scout, '/etc/hostname')).isError).toBe(false);
    for (const [tool, args] of [
      ['scout_find', { targets: ['web1:/etc'], name: 'host*', depth: 1 }],
      ['scout_inspect', { hosts: 'web1', what: 'overview' }],
      ['scout_logs', { hosts: 'web1', source: 'file:/etc/passwd' }],
    ] as const) {
      const { isError, text } = await scout.call(tool, args);
      expect(isError, text).toBe(false);
    }
  });

  test.each(['rbash', 'tcsh'] as const)('has them where its login shell is %s', async (shell) => {
    const scout = scoutFor(sshd, await homeless(spoil, shell));
    expect((await query(scout, 'realpath .')).structured.results).toMatchObject([{ stdout: '/\n' }]);
    expect((await read(scout, '/etc/hostname')).isError).toBe(false);
  });

  test('has nothing to mend for doctor', async () => {
    expect(failuresOf(await diagnosisOf(configFor(sshd, user), 'web1'))).toEqual([]);
  });

  test('has them by SFTP alone', async () => {
    const scout = scoutFor(sftpOnly, user);
    expect((await read(scout, '/etc/hostname')).isError).toBe(false);
    expect((await scout.call('scout_find', { targets: ['web1:/etc'], depth: 1 })).isError).toBe(false);
  });

  test('hears so of a place in it that it asks for, by every door', async () => {
    const scout = scoutFor(sshd, user);
    for (const cwd of ['~', '~/etc', 'etc']) expect((await query(scout, 'ls', { cwd })).text).toContain(code);
    const isOpened = () => sshd.log().includes(`subsystem 'sftp' for ${user.name}`);
    await until(async () => !(await read(scout, '/etc/hostname')).isError && isOpened());
    for (let round = 0; round < 20; round += 1) {
      for (const path of ['', '~/etc/hostname', 'etc/hostname'])
        expect((await read(scout, path)).text).toContain(code);
    }
    for (const [tool, args] of [
      ['scout_find', { targets: ['web1:~/etc'] }],
      ['scout_logs', { hosts: 'web1', source: 'file:~/etc/passwd' }],
      ['scout_logs', { hosts: 'web1', source: 'file:etc/passwd' }],
    ] as const)
      expect((await scout.call(tool, args)).text).toContain(code);
  });

  test.each(['cat etc/shadow', 'grep -r x', 'cat proc/kmsg', 'head -c 1 dev/zero'])(
    'opens in / what it may open there, and no more: %s',
    async (command) => {
      expect((await query(scoutFor(sshd, user), command)).text).toContain('path_denied');
    },
  );
});
