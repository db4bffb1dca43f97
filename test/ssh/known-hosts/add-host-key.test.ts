import { execFile, execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addHostKey } from '../../../src/ssh/known-hosts/add-host-key.ts';
import { fingerprintOf } from '../../../src/ssh/known-hosts/public-key.ts';
import type { HostKeyVerdict } from '../../../src/ssh/known-hosts/verdict.ts';
import { generateKey, publicKey } from '../../fixtures/keys.ts';
import { makeProgram } from '../../fixtures/own-program.ts';
import { aHost } from './a-host.ts';

const run = promisify(execFile);
let directory: string;
let key: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'scout-add-'));
  const path = join(directory, 'host');
  generateKey(path, 'ed25519');
  key = publicKey(path);
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe('saving a host key', () => {
  it('makes ~/.ssh and the file for the user alone', async () => {
    const home = join(directory, 'home');
    mkdirSync(home);
    const file = join(home, '.ssh', 'known_hosts');
    const added = await addHostKey(aHost({ userKnownHostsFiles: [file] }), verdict('web1'), undefined, home);
    expect(added).toEqual({ added: true, file });
    expect(readFileSync(file, 'utf8')).toBe(`web1 ${key}\n`);
    expect([mode(join(home, '.ssh')), mode(file)]).toEqual(['700', '600']);
  });

  it('keeps what is in the file and its permissions, and ends an unfinished line first', async () => {
    const file = write('keeps', `# mine\nother ${key}`);
    chmodSync(file, 0o640);
    await addHostKey(aHost({ userKnownHostsFiles: [file] }), verdict('[web1]:2222'), undefined);
    expect(readFileSync(file, 'utf8')).toBe(`# mine\nother ${key}\n[web1]:2222 ${key}\n`);
    expect(mode(file)).toBe('640');
  });

  it('hides the name where HashKnownHosts says so, in a form that ssh-keygen finds', async () => {
    const file = write('hashed', '');
    const settings = aHost({ userKnownHostsFiles: [file], hashKnownHosts: true });
    await addHostKey(settings, verdict('[web1]:2222'), undefined);
    expect(readFileSync(file, 'utf8')).not.toContain('web1');
    expect(execFileSync('ssh-keygen', ['-F', '[web1]:2222', '-f', file], { encoding: 'utf8' })).toContain(
      key,
    );
  });

  it('adds a key once', async () => {
    const file = write('once', '');
    const settings = aHost({ userKnownHostsFiles: [file], hashKnownHosts: true });
    await addHostKey(settings, verdict('web1'), undefined);
    expect(await addHostKey(settings, verdict('web1'), undefined)).toMatchObject({ added: false, file });
    expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(2);
  });

  it('loses no line when many processes save at once', async () => {
    const file = write('many', '');
    const program = await makeProgram(`
      import { addHostKey } from '/src/ssh/known-hosts/add-host-key.ts';
      const [userKnownHostsFile, key, name] = process.argv.slice(2) as [string, string, string];
      const settings = { userKnownHostsFiles: [userKnownHostsFile], hostName: 'web', hashKnownHosts: false };
      const blob = Buffer.from(key, 'base64');
      for (let i = 0; i < 20; i++)
        await addHostKey(settings, { lookupName: name + '-' + i, keyType: 'ssh-ed25519', blob }, undefined);
    `);
    const save = (name: string) => run(process.execPath, [program, file, key.split(' ')[1] ?? '', name]);
    await Promise.all(['a', 'b', 'c', 'd'].map(save));
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    expect(lines).toHaveLength(80);
    expect(lines.every((line) => line.endsWith(key))).toBe(true);
  });

  it('goes to SCOUT_KNOWN_HOSTS where that is set', async () => {
    const [file, override] = [write('configured', ''), write('override', '')];
    expect(await addHostKey(aHost({ userKnownHostsFiles: [file] }), verdict('web1'), override)).toMatchObject(
      { added: true },
    );
    expect([readFileSync(file, 'utf8'), readFileSync(override, 'utf8')]).toEqual(['', `web1 ${key}\n`]);
  });

  it('says why where it is not possible', async () => {
    const reasonFor = async (changes: Parameters<typeof aHost>[0]) => {
      const added = await addHostKey(aHost(changes), verdict('web1'), undefined);
      return added.added ? 'added' : added.reason;
    };
    const file = write('impossible', '');
    expect(await reasonFor({ userKnownHostsFiles: [] })).toMatch(/names no known_hosts file/);
    expect(await reasonFor({ userKnownHostsFiles: [directory] })).toMatch(/cannot be written \(EISDIR\)/);
    expect(await reasonFor({ userKnownHostsFiles: [join(directory, 'no', 'such')] })).toMatch(/ENOENT/);
    for (const hostName of ['*', 'a,b', '!a', 'a b', 'a\nb', '|1|x']) {
      expect(await reasonFor({ userKnownHostsFiles: [file], hostName })).toMatch(/does not fit/);
    }
    expect(readFileSync(file, 'utf8')).toBe('');
  });
});

function write(name: string, text: string): string {
  const file = join(directory, name);
  writeFileSync(file, text);
  return file;
}

function mode(path: string): string {
  return (statSync(path).mode & 0o777).toString(8);
}

function verdict(lookupName: string): HostKeyVerdict {
  const blob = Buffer.from(key.split(' ')[1] ?? '', 'base64');
  return {
    state: 'unknown',
    keyType: 'ssh-ed25519',
    fingerprint: fingerprintOf(blob),
    blob,
    lookupName,
    problems: [],
  };
}
