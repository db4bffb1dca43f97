import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeScout, type TestScout } from '../fixtures/scout.ts';
import { makeUser, type Sshd, startSshd, type TestUser } from '../fixtures/sshd.ts';
import type { LoginShell } from '../fixtures/user.ts';

const loginShells: readonly LoginShell[] = ['bash', 'dash', 'zsh', 'fish', 'tcsh', 'ash', 'rbash', 'mksh'];

let sshd: Sshd;
let withoutSftp: Sshd;
const users = new Map<string, TestUser>();
let scout: TestScout;

beforeAll(async () => {
  const account = async (name: string, options: Parameters<typeof makeUser>[0]) => {
    users.set(
      name,
      await makeUser({ ...options, files: { 'hello.txt': `hello ${name}\n`, ...options?.files } }),
    );
  };
  await Promise.all([
    ...loginShells.map((shell) => account(shell, { shell })),
    account('noisy', { shell: 'bash', files: { '.bashrc': 'echo welcome; echo careful >&2; seq 1000\n' } }),
    account('slow', { shell: 'bash', files: { '.bashrc': 'sleep 1\n' } }),
    account('sftp-only', { shell: 'bash' }),
    account('shell-only', { shell: 'bash' }),
    account('neither', { shell: 'nologin' }),
  ]);
  const nameOf = (name: string) => users.get(name)?.name ?? '';
  [sshd, withoutSftp] = await Promise.all([
    startSshd({ config: [`Match User ${nameOf('sftp-only')}`, '  ForceCommand internal-sftp'] }),
    startSshd({ sftp: false }),
  ]);
  const blocks = [...users].map(([name, user]) => {
    const server = name === 'shell-only' || name === 'neither' ? withoutSftp : sshd;
    return server.configFor(name, { User: user.name });
  });
  scout = makeScout(sshd.writeConfig(...blocks));
});
afterAll(async () => {
  await scout.close();
  await Promise.all([sshd.stop(), withoutSftp.stop(), ...[...users.values()].map((user) => user.remove())]);
});

/** The one result of a call. */
async function resultOf(tool: string, args: unknown): Promise<Record<string, unknown>> {
  const { structured } = await scout.call(tool, args);
  const [result] = structured.results as Record<string, unknown>[];
  return result ?? structured;
}

describe('an account', () => {
  it.each([...loginShells, 'noisy', 'slow', 'shell-only'])(
    'with %s runs commands and reads files',
    async (name) => {
      const query = await resultOf('scout_query', {
        hosts: name,
        command: "cat hello.txt | grep -c 'hello' && echo \"it's\" fine",
      });
      expect(query).toMatchObject({ exit_code: 0, stdout: "1\nit's fine\n" });
      expect(query).not.toHaveProperty('stderr');
      const file = await resultOf('scout_read', { targets: [`${name}:hello.txt`] });
      expect(file).toMatchObject({ text: `hello ${name}\n`, owner: users.get(name)?.name });
      const again = await resultOf('scout_read', { targets: [`${name}:~/hello.txt`] });
      expect(again).toMatchObject({ text: `hello ${name}\n`, owner: users.get(name)?.name });
      const directory = await resultOf('scout_read', { targets: [`${name}:`] });
      expect(directory.entries).toContainEqual(expect.objectContaining({ path: 'hello.txt', kind: 'file' }));
    },
  );

  it('with only SFTP reads files, and says of commands that there is no shell', async () => {
    const file = await resultOf('scout_read', { targets: ['sftp-only:hello.txt'] });
    expect(file).toMatchObject({ text: 'hello sftp-only\n' });
    const directory = await resultOf('scout_read', { targets: ['sftp-only:~'] });
    expect(directory.entries).toContainEqual(expect.objectContaining({ path: 'hello.txt' }));
    const query = await resultOf('scout_query', { hosts: 'sftp-only', command: 'true' });
    expect(query.error).toMatchObject({ code: 'no_shell', message: expect.stringContaining('sftp-only') });
  });

  it('with neither shell nor SFTP is told so', async () => {
    const file = await resultOf('scout_read', { targets: ['neither:hello.txt'] });
    expect(file.error).toMatchObject({ code: 'no_shell', message: expect.stringContaining('neither') });
    const query = await resultOf('scout_query', { hosts: 'neither', command: 'true' });
    expect(query.error).toMatchObject({ code: 'no_shell' });
  });
});
