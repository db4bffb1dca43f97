import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bin } from '../fixtures/built-program.ts';
import { type RunningServer, startServer } from '../fixtures/server.ts';
import { type Sshd, startSshd } from '../fixtures/sshd.ts';
import { until } from '../fixtures/until.ts';

let sshd: Sshd;
let server: RunningServer;

beforeAll(async () => {
  sshd = await startSshd();
  server = await startServer(sshd.writeConfig('web1', 'web2'));
});
afterAll(async () => {
  await server.stop();
  await sshd.stop();
});

const hello = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'test', version: '1' } };

/** What comes back for a line as it stands. */
async function replyTo(line: string | Buffer) {
  const before = server.others.length;
  server.write(line);
  server.write('\n');
  await until(() => server.others.length > before);
  return server.others[before];
}

describe('what is no JSON-RPC message', () => {
  it.each(['garbage', '{"jsonrpc":"2.0"', '\u0000', '{]'])('%j gets a parse error', async (line) => {
    expect((await replyTo(line))?.error?.code).toBe(-32700);
  });

  it('that is bytes outside UTF-8 gets a parse error', async () => {
    expect((await replyTo(Buffer.from([0xff, 0xfe, 0x80])))?.error?.code).toBe(-32700);
  });

  it.each(['[]', '[{"jsonrpc":"2.0","id":1,"method":"ping"}]', '7', 'null', '{"id":1}', '{"jsonrpc":"1.0"}'])(
    '%s gets an invalid request error',
    async (line) => {
      expect((await replyTo(line))?.error?.code).toBe(-32600);
    },
  );

  it('gets its own id back where it has one', async () => {
    expect(await replyTo('{"jsonrpc":"2.0","id":"abc","method":5}')).toMatchObject({
      id: 'abc',
      error: { code: -32600 },
    });
  });

  it('that is longer than a line may be is refused without being gathered, and the next line is read', async () => {
    const reply = await replyTo(`"${'x'.repeat(11 * 1024 ** 2)}"`);
    expect(reply?.error).toMatchObject({ code: -32600 });
    expect((await server.request('ping')).result).toEqual({});
  });
});

describe('a batch', () => {
  const list = { jsonrpc: '2.0', id: 'list', method: 'tools/list' };
  const call = { name: 'scout_query', arguments: { hosts: 'web1', command: 'echo well' } };
  const batch = [
    list,
    { jsonrpc: '2.0', method: 'notifications/progress', params: { progressToken: 1, progress: 1 } },
    { id: 'wrong' },
    { jsonrpc: '2.0', id: 'call', method: 'tools/call', params: call },
    [],
  ];
  /** Everything that is answered to a client that speaks this revision, and ends with a batch. */
  const answers = (protocolVersion: string, last: unknown) => {
    const greeting = [
      { jsonrpc: '2.0', id: 1, method: 'initialize', params: { ...hello, protocolVersion } },
      { jsonrpc: '2.0', method: 'notifications/initialized' },
    ];
    const input = [...greeting, last].map((line) => `${JSON.stringify(line)}\n`).join('');
    const env = { PATH: process.env.PATH, HOME: sshd.directory, SCOUT_SSH_CONFIG: sshd.writeConfig('web1') };
    const { stdout } = spawnSync(process.execPath, [bin], { input, env, encoding: 'utf8' });
    const replies = stdout.trimEnd().split('\n').slice(1);
    return replies.map((line) => JSON.parse(line)).sort((a, b) => (String(a.id) < String(b.id) ? -1 : 1));
  };

  it('has an answer for each of its requests in the revision of MCP that has batches', () => {
    expect(answers('2025-03-26', batch)).toMatchObject([
      { id: 'call', result: { structuredContent: { results: [{ stdout: 'well\n' }] } } },
      { id: 'list', result: { tools: expect.anything() } },
      { id: null, error: { code: -32600 } },
      { id: 'wrong', error: { code: -32600 } },
    ]);
    expect(answers('2025-03-26', [])).toMatchObject([{ id: null, error: { code: -32600 } }]);
  });

  it('is no message in the others', () => {
    expect(answers('2025-06-18', batch)).toMatchObject([{ id: null, error: { code: -32600 } }]);
  });
});

describe('requests that ask for what is not there', () => {
  it('get "method not found" for an unknown method', async () => {
    expect((await server.request('tools/destroy')).error?.code).toBe(-32601);
  });

  it('get "invalid params" that lists the tools for an unknown tool', async () => {
    const { error } = await server.request('tools/call', { name: 'scout_destroy', arguments: {} });
    expect(error).toMatchObject({ code: -32602 });
    expect(error?.message).toContain('scout_query');
  });

  it.each([
    { name: 5 },
    {},
    { name: 'scout_hosts', arguments: 'all' },
    { name: 'scout_hosts', arguments: [1] },
  ])('get "invalid params" for tools/call with %j', async (params) => {
    expect((await server.request('tools/call', params)).error?.code).toBe(-32602);
  });

  it.each([undefined, {}, { ...hello, protocolVersion: undefined }, { ...hello, protocolVersion: 20250618 }])(
    'get "invalid params" on one line for initialize with %j, the first request too',
    async (params) => {
      const input = `${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params })}\n`;
      const first = spawnSync(process.execPath, [bin], { input, encoding: 'utf8' });
      const replies = [await server.request('initialize', params), JSON.parse(first.stdout)];
      for (const { error } of replies) {
        expect(error?.code).toBe(-32602);
        expect(error?.message).toMatch(/^MCP error -32602: params[.\w]*: [^\n]*expected [^\n]*$/);
      }
    },
  );

  it('get "invalid params" for resources/read without a URI', async () => {
    expect((await server.request('resources/read', {})).error?.code).toBe(-32602);
  });

  it('get an error with code and fix for a resource of an unknown host', async () => {
    const { error } = await server.request('resources/read', { uri: 'scout://wbe1/etc/hostname' });
    expect(error).toMatchObject({ code: -32002, data: { code: 'unknown_host' } });
    expect(error?.message).toMatch(/^MCP error -32002: unknown_host: [^\n]*\nFix: [^\n]*web1/);
  });
});

