import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ScoutError } from '../../../src/errors.ts';
import { generateKey, type KeyType, publicKey } from '../../fixtures/keys.ts';
import { type Sshd, startSshd } from '../../fixtures/sshd.ts';
import { loginTo } from './login-to.ts';

let sshd: Sshd;
let directory: string;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'scout-auth-'));
  sshd = await startSshd({ config: ['MaxAuthTries 20'] });
});

afterAll(async () => {
  await sshd?.stop();
  rmSync(directory, { recursive: true, force: true });
});

describe('a login with a key file', () => {
  it.each(['ed25519', 'ecdsa', 'rsa'] as const)('works with %s in OpenSSH’s format', async (type) => {
    const { ok, report } = await loginTo(sshd, { identityFiles: [sshd.keys[type]] });
    expect(ok).toBe(true);
    expect(report).toMatchObject([{ source: 'file', label: sshd.keys[type], outcome: 'accepted' }]);
  });

  it.each([
    ['rsa', 'PEM'],
    ['ecdsa', 'PEM'],
    ['rsa', 'PKCS8'],
    ['ecdsa', 'PKCS8'],
  ] as const)('works with %s as %s', async (type, format) => {
    const path = converted(type, format);
    expect(readFileSync(path, 'utf8')).not.toContain('OPENSSH');
    expect((await loginTo(sshd, { identityFiles: [path] })).ok).toBe(true);
  });

  it('sends one request, already signed, and nothing before it', async () => {
    const own = await startSshd({ config: ['LogLevel DEBUG3'] });
    try {
      expect((await loginTo(own, { identityFiles: [own.keys.ed25519] })).ok).toBe(true);
      const requests = own.log().match(/userauth-request for user .*/g);
      expect(requests).toEqual([
        'userauth-request for user root service ssh-connection method publickey [preauth]',
      ]);
      expect(own.log()).not.toContain('test pkalg');
    } finally {
      await own.stop();
    }
  });

  it('works with ed25519 as PKCS8', async () => {
    const { privateKey, publicKey: half } = generateKeyPairSync('ed25519');
    const path = join(directory, 'ed25519-pkcs8');
    writeFileSync(path, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
    const x = Buffer.from(half.export({ format: 'jwk' }).x ?? '', 'base64url');
    const blob = Buffer.concat([
      Buffer.from('0000000b', 'hex'),
      Buffer.from('ssh-ed25519'),
      Buffer.from('00000020', 'hex'),
      x,
    ]);
    appendFileSync(join(sshd.directory, 'authorized_keys'), `ssh-ed25519 ${blob.toString('base64')}\n`);
    expect((await loginTo(sshd, { identityFiles: [path] })).ok).toBe(true);
  });

  it('goes on to the next file when the server refuses one', async () => {
    const stranger = newKey('stranger');
    const { ok, report } = await loginTo(sshd, { identityFiles: [stranger, sshd.keys.rsa] });
    expect(ok).toBe(true);
    expect(report.map(({ outcome }) => outcome)).toEqual(['refused by the server', 'accepted']);
  });

  it('gives two keys to a server that wants two', async () => {
    const two = await startSshd({ config: ['AuthenticationMethods publickey,publickey'] });
    try {
      const identityFiles = [newKey('third'), two.keys.ed25519, two.keys.ecdsa];
      const { ok, report } = await loginTo(two, { identityFiles });
      expect(ok).toBe(true);
      expect(report.map(({ outcome }) => outcome)).toEqual([
        'refused by the server',
        'accepted, but the server wants more',
        'accepted',
      ]);
      expect((await loginTo(two, { identityFiles: identityFiles.slice(0, 2) })).ok).toBe(false);
    } finally {
      await two.stop();
    }
  });

  it('offers only types that PubkeyAcceptedAlgorithms allows', async () => {
    const identityFiles = [sshd.keys.ed25519, sshd.keys.rsa];
    const { ok, report } = await loginTo(sshd, { identityFiles, pubkeyAcceptedAlgorithms: ['rsa-sha2-256'] });
    expect(ok).toBe(true);
    expect(report.map(({ outcome }) => outcome)).toEqual([
      'skipped: PubkeyAcceptedAlgorithms does not allow its type',
      'accepted',
    ]);
  });

  it('offers no key where PubkeyAuthentication is off or not preferred', async () => {
    const identityFiles = [sshd.keys.ed25519];
    for (const off of [{ pubkeyAuthentication: false }, { preferredAuthentications: ['password'] }]) {
      const { ok, report } = await loginTo(sshd, { identityFiles, ...off });
      expect({ ok, report }).toEqual({ ok: false, report: [] });
    }
  });
});

describe('a key file that cannot be used', () => {
  it('is skipped with the reason and the step that repairs it, and the next one is used', async () => {
    const open = newKey('open');
    chmodSync(open, 0o644);
    const locked = newKey('locked', 'secret');
    const mismatched = newKey('mismatched');
    copyFileSync(`${sshd.keys.ed25519}.pub`, `${mismatched}.pub`);
    const garbage = join(directory, 'garbage');
    writeFileSync(garbage, 'not a key\n', { mode: 0o600 });
    const missing = join(directory, 'missing');
    const lockedPem = converted('rsa', 'PEM', 'secret');
    const lockedPkcs8 = converted('ecdsa', 'PKCS8', 'secret');
    const { ok, report } = await loginTo(sshd, {
      identityFiles: [
        open,
        locked,
        mismatched,
        garbage,
        missing,
        directory,
        lockedPem,
        lockedPkcs8,
        sshd.keys.ed25519,
      ],
    });
    expect(ok).toBe(true);
    expect(report.map(({ outcome, fix }) => [outcome, fix])).toEqual([
      ['skipped: has permissions 0644 that let others use it', `Run \`chmod 600 ${open}\`.`],
      ['skipped: needs a passphrase', `Load the key into ssh-agent: \`ssh-add ${locked}\`.`],
      ['skipped: does not match the .pub file beside it', expect.stringContaining('ssh-keygen -y')],
      ['skipped: is not a private key', undefined],
      ['skipped: does not exist', undefined],
      ['skipped: is not a private key', undefined],
      ['skipped: needs a passphrase', expect.stringContaining('ssh-add')],
      ['skipped: needs a passphrase', expect.stringContaining('ssh-add')],
      ['accepted', undefined],
    ]);
  });

  it('is skipped where it is of a type that cannot be signed with, and the next one is used', async () => {
    const kinds = {
      dsa: generateKeyPairSync('dsa', { modulusLength: 1024, divisorLength: 160 }),
      'rsa-pss': generateKeyPairSync('rsa-pss', { modulusLength: 2048 }),
      secp256k1: generateKeyPairSync('ec', { namedCurve: 'secp256k1' }),
      brainpoolP256r1: generateKeyPairSync('ec', { namedCurve: 'brainpoolP256r1' }),
      x25519: generateKeyPairSync('x25519'),
    };
    const files = Object.entries(kinds).map(([type, { privateKey }]) => {
      const path = join(directory, `of-type-${type}`);
      writeFileSync(path, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
      return path;
    });
    const { ok, report } = await loginTo(sshd, { identityFiles: [...files, sshd.keys.ed25519] });
    expect(ok).toBe(true);
    expect(report.map(({ outcome }) => outcome)).toEqual([
      ...Object.keys(kinds).map(
        (type) => `skipped: is of the type ${type}, which the built-in SSH engine lacks`,
      ),
      'accepted',
    ]);
  });

  it('is not mentioned when it is one of the defaults and does not exist', async () => {
    const identityFiles = [join(directory, 'missing'), sshd.keys.ed25519];
    const { report } = await loginTo(sshd, { identityFiles, identityFilesAreExplicit: false });
    expect(report.map(({ label }) => label)).toEqual([sshd.keys.ed25519]);
  });
});

describe('a login that fails', () => {
  it('says which identities were offered and why each failed, without key material', async () => {
    const stranger = newKey('refused');
    const missing = join(directory, 'missing');
    const { failure } = await loginTo(sshd, {
      alias: 'db1',
      user: 'root',
      identityFiles: [stranger, missing],
    });
    expect(failure).toBeInstanceOf(ScoutError);
    expect(failure?.code).toBe('auth_failed');
    const fingerprint = execFileSync('ssh-keygen', ['-lf', stranger], { encoding: 'utf8' }).split(' ')[1];
    expect(failure?.message).toBe(
      `db1 refused the login as root: ${stranger} ED25519 ${fingerprint} (refused by the server); ${missing} (skipped: does not exist)`,
    );
    expect(failure?.fix).toContain('ssh-copy-id db1');
    expect(failure?.message).not.toContain(publicKey(stranger).split(' ')[1]);
  });

  it('names the repair of a skipped key as the fix', async () => {
    const locked = newKey('locked-only', 'secret');
    const { failure } = await loginTo(sshd, { identityFiles: [locked] });
    expect(failure?.fix).toBe(`Load the key into ssh-agent: \`ssh-add ${locked}\`.`);
  });

  it('says that there is no identity where there is none', async () => {
    const { failure } = await loginTo(sshd, { alias: 'db1' });
    expect(failure?.message).toContain('there is no identity to offer');
    expect(failure?.fix).toContain('IdentityFile');
  });

  it('says that the server takes no keys', async () => {
    const passwords = await startSshd({ config: ['PubkeyAuthentication no', 'PasswordAuthentication yes'] });
    try {
      const { failure } = await loginTo(passwords, {
        identityFiles: [passwords.keys.ed25519, passwords.keys.rsa],
      });
      expect(failure?.fix).toContain('takes password for root but no keys');
    } finally {
      await passwords.stop();
    }
  });

  it('says how to choose the key when the server ends it after too many', async () => {
    const strict = await startSshd({ config: ['MaxAuthTries 2'] });
    try {
      const identityFiles = ['x1', 'x2', 'x3'].map((name) => newKey(name));
      const { failure, report } = await loginTo(strict, {
        identityFiles: [...identityFiles, strict.keys.ed25519],
      });
      expect(failure?.message).toContain('after too many attempts');
      expect(failure?.fix).toContain('IdentitiesOnly yes');
      expect(report.at(-1)?.outcome).toBe('not tried');
    } finally {
      await strict.stop();
    }
  });
});

function newKey(name: string, passphrase = ''): string {
  const path = join(directory, name);
  generateKey(path, 'ed25519', passphrase);
  return path;
}

function converted(type: KeyType, format: 'PEM' | 'PKCS8', passphrase = ''): string {
  const path = join(directory, `${type}-${format}${passphrase && '-locked'}`);
  copyFileSync(sshd.keys[type], path);
  chmodSync(path, 0o600);
  execFileSync('ssh-keygen', ['-q', '-p', '-m', format, '-P', '', '-N', passphrase, '-f', path]);
  return path;
}
