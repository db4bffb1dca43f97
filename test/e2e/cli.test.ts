import { type SpawnSyncReturns, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { settingRows } from '../../src/config.ts';
import { bin } from '../fixtures/built-program.ts';
import { commandLine } from '../fixtures/processes.ts';
import { type Sshd, startSshd } from '../fixtures/sshd.ts';
import { until } from '../fixtures/until.ts';

let sshd: Sshd;
let config: string;
let directory: string;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'scout-cli-'));
  sshd = await startSshd();
  const off = (alias: string) => `Host ${alias}\n  HostName 127.0.0.1\n  Port 1\n  User nobody\n`;
  config = sshd.writeConfig('web1', 'web2', off('off1'));
});
afterAll(async () => {
  await sshd.stop();
  rmSync(directory, { recursive: true });
});

type Variables = Readonly<Record<string, string>>;

/** The built program as a person starts it, with these variables beside those every program has. */
function scout(args: readonly string[], variables: Variables = {}): SpawnSyncReturns<string> {
  return spawnSync(process.execPath, [bin, ...args], {
    env: environment(variables),
    input: '',
    encoding: 'utf8',
    timeout: 50_000,
  });
}

/** On a busy machine a call may be a slow one, which is said on stderr. */
function environment(variables: Variables): NodeJS.ProcessEnv {
  const own = { SCOUT_SSH_CONFIG: config, SCOUT_SLOW_THRESHOLD_MS: '3600000' };
  return { PATH: process.env.PATH, HOME: process.env.HOME, ...own, ...variables };
}

/** A shell line in which `$scout` is the program. */
function shell(line: string, variables: Variables = {}): SpawnSyncReturns<string> {
  const env = environment({ scout: `${process.execPath} ${bin}`, ...variables });
  return spawnSync('/bin/sh', ['-c', line], { env, input: '', encoding: 'utf8', timeout: 50_000 });
}