describe('tool calls that cannot be', () => {
  const cases: [string, string, unknown, string][] = [
    ['an unknown argument', 'scout_hosts', { probes: true }, 'invalid_argument'],
    ['an argument that every object has', 'scout_hosts', { constructor: 1, toString: 1 }, 'invalid_argument'],
    ['the prototype of an object', 'scout_hosts', JSON.parse('{"__proto__":{"a":1}}'), 'invalid_argument'],
    ['a wrong type', 'scout_read', { targets: 'web1:/etc/hostname' }, 'invalid_argument'],
    ['a missing argument', 'scout_query', { hosts: 'web1' }, 'invalid_argument'],
    ['an unknown host', 'scout_query', { hosts: 'nowhere', command: 'true' }, 'unknown_host'],
    [
      'a host that is an option',
      'scout_query',
      { hosts: '-oProxyCommand=id', command: 'true' },
      'invalid_argument',
    ],
    ['a path that leads up', 'scout_read', { targets: ['web1:/etc/../etc/shadow'] }, 'invalid_target'],
    ['a NUL in a path', 'scout_read', { targets: ['web1:/etc/\u0000'] }, 'invalid_target'],
    ['no path at all', 'scout_read', { targets: ['web1'] }, 'invalid_target'],
    ['a result that never was', 'scout_read', { targets: ['result:abc'] }, 'result_expired'],
    [
      'a megabyte of command',
      'scout_query',
      { hosts: 'web1', command: `echo ${'x'.repeat(2 ** 20)}` },
      'command_refused',
    ],
    ['a megabyte of target', 'scout_read', { targets: [`web1:/${'x'.repeat(2 ** 20)}`] }, 'invalid_argument'],
    ['a megabyte of hosts', 'scout_hosts', { hosts: 'w'.repeat(2 ** 20) }, 'invalid_argument'],
  ];
  it.each(cases)('answer %s as an error with a fix', async (_what, tool, args, code) => {
    const { isError, content, structuredContent } = await server.callTool(tool, args);
    expect(isError).toBe(true);
    expect(content[0].text).toMatch(new RegExp(`^${code}: .+\\nFix: .+`));
    expect(content[0].text.length).toBeLessThan(2_000);
    expect(structuredContent.error?.code ?? structuredContent.results[0].error.code).toBe(code);
  });

  it('leave the server as it was', async () => {
    const { structuredContent } = await server.callTool('scout_query', {
      hosts: 'web*',
      command: 'echo well',
    });
    expect(structuredContent.results).toMatchObject([
      { hosts: ['web1', 'web2'], exit_code: 0, stdout: 'well\n' },
    ]);
  });
});

it('An argument that is called __proto__ is unknown to every tool and prompt', async () => {
  const { tools } = (await server.request('tools/list')).result;
  for (const { name } of tools) {
    const { content } = await server.callTool(name, JSON.parse('{"__proto__":{"hosts":"web1"}}'));
    expect(content[0].text).toMatch(/^invalid_argument: .*unknown argument "__proto__"/);
  }
  const { prompts } = (await server.request('prompts/list')).result;
  for (const { name } of prompts) {
    const given = JSON.parse('{"__proto__":"web1"}');
    const { error } = await server.request('prompts/get', { name, arguments: given });
    expect(error).toMatchObject({ code: -32602 });
    expect(error?.message).toContain('unknown argument "__proto__"');
  }
});

describe('a call that lasts', () => {
  it('reports progress by hosts where the client gave a token', async () => {
    await server.callTool('scout_query', { hosts: 'web*', command: 'true' }, { progressToken: 'p1' });
    const reports = server.others
      .filter(({ params }) => params?.progressToken === 'p1')
      .map(({ params }) => params);
    expect(reports.map((report) => report?.progress)).toEqual([0, 1, 2]);
    expect(reports.every((report) => report?.total === 2)).toBe(true);
  });
});

describe('completion', () => {
  it('completes hosts from what is typed', async () => {
    const { result } = await server.request('completion/complete', {
      ref: { type: 'ref/resource', uri: 'scout://{host}/{+path}' },
      argument: { name: 'host', value: 'we' },
    });
    expect(result.completion).toEqual({ values: ['web1', 'web2'], total: 2, hasMore: false });
  });
});
