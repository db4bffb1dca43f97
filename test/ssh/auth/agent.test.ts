import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ScoutError } from '../../../src/errors.ts';
import { generateKey, publicKey } from '../../fixtures/keys.ts';
import { type Sshd, startSshd } from '../../fixtures/sshd.ts';
import { type Agent, startAgent } from './agent.ts';
import { keyList, startFakeAgent, startHardwareKeyAgent } from './fake-agent.ts';
import { loginTo } from './login-to.ts';

let sshd: Sshd;
let agent: Agent;
let directory: string;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'scout-agent-test-'));
  sshd = await startSshd();
  agent = await startAgent();
});

beforeEach(() => {
  agent.sshAdd('-q', '-D');
});

afterAll(async () => {
  await agent?.stop();
  await sshd?.stop();
  rmSync(directory, { recursive: true, force: true });
});

describe('ssh-agent', () => {
  it.each(['ed25519', 'ecdsa', 'rsa'] as const)('signs with %s', async (type) => {
    agent.add(sshd.keys[type]);
    const { ok, report } = await loginTo(sshd, { identityAgent: agent.socket });
    expect(ok).toBe(true);
    expect(report).toMatchObject([{ source: 'agent', label: 'scout-test', outcome: 'accepted' }]);
  });

  it('is asked about its other keys before it signs with one', async () => {
    agent.add(newKey('other-1'), newKey('other-2'), sshd.keys.ed25519);
    const before = sshd.log().length;
    expect((await loginTo(sshd, { identityAgent: agent.socket })).ok).toBe(true);
    expect(
      sshd
        .log()
        .slice(before)
        .match(/Postponed publickey|Failed publickey|Accepted publickey/g),
    ).toEqual(['Failed publickey', 'Failed publickey', 'Postponed publickey', 'Accepted publickey']);
  });

  it('gives nothing but the keys of IdentityFile where IdentitiesOnly says so, also by their .pub alone', async () => {
    agent.add(newKey('other-3'), sshd.keys.ed25519);
    const { ok, report } = await loginTo(sshd, {
      identityAgent: agent.socket,
      identitiesOnly: true,
      identityFiles: [`${sshd.keys.ed25519}.pub`],
    });
    expect(ok).toBe(true);
    expect(report.map(({ source, outcome }) => [source, outcome])).toEqual([['agent', 'accepted']]);
  });

  it('serves an encrypted key file that it holds', async () => {
    const locked = newKey('locked', 'secret');
    const own = await startSshd({ authorizedKeys: () => [publicKey(locked)] });
    try {
      const askpass = join(directory, 'askpass');
      writeFileSync(askpass, '#!/bin/sh\necho secret\n', { mode: 0o755 });
      agent.sshAdd({ SSH_ASKPASS: askpass, SSH_ASKPASS_REQUIRE: 'force' }, '-q', locked);
      const { ok, report } = await loginTo(own, { identityAgent: agent.socket, identityFiles: [locked] });
      expect(ok).toBe(true);
      expect(report).toMatchObject([{ source: 'agent', label: locked, outcome: 'accepted' }]);
    } finally {
      await own.stop();
    }
  });

  it('signs with a hardware key, and only once the server said that it takes the key', async () => {
    const hardware = await startHardwareKeyAgent();
    const own = await startSshd({ authorizedKeys: () => [hardware.publicKey] });
    try {
      expect((await loginTo(own, { identityAgent: hardware.socket })).ok).toBe(true);
      expect(hardware.signatures()).toBe(1);
      const pub = join(directory, 'id_sk.pub');
      writeFileSync(pub, `${hardware.publicKey}\n`);
      const settings = { identityAgent: hardware.socket, identityFiles: [pub], identitiesOnly: true };
      expect((await loginTo(sshd, settings)).report.map(({ outcome }) => outcome)).toEqual([
        'refused by the server',
      ]);
      expect(hardware.signatures()).toBe(1);
    } finally {
      hardware.stop();
      await own.stop();
    }
  });

  it('that refuses to sign is passed over for the file', async () => {
    const refusing = await startFakeAgent((request) =>
      request[0] === 11 ? keyList(blobOf(sshd.keys.ed25519)) : Buffer.of(5),
    );
    try {
      const { ok, report } = await loginTo(sshd, {
        identityAgent: refusing.socket,
        identityFiles: [sshd.keys.ecdsa],
      });
      expect(ok).toBe(true);
      expect(report.map(({ outcome }) => outcome)).toEqual([
        'skipped: the agent refused to sign',
        'accepted',
      ]);
    } finally {
      refusing.stop();
    }
  });

  it.each([
    ['is not there', undefined, 'the agent cannot be reached'],
    ['closes the connection', null, 'the agent closed the connection'],
    ['answers nonsense', Buffer.of(12, 0, 0), 'the agent’s answer is malformed'],
    ['refuses', Buffer.of(5), 'the agent refused to list its keys'],
  ] as const)(
    'that %s leaves the files to log in with, and is named where they fail',
    async (_, answer, reason) => {
      const fake = answer === undefined ? undefined : await startFakeAgent(() => answer);
      const identityAgent = fake?.socket ?? join(directory, 'nobody');
      try {
        expect((await loginTo(sshd, { identityAgent, identityFiles: [sshd.keys.rsa] })).ok).toBe(true);
        const { failure } = await loginTo(sshd, { identityAgent });
        expect(failure?.message).toContain(`ssh-agent (${reason})`);
        expect(failure?.fix).toContain('ssh-add');
      } finally {
        fake?.stop();
      }
    },
  );

  it('that never answers costs 2 s and no login', async () => {
    const silent = await startFakeAgent(() => undefined);
    const startedMs = performance.now();
    try {
      expect((await loginTo(sshd, { identityAgent: silent.socket, identityFiles: [sshd.keys.rsa] })).ok).toBe(
        true,
      );
      expect(performance.now() - startedMs).toBeLessThan(3_500);
    } finally {
      silent.stop();
    }
  });

  it('that never answers is left at once when the call is cancelled', async () => {
    const silent = await startFakeAgent(() => undefined);
    const controller = new AbortController();
    const reason = new ScoutError('cancelled', 'the call was cancelled', 'Call again.');
    try {
      const login = loginTo(sshd, { identityAgent: silent.socket }, { signal: controller.signal });
      controller.abort(reason);
      await expect(login).rejects.toBe(reason);
    } finally {
      silent.stop();
    }
  });
});

function newKey(name: string, passphrase = ''): string {
  const path = join(directory, name);
  generateKey(path, 'ed25519', passphrase);
  return path;
}

function blobOf(path: string): Buffer {
  return Buffer.from(publicKey(path).split(' ')[1] ?? '', 'base64');
}
