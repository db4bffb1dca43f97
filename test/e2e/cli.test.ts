import { type SpawnSyncReturns, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bin } from '../fixtures/built-program.ts';
import { commandLine } from '../fixtures/processes.ts';
import { type Sshd, startSshd } from '../fixtures/sshd.ts';
import { until } from '../fixtures/until.ts';

let sshd: Sshd;
let config: string;

beforeAll(async () => {
  sshd = await startSshd();
  config = sshd.writeConfig('web1', 'web2', 'Host off1\n  HostName 127.0.0.1\n  Port 1\n  User nobody\n');
});
afterAll(async () => {
  await sshd.stop();
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
  it('does not mind a reader that has seen enough', () => {
    const many = join(sshd.directory, 'many');
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

describe('the command line', () => {
  it('says its version', () => {
    const { version } = JSON.parse(readFileSync(join(bin, '../../package.json'), 'utf8'));
    expect(scout(['--version'])).toMatchObject({ status: 0, stdout: `${version}\n`, stderr: '' });
  });

  it.each<[string[], number, RegExp]>([
    [['hosts', 'web3'], 1, /^unknown_host: .*\nFix: Did you mean web1/],
    [['call', 'scout_query', 'hosts=off1', 'command=true'], 1, /^unreachable: /m],
    [['bogus'], 2, /^error: unknown command/],
    [['serve', '--fanout', '0'], 2, /^scout-mcp: --fanout="0" is not valid: .*\n$/],
  ])('%j has exit code %d', (args, expected, message) => {
    const { status, stdout, stderr } = scout(args);
    expect({ status, stdout }).toEqual({ status: expected, stdout: '' });
    expect(stderr).toMatch(message);
  });

  it('takes a setting from the flag rather than from the variable', () => {
    const list = '{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"hosts://list"}}';
    for (const flags of ['serve --hosts off1', "--hosts='off*'"]) {
      const { status, stdout } = shell(`echo '${list}' | $scout ${flags}`, { SCOUT_HOSTS: 'nobody,,' });
      expect(status).toBe(0);
      expect(JSON.parse(stdout).result.contents[0].text).toMatch(/^1 host\n[\s\S]*\noff1 /);
    }
  });
});

it('Serving from a terminal gives one hint, and serves all the same', async () => {
  const hint = join(sshd.directory, 'hint');
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
