import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bin } from '../fixtures/built-program.ts';
import { allProcesses, commandLine } from '../fixtures/processes.ts';
import { type RunningServer, startServer } from '../fixtures/server.ts';
import { type Sshd, startSshd } from '../fixtures/sshd.ts';
import { until } from '../fixtures/until.ts';

let sshd: Sshd;
let config: string;
let fifo: string;

beforeAll(async () => {
  sshd = await startSshd();
  config = sshd.writeConfig('web1');
  fifo = join(sshd.directory, 'fifo');
  spawnSync('mkfifo', ['-m', '666', fifo]);
});
afterAll(() => sshd.stop());

/** A call that waits for ever, once its remote processes are there. */
async function hangingCall(server: RunningServer): Promise<void> {
  server.write(
    `${JSON.stringify({
      jsonrpc: '2.0',
      id: 'hanging',
      method: 'tools/call',
      params: { name: 'scout_query', arguments: { hosts: 'web1', command: `cat ${fifo} | grep x` } },
    })}\n`,
  );
  await until(() => remoteCommands().length >= 2);
}

/** Processes of the hanging command that still live on the "remote" machine, wherever they hang now. */
function remoteCommands(): string[] {
  return allProcesses()
    .filter(({ name }) => name === 'cat' || name === 'grep')
    .map(({ pid }) => commandLine(pid))
    .filter((command) => command.includes(fifo) || command === 'grep -- x');
}

async function endsWithin(server: RunningServer, limitMs: number): Promise<number | null> {
  const startedMs = performance.now();
  const { code } = await server.exited;
  expect(performance.now() - startedMs).toBeLessThan(limitMs);
  return code;
}

describe('the end of a server', () => {
  it('comes with exit 0 at once when stdin ends and nothing is under way', async () => {
    const server = await startServer(config);
    server.child.stdin.end();
    expect(await endsWithin(server, 1_000)).toBe(0);
  });

  it('lets calls in flight answer after stdin has ended', async () => {
    const server = await startServer(config);
    await server.callTool('scout_query', { hosts: 'web1', command: 'true' });
    const reply = server.request('tools/call', {
      name: 'scout_query',
      arguments: { hosts: 'web1', command: 'echo last words' },
    });
    server.child.stdin.end();
    expect((await reply).result.structuredContent.results[0].stdout).toBe('last words\n');
    expect(await endsWithin(server, 2_000)).toBe(0);
  });

  it.each([
    ['', '\n'],
    [' that stands in for the last newline', ''],
  ])('answers calls that came in one piece with the end of stdin%s', async (_, last) => {
    const refusing = sshd.writeConfig(sshd.configFor('web1', { Port: '1' })); // an answer that comes fast, by the network
    const clientInfo = { name: 'test', version: '1' };
    const hello = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo };
    const call = { name: 'scout_query', arguments: { hosts: 'web1', command: 'true' } };
    const messages = [
      { id: 1, method: 'initialize', params: hello },
      { method: 'notifications/initialized' },
      { id: 2, method: 'tools/call', params: call },
      { id: 3, method: 'resources/read', params: { uri: 'scout://web1/etc/hostname' } },
    ];
    const input = messages.map((message) => JSON.stringify({ jsonrpc: '2.0', ...message })).join('\n') + last;
    const env = { PATH: process.env.PATH, HOME: sshd.directory, SCOUT_SSH_CONFIG: refusing };
    const { stdout, status } = spawnSync(process.execPath, [bin], { input, env, encoding: 'utf8' });
    const replies = stdout.trim().split('\n');
    expect(replies.map((line) => JSON.parse(line).id).sort()).toEqual([1, 2, 3]);
    expect(stdout).toContain('unreachable');
    expect(status).toBe(0);
  });

  it('answers a last call that comes without a newline', async () => {
    const server = await startServer(config);
    await server.callTool('scout_query', { hosts: 'web1', command: 'true' });
    const call = { name: 'scout_query', arguments: { hosts: 'web1', command: 'echo last words' } };
    server.child.stdin.end(JSON.stringify({ jsonrpc: '2.0', id: 9, method: 'tools/call', params: call }));
    expect(await endsWithin(server, 2_000)).toBe(0);
    expect(server.others).toMatchObject([
      { id: 9, result: { structuredContent: { results: [{ stdout: 'last words\n' }] } } },
    ]);
  });

  it('comes within 2 s of the end of stdin though a call hangs, and takes its remote processes along', async () => {
    const server = await startServer(config);
    await hangingCall(server);
    server.child.stdin.end();
    expect(await endsWithin(server, 2_000)).toBe(0);
    await until(() => remoteCommands().length === 0 && sshd.processes().length === 0, 1_000);
  });

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('comes within 2 s of %s', async (signal) => {
    const server = await startServer(config);
    await hangingCall(server);
    server.child.kill(signal);
    expect(await endsWithin(server, 2_000)).toBe(0);
    await until(() => remoteCommands().length === 0 && sshd.processes().length === 0, 1_000);
  });

  it('comes within 2 s when nobody reads stdout any more', async () => {
    const server = await startServer(config);
    await server.callTool('scout_query', { hosts: 'web1', command: 'true' });
    server.child.stdout.destroy();
    server.write('{"jsonrpc":"2.0","id":99,"method":"ping"}\n');
    expect(await endsWithin(server, 2_000)).toBe(0);
    expect(server.stderr()).not.toContain('EPIPE');
    await until(() => remoteCommands().length === 0 && sshd.processes().length === 0, 1_000);
  });

  it('leaves no remote process when it is killed with SIGKILL', async () => {
    const server = await startServer(config);
    await hangingCall(server);
    server.child.kill('SIGKILL');
    await until(() => remoteCommands().length === 0 && sshd.processes().length === 0, 1_000);
  });
});

