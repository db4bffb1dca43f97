import { expect, it, vi } from 'vitest';
import { run, useConfig } from './run-main.ts';

useConfig('Host web1 web2\n  HostName 127.0.0.1\n  IdentityFile /none\n');

it('An allowed command is a table of its words, what is sent, and the verdict', async () => {
  expect(await run('explain', 'ls -l /var | head -3')).toEqual({
    code: 0,
    stderr: '',
    stdout: `WORD  READ AS
ls    program ls
-l    option -l, takes no value
/var  operand: a path
|     operator: its output is the input of
head  program head
-3    option -n with a number such as 20, -20 or +20

Sent as: 'ls' '-l' '--' '/var' | 'head' '-n' '3'
Verdict: allowed
`,
  });
});

it('A refused command says so in the words of the tool, and exits with 1', async () => {
  const { code, stdout } = await run('explain', 'tail -f /var/log/syslog');
  expect(code).toBe(1);
  expect(stdout).toContain('-f               refused: -f: it never ends\n/var/log/syslog  not looked at\n');
  const [, verdict, fix] = /Verdict: refused: (.*)\n(.*)\n$/.exec(stdout) ?? [];
  const tool = await run('call', 'scout_query', 'hosts=web1', 'command=tail -f /var/log/syslog');
  expect(tool.stderr).toContain(`command_refused: ${verdict}\nFix: ${fix}\n`);
});

it('A working directory counts, and one that no call may have is wrong usage', async () => {
  expect((await run('explain', 'cat kmsg')).code).toBe(0);
  expect((await run('explain', 'cat kmsg', '--cwd', '/proc')).code).toBe(1);
  expect(await run('explain', 'ls', '--cwd', '/a/../b')).toMatchObject({ code: 2, stdout: '' });
});

it('The settings that change the verdict change what is explained', async () => {
  expect((await run('explain', 'cat /etc/motd')).code).toBe(0);
  vi.stubEnv('SCOUT_DENY_PATHS', '/etc/motd');
  const denied = await run('explain', '--json', 'cat /etc/motd');
  expect(denied.code).toBe(1);
  expect(JSON.parse(denied.stdout)).toMatchObject({ allowed: false, error: { code: 'path_denied' } });
  vi.stubEnv('SCOUT_QUERY_POLICY', 'unrestricted');
  const free = await run('explain', 'rm x');
  expect(free).toMatchObject({ code: 0, stdout: expect.stringContaining('SCOUT_QUERY_POLICY=unrestricted') });
  expect(free.stdout).toContain('Sent as: rm x\nVerdict: allowed\n');
  vi.stubEnv('SCOUT_QUERY_POLICY', 'off');
  expect((await run('explain', 'ls')).stdout).toContain('scout_query is not offered');
});

it('For machines there is an object with the same facts', async () => {
  const { stdout } = await run('explain', '--json', 'ls -l');
  expect(JSON.parse(stdout)).toEqual({
    allowed: true,
    policy: 'readonly',
    sent: "'ls' '-l'",
    words: [
      { word: 'ls', role: 'program ls', state: 'read' },
      { word: '-l', role: 'option -l, takes no value', state: 'read' },
    ],
  });
});

it('What hardens a host is printed in blocks that can be pasted, and nobody is asked', async () => {
  const { code, stdout, stderr } = await run('harden', 'web1');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  for (const line of [
    "useradd -M -d /home/scout -s /bin/sh -p '*' scout",
    'ssh-keygen -t ed25519 -f ~/.ssh/scout_web1_ed25519 -C scout-mcp',
    'restrict,from="127.0.0.1" PASTE_HERE_THE_LINE_OF_scout_web1_ed25519.pub scout-mcp',
    'Match User scout',
    'Host web1-scout',
    'scout-mcp doctor web1-scout',
  ]) {
    expect(stdout.split('\n')).toContain(line);
  }
  const { key_line } = JSON.parse((await run('harden', 'web1', '--json', '--user', 'looker')).stdout);
  expect(key_line.text).toMatch(/^restrict,from="127\.0\.0\.1" /);
  expect(await run('harden', 'web1,web2')).toMatchObject({
    code: 2,
    stdout: '',
    stderr: 'scout-mcp harden: web1,web2 names 2 hosts; harden takes one at a time\n',
  });
  expect(await run('harden', 'web7')).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^unknown_host: /),
  });
});
