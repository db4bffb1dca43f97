import { copyFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { ScoutError } from '../../../src/errors.ts';
import type { HostSettings } from '../../../src/ssh/hosts/settings.ts';
import { FailedLogins } from '../../../src/ssh/pool/failed-logins.ts';
import { type Sshd, startSshd } from '../../fixtures/sshd.ts';
import { startAgent } from '../auth/agent.ts';
import { query, queryText, scoutWith } from './query.ts';

let sshd: Sshd;
beforeAll(async () => {
  sshd = await startSshd({ authorizedKeys: (keys) => [keys.ed25519] });
});
afterAll(() => sshd.stop());
afterEach(() => {
  vi.useRealTimers();
});

const { signal } = new AbortController();
const failure = new ScoutError('auth_failed', 'web1 refused the login', 'Use another key.');

function settingsOf(facts: Partial<HostSettings>): HostSettings {
  const bare = { identityFiles: [], certificateFiles: [], identityAgent: undefined, fingerprint: 'f' };
  return { ...bare, ...facts } as unknown as HostSettings; // no other field is looked at
}

test('a host that refused the login is not connected again, also by concurrent calls', async () => {
  const before = sshd.connectionCount();
  const scout = scoutWith(sshd.writeConfig(sshd.configFor('web1', { IdentityFile: sshd.keys.rsa })));
  const calls = await Promise.all(Array.from({ length: 5 }, () => query(scout, 'web1', 'echo')));
  expect(calls.map(({ error }) => error?.code)).toEqual(Array(5).fill('auth_failed'));
  const again = await query(scout, 'web1', 'echo');
  expect(again.error).toMatchObject({
    code: 'auth_failed',
    message: expect.stringMatching(/web1.*not tried again for \d+/),
  });
  expect(sshd.connectionCount() - before).toBe(1);
});

test('a key file that changed is tried at once', async () => {
  const key = join(sshd.directory, 'changing');
  copyFileSync(sshd.keys.rsa, key);
  const scout = scoutWith(sshd.writeConfig(sshd.configFor('web1', { IdentityFile: key })));
  expect((await query(scout, 'web1', 'echo')).error?.code).toBe('auth_failed');
  copyFileSync(sshd.keys.ed25519, key);
  expect(await queryText(scout, 'web1', 'echo in')).toBe('in\n');
});

test('another configuration is tried at once', async () => {
  const config = sshd.writeConfig(sshd.configFor('web1', { IdentityFile: sshd.keys.rsa }));
  const scout = scoutWith(config);
  expect((await query(scout, 'web1', 'echo')).error?.code).toBe('auth_failed');
  writeFileSync(config, sshd.configFor('web1'));
  expect(await queryText(scout, 'web1', 'echo in')).toBe('in\n');
});

test('the failure of a jump keeps nobody from trying the host again once the jump lets in', async () => {
  const key = join(sshd.directory, 'jumping');
  copyFileSync(sshd.keys.rsa, key);
  const config = sshd.writeConfig(
    sshd.configFor('bastion', { IdentityFile: key }),
    sshd.configFor('inner', { ProxyJump: 'bastion' }),
  );
  const scout = scoutWith(config);
  expect((await query(scout, 'inner', 'echo')).error?.code).toBe('auth_failed');
  copyFileSync(sshd.keys.ed25519, key);
  expect(await queryText(scout, 'inner', 'echo in')).toBe('in\n');
});

test('a failure is remembered for 30 seconds', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const logins = new FailedLogins();
  const settings = settingsOf({});
  logins.remember(settings, failure, await logins.keysOf(settings, signal));
  vi.advanceTimersByTime(29_900);
  await expect(logins.check(settings, signal)).rejects.toMatchObject({
    code: 'auth_failed',
    fix: failure.fix,
  });
  await logins.check(settingsOf({ fingerprint: 'another' }), signal);
  vi.advanceTimersByTime(200);
  await logins.check(settings, signal);
});

test('only a refused login is remembered', async () => {
  const logins = new FailedLogins();
  const settings = settingsOf({});
  const keys = await logins.keysOf(settings, signal);
  logins.remember(settings, new ScoutError('unreachable', 'down', 'Wait.'), keys);
  logins.remember(settings, new Error('auth_failed'), keys);
  await logins.check(settings, signal);
});

test('a key that appears, is replaced or goes makes a new try', async () => {
  const logins = new FailedLogins();
  const file = join(sshd.directory, 'appearing');
  const settings = settingsOf({ identityFiles: [file] });
  for (const change of [
    () => writeFileSync(file, 'a'),
    () => writeFileSync(file, 'bc'),
    () => rmSync(file),
  ]) {
    logins.remember(settings, failure, await logins.keysOf(settings, signal));
    await expect(logins.check(settings, signal)).rejects.toThrow();
    change();
    await logins.check(settings, signal);
  }
});

test('a key that is loaded into the agent makes a new try', async () => {
  const agent = await startAgent();
  const overrides = { IdentityFile: undefined, IdentitiesOnly: undefined, IdentityAgent: agent.socket };
  agent.add(sshd.keys.rsa);
  const scout = scoutWith(sshd.writeConfig(sshd.configFor('web1', overrides)));
  expect((await query(scout, 'web1', 'echo')).error?.code).toBe('auth_failed');
  expect((await query(scout, 'web1', 'echo')).error?.message).toContain('not tried again');
  agent.add(sshd.keys.ed25519);
  expect(await queryText(scout, 'web1', 'echo in')).toBe('in\n');
  await agent.stop();
});
