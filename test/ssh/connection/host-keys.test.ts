import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Sshd, startSshd } from '../../fixtures/sshd.ts';
import { until } from '../../fixtures/until.ts';
import { query, queryText, scoutWith } from '../pool/query.ts';

let sshd: Sshd;
let other: Sshd;
beforeAll(async () => {
  [sshd, other] = await Promise.all([startSshd({ config: ['LogLevel DEBUG1'] }), startSshd()]);
});
afterAll(() => Promise.all([sshd.stop(), other.stop()]));

function knownHosts(name: string, ...lines: string[]): string {
  const path = join(sshd.directory, name);
  writeFileSync(path, lines.map((line) => `${line}\n`).join(''));
  return path;
}

/** What sshd logs from now on, when the connection is closed. */
async function logOf(work: () => Promise<unknown>): Promise<string> {
  const before = sshd.log().length;
  await work();
  await until(() => sshd.sessions().length === 0);
  return sshd.log().slice(before);
}

const afterKeyExchange = /SSH2_MSG_NEWKEYS received|SSH2_MSG_SERVICE_REQUEST|userauth-request|Accepted key/;

test('the log of sshd shows what a client sends once the key is accepted', async () => {
  const log = await logOf(async () => {
    const scout = scoutWith(sshd.writeConfig('web1'));
    expect(await queryText(scout, 'web1', 'echo in')).toBe('in\n');
    await scout.close();
  });
  expect(log).toMatch(afterKeyExchange);
});

test('an unknown host key is refused with its fingerprint and the fix, and nothing is sent', async () => {
  const config = sshd.configFor('web1', { UserKnownHostsFile: knownHosts('empty') });
  const scout = scoutWith(sshd.writeConfig(config));
  const log = await logOf(async () => {
    const { error } = await query(scout, 'web1', 'echo');
    expect(error).toMatchObject({
      code: 'host_key_unknown',
      message: expect.stringMatching(/web1.*SHA256:[\w+/]{43}/),
      fix: expect.stringContaining('ssh web1'),
    });
  });
  expect(log).not.toMatch(afterKeyExchange);
  expect(log).toMatch(/Connection from/);
});

test('a changed host key is refused with its fingerprint and the fix, and nothing is sent', async () => {
  const [line = ''] = other.hostKeyLines;
  const file = knownHosts('changed', line.replace(/^\S+/, `[127.0.0.1]:${sshd.port}`));
  const scout = scoutWith(sshd.writeConfig(sshd.configFor('web1', { UserKnownHostsFile: file })));
  const log = await logOf(async () => {
    const { error } = await query(scout, 'web1', 'echo');
    expect(error).toMatchObject({
      code: 'host_key_changed',
      message: expect.stringMatching(/web1.*SHA256:[\w+/]{43}/),
      fix: expect.stringContaining('ssh-keygen -R'),
    });
  });
  expect(log).not.toMatch(afterKeyExchange);
});

test('a refused key is asked for once a call, also by concurrent calls, and accepted as soon as it is known', async () => {
  const file = knownHosts('later');
  const scout = scoutWith(sshd.writeConfig(sshd.configFor('web1', { UserKnownHostsFile: file })));
  const before = sshd.connectionCount();
  const calls = await Promise.all(Array.from({ length: 10 }, () => query(scout, 'web1', 'echo')));
  expect(calls.map(({ error }) => error?.code)).toEqual(Array(10).fill('host_key_unknown'));
  expect(sshd.connectionCount() - before).toBe(1);
  writeFileSync(file, `${sshd.hostKeyLines.join('\n')}\n`);
  expect(await queryText(scout, 'web1', 'echo known')).toBe('known\n');
  expect(sshd.connectionCount() - before).toBe(2);
});

test('a host behind a jump is checked like any other', async () => {
  const config = sshd.writeConfig(
    other.configFor('bastion'),
    sshd.configFor('inner', { ProxyJump: 'bastion', UserKnownHostsFile: knownHosts('none') }),
  );
  const { error } = await query(scoutWith(config), 'inner', 'echo');
  expect(error).toMatchObject({ code: 'host_key_unknown', message: expect.stringContaining('inner') });
});
