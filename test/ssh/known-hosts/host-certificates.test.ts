import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { HostSettings } from '../../../src/ssh/hosts/settings.ts';
import { parseCertificate } from '../../../src/ssh/known-hosts/certificate.ts';
import { HostKeyGate } from '../../../src/ssh/known-hosts/host-key-gate.ts';
import { isValidHostCertificate } from '../../../src/ssh/known-hosts/verify-certificate.ts';
import { generateKey, type KeyType, publicKey } from '../../fixtures/keys.ts';
import { type Sshd, startSshd } from '../../fixtures/sshd.ts';
import { until } from '../../fixtures/until.ts';
import { aHost } from './a-host.ts';

let sshd: Sshd;
let directory: string;
let certificate: string;
const accepted: boolean[] = [];

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'scout-host-certs-'));
  for (const type of ['ed25519', 'ecdsa', 'rsa'] as const) generateKey(ca(type), type);
  generateKey(join(directory, 'ca_stranger'), 'ed25519');
  certificate = join(directory, 'host-cert.pub');
  sshd = await startSshd({ config: [`HostCertificate ${certificate}`] });
});

afterAll(async () => {
  await sshd?.stop();
  rmSync(directory, { recursive: true, force: true });
});

const ordinary = ['-n', '127.0.0.1'];
const cases: Record<
  string,
  {
    by?: KeyType;
    sign?: string[];
    lines?: (port: number) => string;
    alias?: string;
    hostKeyAlgorithms?: string;
    signatures?: string;
  }
> = {
  'by an ed25519 authority': {},
  'by an ECDSA authority': { by: 'ecdsa' },
  'by an RSA authority': { by: 'rsa' },
  'with SHA-1 by an RSA authority': { by: 'rsa', sign: [...ordinary, '-t', 'ssh-rsa'] },
  'for another name': { sign: ['-n', 'elsewhere'] },
  'for a pattern of names': { sign: ['-n', 'x,127.0.0.*'] },
  'for its alias': { sign: ['-n', 'db'], alias: 'db', lines: () => `@cert-authority db ${key('ed25519')}` },
  'for any name': { sign: [] },
  expired: { sign: [...ordinary, '-V', '20200101:20210101'] },
  'not valid yet': { sign: [...ordinary, '-V', '20990101:20991231'] },
  'with a critical option': { sign: [...ordinary, '-O', 'critical:strange@example.org=1'] },
  'by an authority of another host': { lines: () => `@cert-authority elsewhere ${key('ed25519')}` },
  'by an authority known without the port': { lines: () => `@cert-authority 127.0.0.1 ${key('ed25519')}` },
  'by another authority': { lines: () => `@cert-authority * ${publicKey(join(directory, 'ca_stranger'))}` },
  'by a revoked authority': {
    lines: (port) => `@cert-authority [127.0.0.1]:${port} ${key('ed25519')}\n@revoked * ${key('ed25519')}`,
  },
  'where HostKeyAlgorithms has no certificates': { hostKeyAlgorithms: 'ssh-ed25519,rsa-sha2-512' },
  'where HostKeyAlgorithms has certificates of another type': {
    hostKeyAlgorithms: 'ssh-ed25519,ecdsa-sha2-nistp256-cert-v01@openssh.com',
  },
  'where HostKeyAlgorithms prefers the plain key': {
    hostKeyAlgorithms: 'ssh-ed25519,ssh-ed25519-cert-v01@openssh.com',
  },
  'where HostKeyAlgorithms prefers the certificate': {
    hostKeyAlgorithms: 'ssh-ed25519-cert-v01@openssh.com,ssh-ed25519',
  },
  'with a signature that CASignatureAlgorithms has not': { by: 'rsa', signatures: 'ssh-ed25519' },
  'with one that it has': { by: 'rsa', signatures: 'rsa-sha2-256,rsa-sha2-512' },
  'though another plain key is known': {
    lines: (port) => `[127.0.0.1]:${port} ${key('ed25519')}\n@cert-authority * ${key('ed25519')}`,
  },
};

