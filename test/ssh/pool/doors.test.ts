import { readdirSync, readlinkSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commandLine, descendants } from '../../fixtures/processes.ts';
import { makeUser, type Sshd, startSshd, type TestUser } from '../../fixtures/sshd.ts';
import { until } from '../../fixtures/until.ts';
import { query, queryText, scoutWith } from './query.ts';

let user: TestUser;
let full: Sshd;
let sftpOnly: Sshd;
let shellOnly: Sshd;
beforeAll(async () => {
  user = await makeUser({ files: { 'notes.txt': 'one\ntwo\n' } });
  [full, sftpOnly, shellOnly] = await Promise.all([
    startSshd({ user: user.name }),
    startSshd({ user: user.name, config: ['ForceCommand internal-sftp', 'MaxSessions 1'] }),
    startSshd({ user: user.name, sftp: false }),
  ]);
});
afterAll(() => Promise.all([full, sftpOnly, shellOnly].map((sshd) => sshd.stop())).then(() => user.remove()));

const read = { targets: ['web1:notes.txt'] };

test('an account with only SFTP is read, and its missing shell explained', async () => {
  const scout = scoutWith(sftpOnly.writeConfig('web1'));
  for (let round = 0; round < 3; round += 1)
    expect((await scout.call('scout_read', read)).text).toContain('two');
  expect((await query(scout, 'web1', 'echo')).error?.code).toBe('no_shell');
  expect((await scout.call('scout_read', read)).text).toContain('two');
});

test('an account with only a shell is read again and again', async () => {
  const scout = scoutWith(shellOnly.writeConfig('web1'));
  for (let round = 0; round < 3; round += 1)
    expect((await scout.call('scout_read', read)).text).toContain('two');
  expect(await queryText(scout, 'web1', 'echo here')).toBe('here\n');
});

test('an account with neither is told what it lacks', async () => {
  const nothing = await startSshd({ user: user.name, sftp: false, config: ['ForceCommand /bin/false'] });
  const scout = scoutWith(nothing.writeConfig('web1'));
  const answer = await scout.call('scout_read', read);
  expect(answer.isError).toBe(true);
  expect(answer.text).toMatch(/no_shell: .*web1.* neither a shell nor SFTP \(.+; .+\)/);
  await nothing.stop();
});

test('near by, SFTP is opened after the first read and used by the next', async () => {
  const config = full.writeConfig('web1');
  const isOpened = () => full.log().includes("subsystem 'sftp'") || full.log().includes('sftp-server');
  // on a busy machine a connection may look far away; then the next one is near
  await until(async () => {
    const scout = scoutWith(config);
    expect((await scout.call('scout_read', read)).text).toContain('two');
    expect((await scout.call('scout_read', read)).text).toContain('two');
    return isOpened();
  }, 15_000);
});

test('what was opened by SFTP is closed again', async () => {
  const scout = scoutWith(sftpOnly.writeConfig('web1'));
  await scout.call('scout_read', read);
  const server = descendants(sftpOnly.pid).find(({ pid }) => commandLine(pid).includes('internal-sftp'));
  const opened = () =>
    readdirSync(`/proc/${server?.pid}/fd`).filter((fd) =>
      readlinkSync(`/proc/${server?.pid}/fd/${fd}`).startsWith(user.home),
    );
  for (let round = 0; round < 3; round += 1) {
    expect((await scout.call('scout_read', read)).isError).toBe(false);
    expect((await scout.call('scout_read', { targets: ['web1:~'] })).isError).toBe(false);
    const search = await scout.call('scout_find', { targets: ['web1:~'], pattern: 'one' });
    expect(search.text).toContain('notes.txt');
  }
  await until(() => opened().length === 0);
});
