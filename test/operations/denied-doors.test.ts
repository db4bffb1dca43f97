import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeScout, type TestScout } from '../fixtures/scout.ts';
import { type Sshd, startSshd } from '../fixtures/sshd.ts';

const secret = 'k3y-material-of-the-test';
let shell: Sshd;
let sftpOnly: Sshd;
let scout: TestScout;
let top: string;

beforeAll(async () => {
  shell = await startSshd();
  sftpOnly = await startSshd({ config: ['ForceCommand internal-sftp'] });
  top = join(shell.directory, 'account');
  mkdirSync(join(top, '.ssh/keys'), { recursive: true });
  mkdirSync(join(top, 'vault/inner'), { recursive: true });
  mkdirSync(join(top, 'links'));
  for (const name of ['.ssh/id_rsa', '.ssh/keys/old', 'vault/code', 'vault/inner/code']) {
    writeFileSync(join(top, name), secret);
  }
  for (const name of ['.ssh/id_rsa.pub', 'notes']) writeFileSync(join(top, name), `fine: ${name}`);
  for (const [link, target] of Object.entries({
    key: '../.ssh/id_rsa',
    again: 'key',
    directory: '../.ssh',
    vault: `${top}/vault`,
    fine: '../notes',
    'key\nwith feed': '../.ssh/id_rsa',
  })) {
    symlinkSync(target, join(top, 'links', link));
  }
  const config = shell.writeConfig('shell', sftpOnly.configFor('sftp'));
  scout = makeScout(config, { SCOUT_DENY_PATHS: `default,${top}/va?lt` });
});

afterAll(async () => {
  await scout.close();
  await shell.stop();
  await sftpOnly.stop();
});

async function answer(tool: string, args: object): Promise<string> {
  return JSON.stringify(await scout.call(tool, args));
}

describe.each(['shell', 'sftp'])('scout_read of a host with %s', (host) => {
  it.each([
    ...['.ssh/id_rsa', '.ssh/../.ssh/./id_rsa', '.ssh/keys/old', 'vault', 'vault/code', 'vault/inner/code'],
    ...['links/key', 'links/again', 'links/directory/id_rsa', 'links/directory/keys', 'links/vault'],
    ...['links/vault/inner', 'links/key\nwith feed'],
  ])('refuses %j', async (path) => {
    const text = await answer('scout_read', {
      targets: [`${host}:${top}/${path}`.replace('/../.ssh/.', '/.')],
    });
    // Below a directory that a wall has hidden there is nothing that a link could lead to.
    expect(text).toMatch(/path_denied.*SCOUT_DENY_PATHS|path_not_found.*links.vault.inner/);
    expect(text).not.toContain(secret);
  });

  it('reads the others, and lists names but nothing of a denied directory', async () => {
    for (const path of ['notes', 'links/fine', '.ssh/id_rsa.pub', 'links/directory/id_rsa.pub']) {
      expect(await answer('scout_read', { targets: [`${host}:${top}/${path}`] })).toContain('fine: ');
    }
    const listed = await answer('scout_read', { targets: [`${host}:${top}`], depth: 3 });
    for (const name of ['.ssh/id_rsa', '.ssh/keys', 'vault', 'links/key']) expect(listed).toContain(name);
    for (const name of ['vault/code', 'vault/inner', '.ssh/keys/old']) expect(listed).not.toContain(name);
    expect(await answer('scout_read', { targets: [`${host}:${top}/links/directory`] })).toContain('id_rsa');
  });
});

describe('scout_query', () => {
  it.each([
    [`cat .ssh/id_rsa`],
    [`cat .ssh/*`],
    [`cat links/key`],
    [`cat ./links/k*`],
    [`head -n 5 links/directory/id_rsa`],
    [`grep -r y ./links/vault`],
    [`cat vault/code`],
    [`cat < links/again`],
    [`diff notes links/again`],
  ])('refuses %s', async (command) => {
    const text = await answer('scout_query', { hosts: 'shell', command, cwd: top });
    expect(text).toContain('path_denied');
    expect(text).toContain('SCOUT_DENY_PATHS');
    expect(text).not.toContain(secret);
  });

  it('refuses by the working directory, also by a link to it', async () => {
    for (const cwd of [`${top}/.ssh`, `${top}/links/directory`]) {
      const text = await answer('scout_query', { hosts: 'shell', command: 'cat id_rsa', cwd });
      expect(text).toContain('path_denied');
      expect(text).not.toContain(secret);
    }
  });

  it('shows the command as it would be without a look at its paths', async () => {
    const command = 'cat links/fine; docker inspect none';
    const text = await answer('scout_query', { hosts: 'shell', command, cwd: top });
    expect(text).toContain('fine: notes');
    expect(text).not.toMatch(/scout_|sed/);
  });
});
