import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeProgram } from '../../fixtures/own-program.ts';
import { type Sshd, startSshd } from '../../fixtures/sshd.ts';

let sshd: Sshd;
beforeAll(async () => {
  sshd = await startSshd();
  writeEtc(join(sshd.directory, 'etc'), join(sshd.directory, 'home'));
});
afterAll(() => sshd.stop());

/** An /etc where the user's home directory is another one. */
function writeEtc(directory: string, home: string): void {
  mkdirSync(join(directory, 'ssh'), { recursive: true });
  for (const name of ['group', 'nsswitch.conf', 'ld.so.cache', 'hosts'])
    if (existsSync(`/etc/${name}`)) copyFileSync(`/etc/${name}`, join(directory, name));
  const { username, uid, gid } = userInfo();
  const others = readFileSync('/etc/passwd', 'utf8').replace(new RegExp(`^${username}:.*\n`, 'm'), '');
  writeFileSync(join(directory, 'passwd'), `${username}:x:${uid}:${gid}::${home}:/bin/sh\n${others}`);
}

/** Exit codes, by how a host of the system's default files is asked for: `ssh`, and scout by each engine. */
async function asked(files: Readonly<Record<string, string>>): Promise<Record<string, number | null>> {
  for (const [path, text] of Object.entries(files)) {
    const full = join(sshd.directory, path);
    mkdirSync(join(full, '..'), { recursive: true, mode: 0o700 });
    writeFileSync(full, text, { mode: 0o600 });
  }
  const program = await makeProgram(`
    import { loadConfig } from '/src/config.ts';
    import { assemble } from '/src/serve.ts';
    const scout = assemble(loadConfig({ SCOUT_SSH_ENGINE: process.argv[2] }), process.env, () => {});
    const tool = scout.answerer.tools.find(({ name }) => name === 'scout_query');
    const { signal } = new AbortController();
    const { isError } = await scout.answerer.callTool(tool, { hosts: 'web1', command: 'true' }, { signal });
    await scout.close();
    process.exit(isError ? 1 : 0);`);
  const run = (...words: string[]) => {
    const isRoot = process.getuid?.() === 0;
    const inside = 'mount --bind "$1" /etc && shift && exec "$@"';
    const unshare = [isRoot ? '-m' : '-Urm', 'sh', '-c', inside, 'sh', join(sshd.directory, 'etc')];
    const env = { PATH: process.env.PATH, HOME: join(sshd.directory, 'home') };
    return spawnSync('unshare', [...unshare, ...words], { env, timeout: 20_000 }).status;
  };
  return {
    ssh: run('ssh', '-o', 'BatchMode=yes', 'web1', 'true'),
    ssh2: run(process.execPath, program, 'ssh2'),
    openssh: run(process.execPath, program, 'openssh'),
  };
}

test('a relative Include of the file of the system is below /etc/ssh', async () => {
  const files = {
    'home/.ssh/config': '',
    'home/.ssh/more.conf': sshd.configFor('web1', { Port: '1' }),
    'etc/ssh/ssh_config': 'Host *\n  Include "more.conf" *.d/w?b # those\n',
    'etc/ssh/more.conf': 'AddressFamily inet\n',
    'etc/ssh/hosts.d/web': sshd.configFor('web1'),
  };
  expect(await asked(files)).toEqual({ ssh: 0, ssh2: 0, openssh: 0 });
});
