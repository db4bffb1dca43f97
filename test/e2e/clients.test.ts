import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bin } from '../fixtures/built-program.ts';
import { type Sshd, startSshd } from '../fixtures/sshd.ts';

const run = promisify(execFile);
const hostname = 'web1:/etc/hostname';
/** By default. */
const offered = ['hosts', 'read', 'find', 'query', 'diff', 'logs', 'inspect'].map((name) => `scout_${name}`);

let sshds: Sshd[];
let env: Record<string, string>;

beforeAll(async () => {
  sshds = await Promise.all([startSshd(), startSshd(), startSshd({ hostKeys: ['rsa', 'ecdsa'] })]);
  const [first, second, third] = sshds as [Sshd, Sshd, Sshd];
  const config = first.writeConfig(
    'web1',
    second.configFor('web2'),
    third.configFor('db1', { IdentityFile: third.keys.rsa }),
  );
  env = { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', SCOUT_SSH_CONFIG: config };
});
afterAll(() => Promise.all(sshds.map((sshd) => sshd.stop())));

describe('the SDK client', () => {
  it('lists and calls every tool and reads every resource', async () => {
    const client = new Client({ name: 'test', version: '1' });
    await client.connect(new StdioClientTransport({ command: process.execPath, args: [bin], env }));
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(offered);
    // the client validates each structured result by the tool's output schema
    const calls: [string, Record<string, unknown>][] = [
      ['scout_hosts', { probe: true }],
      ['scout_read', { targets: ['web1:/etc/hostname', '*:/etc', 'db1:/nowhere'] }],
      ['scout_query', { hosts: 'web*,db1', command: 'uname -s | head -1' }],
      ['scout_query', { hosts: 'web1', command: 'rm -rf /' }],
      ['scout_find', { targets: ['*:/etc'], name: 'hostname', depth: 1 }],
      ['scout_find', { targets: ['web1:/etc'], pattern: '^root:', name: 'passwd', depth: 1 }],
      ['scout_diff', { targets: ['*:/etc/hostname'] }],
      ['scout_diff', { targets: ['db1:/etc/hostname'], content: 'another' }],
      ['scout_logs', { hosts: '*', source: 'file:/etc/hostname' }],
      ...['overview', 'storage', 'network', 'processes', 'services', 'docker', 'compose', 'zfs'].map(
        (what): [string, Record<string, unknown>] => ['scout_inspect', { hosts: 'web1', what }],
      ),
    ];
    expect(new Set(calls.map(([name]) => name))).toEqual(new Set(offered));
    for (const [name, args] of calls) {
      const { structuredContent, content } = await client.callTool({ name, arguments: args });
      expect(structuredContent).toHaveProperty('results');
      expect(content).not.toEqual([]);
    }
    const { resources } = await client.listResources();
    expect(resources.map(({ uri }) => uri)).toEqual([
      'hosts://list',
      'scout-mcp://health',
      'scout-mcp://metrics',
    ]);
    const { resourceTemplates } = await client.listResourceTemplates();
    expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toEqual([
      'scout://{host}/{+path}',
      'scout-mcp://result/{id}',
      'docker://{host}',
      'docker://{host}/{container}/logs',
      'compose://{host}',
      'compose://{host}/{project}',
      'compose://{host}/{project}/logs',
      'zfs://{host}',
      'zfs://{host}/snapshots',
      'zfs://{host}/{pool}',
      'zfs://{host}/{pool}/datasets',
      'syslog://{host}',
    ]);
    for (const uri of [
      'hosts://list',
      'scout-mcp://health',
      'scout-mcp://metrics',
      'scout://db1/etc/hostname',
      'scout://web2/~/',
    ]) {
      const { contents } = await client.readResource({ uri });
      expect(contents).toMatchObject([{ uri, text: expect.stringMatching(/./) }]);
    }
    const { prompts } = await client.listPrompts();
    expect(prompts.map(({ name }) => name)).toEqual(['triage', 'compare', 'find_error', 'disk_full']);
    const { messages } = await client.getPrompt({ name: 'disk_full', arguments: { host: 'db1' } });
    expect(messages).toMatchObject([{ role: 'user', content: { text: expect.stringContaining('db1') } }]);
    await client.close();
  });
});

/** Fetched by npx once, and run from where that put it: another npx takes as long as the Inspector itself. */
describe('the Inspector', { timeout: 150_000 }, () => {
  let inspector: string;
  beforeAll(async () => {
    const where = ['--yes', '--package=@modelcontextprotocol/inspector@2.12.0', '--call'];
    inspector = (await run('npx', [...where, 'command -v mcp-inspector'], { env })).stdout.trim();
  });
  const inspect = async (...args: string[]) => {
    const configEntry = `SCOUT_SSH_CONFIG=${env.SCOUT_SSH_CONFIG}`; // it hands on no other variable
    const command = ['--cli', '-e', configEntry, process.execPath, bin, ...args];
    const { stdout } = await run(inspector, command, { env, cwd: join(bin, '..') });
    return JSON.parse(stdout);
  };

  it('lists the tools', async () => {
    const { tools } = await inspect('--method', 'tools/list');
    expect(tools).toHaveLength(offered.length);
  });

  it('reads a file, runs a command, reads a resource', async () => {
    const call = ['--method', 'tools/call', '--tool-name'];
    const read = await inspect(...call, 'scout_read', '--tool-arg', `targets=["${hostname}"]`);
    expect(read.structuredContent.results).toMatchObject([{ hosts: ['web1'], path: '/etc/hostname' }]);
    const query = await inspect(
      ...call,
      'scout_query',
      '--tool-arg',
      'hosts=*',
      '--tool-arg',
      'command=echo hello',
    );
    expect(query.structuredContent.results).toMatchObject([
      { hosts: ['web1', 'web2', 'db1'], stdout: 'hello\n' },
    ]);
    const { contents } = await inspect('--method', 'resources/read', '--uri', 'hosts://list');
    expect(contents[0].text).toContain('db1');
  });
});

describe('mcporter', { timeout: 150_000 }, () => {
  it('calls a tool', async () => {
    const server = ['--stdio', `${process.execPath} ${bin}`, '--name', 'scout'];
    const command = ['--yes', '--package=mcporter@0.9.0', '--', 'mcporter', 'call', ...server];
    const { stdout } = await run(
      'npx',
      [...command, 'scout_query', 'hosts=db1', 'command=echo hello', '--output', 'json'],
      {
        env,
        cwd: join(bin, '..'),
      },
    );
    expect(JSON.parse(stdout).results).toMatchObject([{ hosts: ['db1'], stdout: 'hello\n' }]);
  });
});
