import { expect, it, vi } from 'vitest';
import { settingRows } from '../../src/config.ts';
import { tools } from '../../src/tools/index.ts';
import { run, useConfig } from './run-main.ts';

useConfig('Host web1\n  HostName 10.0.0.1\nHost db1\n  HostName 10.0.0.2\n  User postgres\n');

it('The hosts are a table without the markers that a model needs', async () => {
  expect(await run('hosts', 'db*')).toEqual({
    code: 0,
    stderr: '',
    stdout: '1 host\nHOST  ADDRESS   USER      JUMP  STATE\ndb1   10.0.0.2  postgres  -     not connected\n',
  });
});

it('A call shows what a model sees', async () => {
  const { stdout, code } = await run('call', 'scout_hosts', 'hosts=web1');
  expect(stdout).toMatch(/^1 host\n<<<(\w+) hosts\n[\s\S]*\n>>>\1\n$/);
  expect(code).toBe(0);
});

it('A call that fails is told on stderr', async () => {
  const { stdout, stderr, code } = await run('call', 'scout_hosts', 'hosts=web7');
  expect({ stdout, code }).toEqual({ stdout: '', code: 1 });
  expect(stderr).toMatch(/^unknown_host: .*"web7"\nFix: Did you mean web1\?.*\n$/);
});

it.each([
  [
    ['call', 'scout_nothing'],
    /^scout-mcp call: there is no tool "scout_nothing"; there are: scout_hosts, .*\n$/,
  ],
  [['call', 'scout_hosts', 'web1'], /^scout-mcp call: "web1" is not key=value\n$/],
  [['config', 'emacs'], /^scout-mcp config: emacs is not known; there are: claude-desktop, .*\n$/],
])('%j is wrong usage', async (argv, message) => {
  const { stdout, stderr, code } = await run(...argv);
  expect({ stdout, code }).toEqual({ stdout: '', code: 2 });
  expect(stderr).toMatch(message);
});

it('Help names every tool and every setting', async () => {
  const call = await run('help', 'call');
  const text = call.stdout.replace(/\s+/g, ' ');
  expect(text).toContain(`tool ${tools.map(({ name }) => name).join(', ')} arguments `);
  const serve = await run('serve', '--help');
  for (const { flag, variable } of settingRows()) {
    expect(serve.stdout).toContain(`--${flag} `);
    expect(serve.stdout).toContain(variable);
  }
  expect([call.code, serve.code]).toEqual([0, 0]);
});

it('An entry for a client is all there is on stdout', async () => {
  const { stdout, stderr } = await run('config', 'vscode');
  expect(JSON.parse(stdout)).toEqual({
    servers: { scout: { type: 'stdio', command: 'npx', args: ['-y', 'scout-mcp'] } },
  });
  expect(stderr).toMatch(/^For \.vscode\/mcp\.json.*:\n$/);
});

it('A reader that goes away is no failure, a full disk is', async () => {
  await run('config', 'cursor');
  const fail = (code: string) => process.stdout.emit('error', Object.assign(new Error(code), { code }));
  const told = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  fail('EPIPE');
  expect(process.exitCode).toBeUndefined();
  fail('ENOSPC');
  expect(process.exitCode).toBe(1);
  expect(told.mock.calls).toEqual([['scout-mcp: stdout cannot be written: ENOSPC\n']]);
  process.exitCode = undefined;
  vi.restoreAllMocks();
});
