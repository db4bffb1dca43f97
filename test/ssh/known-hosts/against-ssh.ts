import { execFile } from 'node:child_process';
import { copyFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect } from 'vitest';
import { ScoutError } from '../../../src/errors.ts';
import type { HostSettings } from '../../../src/ssh/hosts/settings.ts';
import { HostKeyGate } from '../../../src/ssh/known-hosts/host-key-gate.ts';
import type { StrictHostKeyChecking } from '../../../src/ssh/known-hosts/host-key-policy.ts';
import { keyTypeOf } from '../../../src/ssh/known-hosts/public-key.ts';
import { generateKey, publicKey } from '../../fixtures/keys.ts';
import { type Sshd, startSshd } from '../../fixtures/sshd.ts';
import { aHost } from './a-host.ts';
import { scenarios } from './generated-files.ts';

/** One way to check one server's key. */
export interface Scenario {
  readonly user: string;
  readonly global?: string;
  readonly checking?: StrictHostKeyChecking;
  readonly alias?: string;
  readonly algorithms?: readonly string[];
  readonly command?: string;
  readonly hash?: boolean;
}

export interface Outcome {
  readonly accepted: boolean;
  /** The user's file grew. (Not by which lines: OpenSSH before 9.6 spoils a last line without its end.) */
  readonly saved: boolean;
}

/** Two real servers, and keys that neither has. */
export interface Judges {
  readonly all: Sshd;
  readonly withoutEd25519: Sshd;
  readonly foreign: readonly string[];
  stop(): Promise<void>;
}

export async function startJudges(): Promise<Judges> {
  const all = await startSshd({ hostKeys: ['ed25519', 'ecdsa', 'rsa'] });
  const withoutEd25519 = await startSshd({ hostKeys: ['ecdsa', 'rsa'] });
  const foreign = (['ed25519', 'ecdsa', 'rsa'] as const).map((type) => {
    const path = join(all.directory, `foreign_${type}`);
    generateKey(path, type);
    return publicKey(path);
  });
  const stop = async () => {
    await all.stop();
    await withoutEd25519.stop();
  };
  return { all, withoutEd25519, foreign, stop };
}

/** Host keys of a server, each `TYPE BASE64`. */
export function ownKeys(sshd: Sshd): string[] {
  return sshd.hostKeyLines.map((line) => line.split(' ').slice(1).join(' '));
}

/** Compare on `runs` generated scenarios for each of the two servers. */
export async function agreesOnGenerated(
  { all, withoutEd25519, foreign }: Judges,
  runs: number,
): Promise<void> {
  for (const sshd of [all, withoutEd25519]) {
    const own = [...ownKeys(sshd), ...ownKeys(all).slice(0, 1)];
    let count = 0;
    await fc.assert(
      fc.asyncProperty(scenarios(sshd.port, { own, foreign }), async (scenario) => {
        count += 1;
        const { ssh, scout } = await both(sshd, scenario, `gen-${count}`);
        expect(scout).toEqual(ssh);
      }),
      { numRuns: runs, endOnFailure: true },
    );
  }
}

export async function both(
  sshd: Sshd,
  scenario: Scenario,
  id: string,
): Promise<{ ssh: Outcome; scout: Outcome }> {
  const [ssh, scout] = await Promise.all([sshOutcome(sshd, scenario, id), scoutOutcome(sshd, scenario, id)]);
  return { ssh, scout };
}

/** What the real ssh does, up to the login, which it is not allowed to try. */
async function sshOutcome(sshd: Sshd, scenario: Scenario, id: string): Promise<Outcome> {
  const files = writeFiles(sshd, scenario, `${id}-ssh`);
  const options = {
    UserKnownHostsFile: files.user,
    GlobalKnownHostsFile: files.global,
    StrictHostKeyChecking: scenario.checking ?? 'yes',
    HashKnownHosts: scenario.hash ? 'yes' : 'no',
    PreferredAuthentications: 'password',
    BatchMode: 'yes',
    UpdateHostKeys: 'no',
    ...(scenario.alias && { HostKeyAlias: scenario.alias }),
    ...(scenario.algorithms && { HostKeyAlgorithms: scenario.algorithms.join(',') }),
    ...(scenario.command && { KnownHostsCommand: scenario.command }),
  };
  const flags = Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  const said = await new Promise<string>((resolve) =>
    execFile(
      'ssh',
      ['-F', 'none', ...flags, '-p', String(sshd.port), 'root@127.0.0.1', 'true'],
      (_error, _out, stderr) => resolve(stderr),
    ),
  );
  const accepted = /Permission denied/.test(said);
  if (!accepted && !/Host key verification failed|KnownHostsCommand/.test(said))
    throw new Error(`ssh said: ${said}`);
  return { accepted, saved: sizeOf(files.user) > sizeOf(files.before) };
}

/** What scout does with the key that this server would show for the algorithms that scout offers. */
async function scoutOutcome(sshd: Sshd, scenario: Scenario, id: string): Promise<Outcome> {
  const files = writeFiles(sshd, scenario, `${id}-scout`);
  const settings = scoutSettings(sshd, scenario, files);
  const options = { override: undefined, checking: undefined, env: process.env, observe: () => {} };
  const accepted = await new HostKeyGate(options)
    .open(settings, new AbortController().signal)
    .then((open) => open.accept(keyShownFor(sshd, open.algorithms)))
    .then(
      () => true,
      (error) => {
        if (!(error instanceof ScoutError)) throw error;
        return false;
      },
    );
  return { accepted, saved: sizeOf(files.user) > sizeOf(files.before) };
}

/** The host key that the server shows: the first algorithm of the client that it has (RFC 4253 section 7.1). */
function keyShownFor(sshd: Sshd, algorithms: readonly string[]): Buffer {
  const keys = sshd.hostKeyLines.map((line) => Buffer.from(line.split(' ')[2] ?? '', 'base64'));
  for (const algorithm of algorithms) {
    const type = algorithm.startsWith('rsa-') ? 'ssh-rsa' : algorithm;
    const key = keys.find((blob) => keyTypeOf(blob) === type);
    if (key) return key;
  }
  throw new Error('no algorithm in common');
}

function scoutSettings(
  sshd: Sshd,
  scenario: Scenario,
  files: { user: string; global: string },
): HostSettings {
  return aHost({
    port: sshd.port,
    userKnownHostsFiles: [files.user],
    globalKnownHostsFiles: [files.global],
    strictHostKeyChecking: scenario.checking ?? 'yes',
    hostKeyAlias: scenario.alias,
    hostKeyAlgorithms: scenario.algorithms,
    hostKeyOrderIsGiven: scenario.algorithms !== undefined,
    knownHostsCommand: scenario.command,
    hashKnownHosts: scenario.hash ?? false,
  });
}

function writeFiles({ directory }: Sshd, { user, global = '' }: Scenario, id: string) {
  const [userFile, globalFile] = [join(directory, `kh-${id}-user`), join(directory, `kh-${id}-global`)];
  writeFileSync(userFile, user);
  writeFileSync(globalFile, global);
  copyFileSync(userFile, `${userFile}-before`);
  return { user: userFile, global: globalFile, before: `${userFile}-before` };
}

function sizeOf(file: string): number {
  return statSync(file).size;
}
