import { describe, expect, it, vi } from 'vitest';
import { settingRows } from '../../src/config.ts';
import { tools } from '../../src/tools/index.ts';
import { run, runWith, useConfig } from './run-main.ts';

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
  [['call', 'scout_hosts', 'hosts=web1', 'hosts=web2'], /^scout-mcp call: hosts is given twice/],
  [['call'], /^error: missing required argument 'tool'/],
  [['config', 'emacs'], /^scout-mcp config: emacs is not known; there are: claude-desktop, .*gemini\n$/],
  [['config', 'constructor'], /^scout-mcp config: constructor is not known; /],
  [['config'], /^error: missing required argument 'client'/],
  [['hosts', 'a', 'b'], /^error: too many arguments/],
  [['hosts', '--bogus'], /^error: unknown option '--bogus'/],
  [['--bogus'], /^error: unknown option '--bogus'/],
  [['serve', 'web1'], /^error: too many arguments/],
  [['--idle-timeout'], /^error: .*argument missing/],
  [['bogus'], /^error: unknown command "bogus"\n\nUsage: scout-mcp \[options\] \[command\]\n/],
  [['bogus', 'web1'], /^error: unknown command "bogus"\n\nUsage: /],
  [['host'], /^error: unknown command "host"\n\nUsage: /],
])('%j is wrong usage', async (argv, message) => {
  const { stdout, stderr, code } = await run(...argv);
  expect({ stdout, code }).toEqual({ stdout: '', code: 2 });
  expect(stderr).toMatch(message);
});

it('Help names every command', async () => {
  const { code, stdout, stderr } = await run('--help');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  for (const command of ['serve', 'hosts', 'call', 'config', 'demo'])
    expect(stdout).toMatch(new RegExp(`^  ${command}\\b`, 'm'));
});

describe('A setting that is not valid', () => {
  // Every variable has a value that nothing of its kind can be; test/config.test.ts goes through the kinds.
  const rows = settingRows().filter(({ allowed }) => !['a path', 'a comma-separated list'].includes(allowed));

  it('stops the server with one line that names the variable, the value and what is allowed', async () => {
    expect(rows.length).toBeGreaterThan(20);
    for (const { variable, allowed } of rows) {
      const { code, stdout, stderr } = await runWith({ [variable]: '~no~' });
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr.trimEnd()).not.toContain('\n');
      expect(stderr).toContain(`scout-mcp: ${variable}="~no~" is not valid: allowed is ${allowed}`);
    }
  });

  it('is named as the flag that it came by, though the variable is fine', async () => {
    for (const { variable, flag, allowed } of rows) {
      const { code, stdout, stderr } = await runWith({ [variable]: '' }, 'serve', `--${flag}`, '~no~');
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr.trimEnd()).not.toContain('\n');
      expect(stderr).toContain(`scout-mcp: --${flag}="~no~" is not valid: allowed is ${allowed}`);
    }
  });

  it('stops every other command too', async () => {
    const { code, stdout, stderr } = await runWith({ SCOUT_FANOUT: '0' }, 'hosts');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^scout-mcp: SCOUT_FANOUT="0" is not valid: .*\n$/);
  });
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
