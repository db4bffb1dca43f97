import { execFile, execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { generateKey } from '../../fixtures/keys.ts';
import { type Sshd, startSshd } from '../../fixtures/sshd.ts';
import { type Agent, startAgent } from './agent.ts';
import { loginTo } from './login-to.ts';

let sshd: Sshd;
let agent: Agent;
let directory: string;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'scout-order-'));
  for (const name of ['ca', 'a', 'b', 'c', 'd', 'e']) generateKey(join(directory, name), 'ed25519');
  generateKey(join(directory, 'r'), 'rsa');
  execFileSync('ssh-keygen', ['-q', '-s', path('ca'), '-I', 'test', path('a.pub')]);
  execFileSync('ssh-keygen', ['-q', '-s', path('ca'), '-I', 'test', path('e.pub')]);
  copyFileSync(path('e.pub'), path('e-half.pub'));
  sshd = await startSshd({ authorizedKeys: () => [], config: ['MaxAuthTries 30'] });
  agent = await startAgent();
  agent.add(...['d', 'r', 'b', 'e'].map(path));
});

afterAll(async () => {
  await agent?.stop();
  await sshd?.stop();
  rmSync(directory, { recursive: true, force: true });
});

const scenarios: Record<
  string,
  { files?: string[]; certificates?: string[]; only?: boolean; agent?: boolean; algorithms?: string }
> = {
  'files alone': { files: ['a', 'b', 'r'], agent: false },
  'files, some of them in the agent': { files: ['a', 'b', 'c', 'd'] },
  'files in another order than the agent’s': { files: ['b', 'r', 'd'] },
  'the agent alone': {},
  IdentitiesOnly: { files: ['c', 'b'], only: true },
  'IdentitiesOnly without a file': { only: true },
  'a certificate in the agent': { files: ['e', 'c'], only: true },
  'a public half alone': { files: ['e-half.pub', 'c'], only: true },
  'the .pub of a private key': { files: ['b.pub'], only: true },
  'a CertificateFile': { files: ['b', 'a'], certificates: ['a-cert.pub'] },
  'a CertificateFile of an agent’s key': { files: ['b'], certificates: ['e-cert.pub'] },
  'several CertificateFiles': { files: ['a', 'e'], certificates: ['e-cert.pub', 'a-cert.pub'] },
  'files named twice': { files: ['a', 'a', 'b', 'b'] },
  PubkeyAcceptedAlgorithms: {
    files: ['a', 'r'],
    algorithms: 'rsa-sha2-512,ssh-ed25519-cert-v01@openssh.com',
  },
};

it.each(Object.entries(scenarios))('identities are offered in the order of ssh: %s', async (_, scenario) => {
  const { files = [], certificates = [], only = false, algorithms } = scenario;
  const identityAgent = scenario.agent === false ? undefined : agent.socket;
  const flags = [
    ...files.flatMap((file) => ['-i', path(file)]),
    ...(files.length === 0 ? ['-o', 'IdentityFile=none'] : []),
    ...certificates.flatMap((file) => ['-o', `CertificateFile=${path(file)}`]),
    ...['-o', `IdentitiesOnly=${only ? 'yes' : 'no'}`, '-o', `IdentityAgent=${identityAgent ?? 'none'}`],
    ...(algorithms ? ['-o', `PubkeyAcceptedAlgorithms=${algorithms}`] : []),
  ];
  const login = loginTo(sshd, {
    identityFiles: files.map(path),
    certificateFiles: certificates.map(path),
    identitiesOnly: only,
    identityAgent,
    pubkeyAcceptedAlgorithms: algorithms?.split(','),
  });
  const [bySsh, { report }] = await Promise.all([offeredBySsh(flags), login]);
  const offered = report.filter(({ outcome }) => outcome === 'refused by the server');
  expect(offered.map(({ type, fingerprint }) => `${type} ${fingerprint}`)).toEqual(bySsh);
});

async function offeredBySsh(flags: readonly string[]): Promise<string[]> {
  const common = ['BatchMode=yes', 'StrictHostKeyChecking=yes', `UserKnownHostsFile=${sshd.knownHostsFile}`];
  const options = common.flatMap((option) => ['-o', option]);
  const said = await new Promise<string>((resolve) =>
    execFile(
      'ssh',
      ['-F', 'none', '-v', ...options, ...flags, '-p', String(sshd.port), 'root@127.0.0.1', 'true'],
      (_error, _out, stderr) => resolve(stderr),
    ),
  );
  return [...said.matchAll(/Offering public key: .* (\S+) (SHA256:\S+)/g)].map(
    ([, type, print]) => `${type} ${print}`,
  );
}

function path(name: string): string {
  return join(directory, name);
}
