import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { HostSettings } from '../../../src/ssh/hosts/settings.ts';
import { wireString } from '../../../src/ssh/known-hosts/wire.ts';
import { isWorthSecondTry } from '../../../src/ssh/openssh/second-try.ts';
import { type Sshd, startSshd } from '../../fixtures/sshd.ts';
import { startHardwareKeyAgent } from '../auth/fake-agent.ts';
import { loginTo } from '../auth/login-to.ts';
import { aHost } from '../known-hosts/a-host.ts';

let sshd: Sshd;
let hardwareKey: string;

beforeAll(async () => {
  sshd = await startSshd({ authorizedKeys: () => [] });
  const hardware = await startHardwareKeyAgent();
  hardware.stop();
  hardwareKey = join(sshd.directory, 'id_sk');
  writeFileSync(`${hardwareKey}.pub`, `${hardware.publicKey}\n`);
});
afterAll(() => sshd.stop());

/** What is decided about the error that the built-in engine gives for a login with these settings. */
async function worthAfterLogin(changes: Partial<HostSettings>): Promise<boolean> {
  const { failure } = await loginTo(sshd, changes);
  expect(failure?.code).toBe('auth_failed');
  return isWorthSecondTry(failure, aHost(changes), {});
}

test('a login that the server refused is not tried again', async () => {
  expect(await worthAfterLogin({ identityFiles: [sshd.keys.ed25519] })).toBe(false);
});

test('a login that passed over the file of a hardware key is', async () => {
  expect(await worthAfterLogin({ identityFiles: [hardwareKey, sshd.keys.ed25519] })).toBe(true);
});

test('a login that passed over a DSA key is where PubkeyAcceptedAlgorithms allows such keys', async () => {
  const path = join(sshd.directory, 'id_dsa');
  const { privateKey } = generateKeyPairSync('dsa', { modulusLength: 1024, divisorLength: 160 });
  writeFileSync(path, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  const half = Buffer.concat(['ssh-dss', 'p', 'q', 'g', 'y'].map(wireString));
  writeFileSync(`${path}.pub`, `ssh-dss ${half.toString('base64')}\n`);
  const allowed = { identityFiles: [path], pubkeyAcceptedAlgorithms: ['ssh-ed25519', 'ssh-dss'] };
  expect(await worthAfterLogin(allowed)).toBe(true);
  expect(await worthAfterLogin({ identityFiles: [path] })).toBe(false);
});

test('a login is not for a hardware key of a type that PubkeyAcceptedAlgorithms leaves out', async () => {
  const others = { identityFiles: [hardwareKey], pubkeyAcceptedAlgorithms: ['ssh-ed25519'] };
  expect(await worthAfterLogin(others)).toBe(false);
});

const hostBased = { all: new Map([['hostbasedauthentication', ['true']]]) };

test('a login that the server refused is where the key of this machine would be tried', async () => {
  expect(await worthAfterLogin({ ...hostBased, identityFiles: [sshd.keys.ed25519] })).toBe(true);
});

test('a login that the server refused is not where PreferredAuthentications leaves that key out', async () => {
  expect(await worthAfterLogin({ ...hostBased, preferredAuthentications: ['publickey'] })).toBe(false);
});
