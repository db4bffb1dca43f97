import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generateKey, type KeyType } from '../../fixtures/keys.ts';
import { type Sshd, startSshd } from '../../fixtures/sshd.ts';
import { startAgent } from './agent.ts';
import { loginTo } from './login-to.ts';

let sshd: Sshd;
let directory: string;
const users = {} as Record<KeyType, string>; // filled below

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'scout-certs-'));
  const ca = join(directory, 'ca');
  generateKey(ca, 'ed25519');
  for (const type of ['ed25519', 'ecdsa', 'rsa'] as const) {
    users[type] = join(directory, `user_${type}`);
    generateKey(users[type], type);
    execFileSync('ssh-keygen', ['-q', '-s', ca, '-I', 'test', '-n', 'root', `${users[type]}.pub`]);
  }
  sshd = await startSshd({ config: [`TrustedUserCAKeys ${ca}.pub`], authorizedKeys: () => [] });
});

afterAll(async () => {
  await sshd?.stop();
  rmSync(directory, { recursive: true, force: true });
});

describe('a user certificate', () => {
  it.each(['ed25519', 'ecdsa', 'rsa'] as const)('beside a key file logs in (%s)', async (type) => {
    const { ok, report } = await loginTo(sshd, { identityFiles: [users[type]] });
    expect(ok).toBe(true);
    expect(report).toMatchObject([
      { label: users[type], outcome: 'refused by the server' },
      { label: `${users[type]}-cert.pub`, type: `${type.toUpperCase()}-CERT`, outcome: 'accepted' },
    ]);
  });

  it.each(['ed25519', 'ecdsa', 'rsa'] as const)('named by CertificateFile comes first (%s)', async (type) => {
    const certificate = join(directory, `elsewhere-${type}.pub`);
    copyFileSync(`${users[type]}-cert.pub`, certificate);
    const { ok, report } = await loginTo(sshd, {
      identityFiles: [users[type]],
      certificateFiles: [certificate],
    });
    expect(ok).toBe(true);
    expect(report.map(({ outcome }) => outcome)).toEqual(['accepted', 'not tried']);
  });

  it.each(['ed25519', 'ecdsa', 'rsa'] as const)('in the agent logs in (%s)', async (type) => {
    const agent = await startAgent();
    try {
      agent.add(users[type]); // ssh-add loads the certificate beside it
      const { ok, report } = await loginTo(sshd, { identityAgent: agent.socket });
      expect(ok).toBe(true);
      expect(report.map(({ outcome }) => outcome)).toEqual(['refused by the server', 'accepted']);
    } finally {
      await agent.stop();
    }
  });

  it('named by CertificateFile is signed for by the agent that holds the key', async () => {
    const agent = await startAgent();
    const bare = join(directory, 'bare');
    copyFileSync(users.ed25519, bare);
    try {
      agent.add(bare);
      const certificateFiles = [`${users.ed25519}-cert.pub`];
      expect((await loginTo(sshd, { identityAgent: agent.socket, certificateFiles })).ok).toBe(true);
      const { report } = await loginTo(sshd, { certificateFiles });
      expect(report[0]?.outcome).toBe(
        'skipped: has no private key among the identity files and the agent’s keys',
      );
    } finally {
      await agent.stop();
    }
  });
});