it('A server whose stderr nobody reads any more answers, and ends as any other', async () => {
  const server = await startServer(config, { SCOUT_LOG_LEVEL: 'debug' });
  server.child.stderr.destroy();
  for (const word of ['one', 'two']) {
    const answer = await server.callTool('scout_query', { hosts: 'web1', command: `echo ${word}` });
    expect(answer.structuredContent.results[0].stdout).toBe(`${word}\n`);
  }
  server.child.stdin.end();
  expect(await endsWithin(server, 1_000)).toBe(0);
});

describe('the start of a server', () => {
  it('sends no packet and writes nothing but JSON-RPC', async () => {
    const before = sshd.connectionCount();
    const server = await startServer(config);
    await server.callTool('scout_hosts', {});
    expect(sshd.connectionCount()).toBe(before);
    await server.stop();
    expect(server.lines.every((line) => JSON.parse(line).jsonrpc === '2.0')).toBe(true);
  });

  it('stops with exit 2 and one line on stderr for a setting that is not valid', async () => {
    const run = spawnSync(process.execPath, [bin], {
      env: { ...process.env, SCOUT_IDLE_TIMEOUT: 'soon' },
      input: '',
      encoding: 'utf8',
    });
    expect(run.status).toBe(2);
    expect(run.stdout).toBe('');
    expect(run.stderr).toMatch(/^scout-mcp: SCOUT_IDLE_TIMEOUT="soon" is not valid: .*\n$/);
  });
});

describe('a cancelled call', () => {
  it('answers nothing and leaves no remote process', async () => {
    const server = await startServer(config);
    await hangingCall(server);
    server.notify('notifications/cancelled', { requestId: 'hanging', reason: 'changed my mind' });
    await until(() => remoteCommands().length === 0, 1_000);
    const after = await server.callTool('scout_query', { hosts: 'web1', command: 'echo still here' });
    expect(after.structuredContent.results[0].stdout).toBe('still here\n');
    expect(server.others.filter(({ id }) => id === 'hanging')).toEqual([]);
    await server.stop();
  });
});