describe('scout-mcp hosts', () => {
  it('prints an aligned table and nothing else', () => {
    const { status, stdout, stderr } = scout(['hosts']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const [count, header = '', ...rows] = stdout.trimEnd().split('\n');
    expect(count).toBe('3 hosts');
    expect(rows.map((row) => row.split(' ')[0])).toEqual(['web1', 'web2', 'off1']);
    const column = header.indexOf('ADDRESS');
    for (const row of rows) expect(row.slice(column - 1)).toMatch(/^ 127\.0\.0\.1:\d+ /);
    expect(stdout).not.toContain('\x1b');
  });

  it('takes a pattern with exclusions', () => {
    const { stdout } = scout(['hosts', 'web*,!web2']);
    expect(stdout).toMatch(/^1 host\nHOST.*\nweb1 .*\n$/);
  });

  it('probes without a login', () => {
    const before = sshd.log().length;
    const { status, stdout } = scout(['hosts', '--probe']);
    expect(status).toBe(0);
    expect(stdout).toMatch(/web1 .*SSH-2\.0-OpenSSH/);
    expect(stdout).toMatch(/off1 .*unreachable/);
    expect(sshd.log().slice(before)).not.toContain('Accepted');
  });

  it('gives the structured result as JSON', () => {
    const { stdout, stderr } = scout(['hosts', 'web1', '--json']);
    expect(stderr).toBe('');
    expect(JSON.parse(stdout).results[0].hosts).toMatchObject([{ host: 'web1', port: sshd.port }]);
  });

  it('fails for a host that does not exist, with the nearest one', () => {
    const { status, stdout, stderr } = scout(['hosts', 'web3']);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(/^unknown_host: .*\nFix: Did you mean web1/);
    const asJson = scout(['hosts', 'web3', '--json']);
    expect(asJson.status).toBe(1);
    expect(JSON.parse(asJson.stdout).error.code).toBe('unknown_host');
  });

  it('does not mind a reader that has seen enough', () => {
    const many = join(directory, 'many');
    const blocks = Array.from({ length: 3_000 }, (_, index) => `Host h${index}\n  HostName 10.0.0.1\n`);
    writeFileSync(many, blocks.join('')); // more than a pipe holds
    const script = '{ $scout hosts; echo "exit $?" >&2; } | head -1';
    const { stdout, stderr } = shell(script, { SCOUT_SSH_CONFIG: many, SCOUT_LOG_LEVEL: 'silent' });
    expect(stdout).toBe('3000 hosts\n');
    expect(stderr).toBe('exit 0\n');
  });

  it.each(['hosts', '--version', 'hosts --help'])('says that a full disk took nothing of %s', (args) => {
    const { status, stderr } = shell(`exec $scout ${args} > /dev/full`);
    expect(status).toBe(1);
    expect(stderr).toBe('scout-mcp: stdout cannot be written: ENOSPC\n');
  });

  it('goes on where stderr cannot be written', () => {
    const { status, stdout } = shell('exec $scout hosts web1 2> /dev/full', {
      SCOUT_LOG_LEVEL: 'debug',
      SCOUT_SLOW_THRESHOLD_MS: '0',
    });
    expect(stdout).toMatch(/^1 host\n/);
    expect(status).toBe(0);
  });
});

describe('scout-mcp call', () => {
  it('answers as an MCP client would see it', () => {
    const { status, stdout, stderr } = scout(['call', 'scout_query', 'hosts=web1', 'command=echo a=b']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^web1: exit 0, \d+ ms\n<<<(\w+) stdout\na=b\n>>>\1\n$/);
  });

  it('takes a list as JSON, and a key several times', () => {
    const file = (name: string) => join(directory, name);
    for (const name of ['a', 'b', 'c']) writeFileSync(file(name), `${name}1\n${name}2\n`);
    const list = JSON.stringify([`web1:${file('a')}`, `web1:${file('b')}`]);
    const args = [`targets=${list}`, `targets=web2:${file('c')}`, 'offset=-1', '--json'];
    const { status, stdout } = scout(['call', 'scout_read', ...args]);
    expect(status).toBe(0);
    expect(JSON.parse(stdout).results.map(({ text }: { text: string }) => text)).toEqual([
      'a2\n',
      'b2\n',
      'c2\n',
    ]);
  });

  it('has exit code 1 where every host failed, and 0 where one answered', () => {
    const failed = scout(['call', 'scout_query', 'hosts=off1', 'command=true']);
    expect({ status: failed.status, stdout: failed.stdout }).toEqual({ status: 1, stdout: '' });
    expect(failed.stderr).toMatch(/^unreachable: .*off1.*\nFix: /m);
    const partly = scout(['call', 'scout_query', 'hosts=web1,off1', 'command=true']);
    expect(partly.status).toBe(0);
    expect(partly.stdout).toMatch(/^2 hosts: 1 answered, 1 failed/);
  });

  it('has exit code 1 for a command that is refused, which no host hears of', () => {
    const before = sshd.connectionCount();
    const { status, stdout, stderr } = scout(['call', 'scout_query', 'hosts=web1', 'command=rm -rf /']);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(/^command_refused: .*\brm\b.*\nFix: /);
    expect(sshd.connectionCount()).toBe(before);
  });

  it.each([
    [['call', 'scout_nothing'], 'there is no tool "scout_nothing"'],
    [['call', 'scout_hosts', 'web1'], '"web1" is not key=value'],
    [['call', 'scout_hosts', 'hosts=web1', 'hosts=web2'], 'hosts is given twice'],
    [['call'], "missing required argument 'tool'"],
  ])('is used wrongly by %j', (args, message) => {
    const { status, stdout, stderr } = scout(args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(message);
  });

  it('stops on Ctrl-C, the remote command as well', async () => {
    const fifo = join(sshd.directory, 'fifo');
    spawnSync('mkfifo', ['-m', '666', fifo]);
    const args = ['call', 'scout_query', 'hosts=web1', `command=cat ${fifo} | grep x`];
    const child = spawn(process.execPath, [bin, ...args], { env: environment({}) });
    const output = text(child.stderr);
    await until(() => sshd.processes().some((pid) => commandLine(pid).includes(fifo)));
    child.kill('SIGINT');
    const [code] = await once(child, 'exit');
    expect(code).toBe(1);
    expect(await output).toBe('scout-mcp: the call was cancelled\n');
    await until(() => sshd.processes().length === 0, 1_000);
  });
});

describe('scout-mcp config', () => {
  const entry = { command: 'npx', args: ['-y', 'scout-mcp'] };
  const typed = { type: 'stdio', ...entry };

  it.each([
    ['claude-desktop', { mcpServers: { scout: entry } }],
    ['claude-code', { mcpServers: { scout: typed } }],
    ['cursor', { mcpServers: { scout: entry } }],
    ['vscode', { servers: { scout: typed } }],
    ['windsurf', { mcpServers: { scout: entry } }],
    ['gemini', { mcpServers: { scout: entry } }],
  ])('prints JSON for %s, and says on stderr where it belongs', (client, expected) => {
    const { status, stdout, stderr } = scout(['config', client]);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toEqual(expected);
    expect(stderr).toMatch(/^For .*json.*:\n$/);
  });

  it('prints TOML for codex', () => {
    expect(scout(['config', 'codex']).stdout).toBe(
      '[mcp_servers.scout]\ncommand = "npx"\nargs = ["-y","scout-mcp"]\n',
    );
  });

  it.each([['emacs'], ['constructor']])('knows no %s', (client) => {
    const { status, stdout, stderr } = scout(['config', client]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/^scout-mcp config: .* is not known; there are: .*gemini\n$/);
  });
});

describe('the command line', () => {
  it('says its version', () => {
    const { version } = JSON.parse(readFileSync(join(bin, '../../package.json'), 'utf8'));
    expect(scout(['--version'])).toMatchObject({ status: 0, stdout: `${version}\n`, stderr: '' });
  });

  it('says what it can do', () => {
    const { status, stdout, stderr } = scout(['--help']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    for (const command of ['serve', 'hosts', 'call', 'config', 'demo']) {
      expect(stdout).toMatch(new RegExp(`^  ${command}\\b`, 'm'));
    }
  });

  it.each([[['bogus']], [['bogus', 'web1']], [['host']]])('does not know %j', (args) => {
    const { status, stdout, stderr } = scout(args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(
      /^error: unknown command "(bogus|host)"\n\nUsage: scout-mcp \[options\] \[command\]\n/,
    );
  });

  it.each([
    [['hosts', 'a', 'b'], 'too many arguments'],
    [['hosts', '--bogus'], "unknown option '--bogus'"],
    [['--bogus'], "unknown option '--bogus'"],
    [['serve', 'web1'], 'too many arguments'],
    [['--idle-timeout'], 'argument missing'],
    [['config'], "missing required argument 'client'"],
  ])('is used wrongly by %j', (args, message) => {
    const { status, stdout, stderr } = scout(args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr.split('\n')[0]).toContain(message);
  });
});

describe('a setting that is not valid', () => {
  // Every variable has a value that nothing of its kind can be; test/config.test.ts goes through the kinds.
  const rows = settingRows().filter(({ allowed }) => !['a path', 'a comma-separated list'].includes(allowed));

  it('stops the server with one line that names the variable, the value and what is allowed', () => {
    expect(rows.length).toBeGreaterThan(20);
    for (const { variable, allowed } of rows.filter((_, index) => index % 4 === 0)) {
      const { status, stdout, stderr } = scout([], { [variable]: '~no~' });
      expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
      expect(stderr.trimEnd()).not.toContain('\n');
      expect(stderr).toContain(`scout-mcp: ${variable}="~no~" is not valid: allowed is ${allowed}`);
    }
  });

  it('is named as the flag that it came by, though the variable is fine', () => {
    for (const { variable, flag, allowed } of rows.filter((_, index) => index % 4 === 1)) {
      const { status, stdout, stderr } = scout(['serve', `--${flag}`, '~no~'], { [variable]: '' });
      expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
      expect(stderr.trimEnd()).not.toContain('\n');
      expect(stderr).toContain(`scout-mcp: --${flag}="~no~" is not valid: allowed is ${allowed}`);
    }
  });

  it('stops every other command too', () => {
    const { status, stdout, stderr } = scout(['hosts'], { SCOUT_FANOUT: '0' });
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/^scout-mcp: SCOUT_FANOUT="0" is not valid: .*\n$/);
  });
});

describe('a setting that is valid', () => {
  it('is taken from the variable, and counts as unset when that is empty', () => {
    expect(scout(['hosts'], { SCOUT_HOSTS: 'web*' }).stdout).toMatch(/^2 hosts\n/);
    expect(scout(['hosts'], { SCOUT_HOSTS: '' }).stdout).toMatch(/^3 hosts\n/);
  });

  it('is taken from the flag rather than from the variable', () => {
    const list = '{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"hosts://list"}}';
    for (const flags of ['serve --hosts off1', "--hosts='off*'"]) {
      const { status, stdout } = shell(`echo '${list}' | $scout ${flags}`, { SCOUT_HOSTS: 'nobody,,' });
      expect(status).toBe(0);
      expect(JSON.parse(stdout).result.contents[0].text).toMatch(/^1 host\n[\s\S]*\noff1 /);
    }
  });
});

it('Serving from a terminal gives one hint, and serves all the same', async () => {
  const hint = join(directory, 'hint');
  const onTerminal = `stty -echo; ${process.execPath} ${bin} 2>${hint}`;
  const child = spawn('script', ['-qec', onTerminal, '/dev/null'], {
    env: environment({ SHELL: '/bin/sh' }),
  });
  let stdout = '';
  child.stdout.on('data', (data) => {
    stdout += data;
  });
  await until(() => existsSync(hint) && statSync(hint).size > 0);
  child.stdin.write('{"jsonrpc":"2.0","id":1,"method":"ping"}\n');
  await until(() => stdout.includes('{"result":{},"jsonrpc":"2.0","id":1}'));
  child.stdin.end();
  await once(child, 'exit');
  expect(readFileSync(hint, 'utf8')).toBe(
    'scout-mcp serves MCP on stdin and stdout: an MCP client starts it. See scout-mcp --help.\n',
  );
  expect(scout([]).stderr).toBe('');
});