it.each(Object.entries(cases))(
  'a host certificate is accepted where ssh accepts it: %s',
  async (name, given) => {
    const { by = 'ed25519', sign = ordinary, alias } = given;
    await serveCertificate(by, sign);
    const file = join(directory, `kh-${name.replace(/\W/g, '-')}`);
    writeFileSync(
      file,
      `${given.lines?.(sshd.port) ?? `@cert-authority [127.0.0.1]:${sshd.port} ${key(by)}`}\n`,
    );
    const { hostKeyAlgorithms, signatures } = given;
    const settings = {
      port: sshd.port,
      userKnownHostsFiles: [file],
      hostKeyAlias: alias,
      hostKeyAlgorithms: hostKeyAlgorithms?.split(','),
      hostKeyOrderIsGiven: hostKeyAlgorithms !== undefined,
      all: new Map(signatures ? [['casignaturealgorithms', [signatures]]] : []),
    };
    const options = {
      HostKeyAlias: alias,
      HostKeyAlgorithms: hostKeyAlgorithms,
      CASignatureAlgorithms: signatures,
    };
    const [bySsh, byScout] = await Promise.all([acceptedBySsh(file, options), acceptedByScout(settings)]);
    accepted.push(bySsh);
    expect(byScout).toBe(bySsh);
  },
);

it('the cases above are not all of one kind', () => {
  expect(accepted.filter(Boolean).length).toBeGreaterThan(5);
  expect(accepted.filter((one) => !one).length).toBeGreaterThan(5);
});

it('a host behind a jump stays unknown where there is no second way to ask it for its certificate', async () => {
  await serveCertificate('ed25519', ordinary);
  const file = join(directory, 'kh-jump');
  writeFileSync(file, `@cert-authority * ${key('ed25519')}\n`);
  const settings = { port: sshd.port, userKnownHostsFiles: [file] };
  expect(await acceptedByScout(settings)).toBe(true);
  expect(await acceptedByScout({ ...settings, proxyJump: [{ host: 'bastion' }] })).toBe(false);
});

it('a certificate of which any byte was changed is not valid', async () => {
  await serveCertificate('ecdsa', ordinary);
  const blob = Buffer.from(publicKeyOf(certificate), 'base64');
  const genuine = parseCertificate(blob);
  expect(genuine && isValidHostCertificate(genuine, '127.0.0.1', Date.now(), undefined)).toBe(true);
  for (let index = 0; index < blob.length; index += 1) {
    const forged = Buffer.from(blob);
    forged[index] = (forged[index] ?? 0) ^ 1;
    const read = parseCertificate(forged);
    expect(read && isValidHostCertificate(read, '127.0.0.1', Date.now(), undefined)).not.toBe(true);
  }
});

/** A new certificate for the host key, which sshd reads when it is told to start anew. */
async function serveCertificate(by: KeyType, sign: readonly string[]): Promise<void> {
  const hostKey = join(sshd.directory, 'host_ed25519.pub');
  const signed = join(directory, 'host.pub');
  writeFileSync(signed, `${publicKey(hostKey.replace(/\.pub$/, ''))}\n`);
  execFileSync('ssh-keygen', ['-q', '-s', ca(by), '-h', '-I', 'test', ...sign, signed]);
  const starts = () => sshd.log().split('Server listening').length;
  const before = starts();
  process.kill(sshd.pid, 'SIGHUP');
  await until(() => starts() > before);
}

async function acceptedByScout(changes: Partial<HostSettings>): Promise<boolean> {
  const gate = new HostKeyGate({ override: undefined, checking: 'yes', env: {}, observe: () => {} });
  const open = await gate.open(aHost(changes), new AbortController().signal);
  const shown = Buffer.from(sshd.hostKeyLines[0]?.split(' ')[2] ?? '', 'base64');
  return await open.accept(shown).then(
    () => true,
    () => false,
  );
}

async function acceptedBySsh(
  file: string,
  given: Readonly<Record<string, string | undefined>>,
): Promise<boolean> {
  const options = [
    `UserKnownHostsFile=${file}`,
    'GlobalKnownHostsFile=/dev/null',
    'StrictHostKeyChecking=yes',
    'BatchMode=yes',
    'PreferredAuthentications=password',
    ...Object.entries(given).flatMap(([name, value]) => (value ? [`${name}=${value}`] : [])),
  ].flatMap((option) => ['-o', option]);
  const said = await new Promise<string>((resolve) =>
    execFile(
      'ssh',
      ['-F', 'none', ...options, '-p', String(sshd.port), '127.0.0.1', 'true'],
      (_error, _out, stderr) => resolve(stderr),
    ),
  );
  if (/Permission denied/.test(said)) return true;
  if (/Host key verification failed/.test(said)) return false;
  throw new Error(`ssh said: ${said}`);
}

function ca(type: KeyType): string {
  return join(directory, `ca_${type}`);
}

function key(type: KeyType): string {
  return publicKey(ca(type));
}

function publicKeyOf(certificateFile: string): string {
  return publicKey(certificateFile.replace(/\.pub$/, '')).split(' ')[1] ?? '';
}
