import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bin } from '../fixtures/built-program.ts';
import { type Reply, startServer } from '../fixtures/server.ts';

const root = dirname(dirname(bin));
const dist = join(root, 'dist');

/** What a start may read and evaluate: counts that do not depend on the machine. */
const mostChunks = 8;
const mostBytes = 60_000;
/** And what one with a flag may, which is read by commander. */
const withFlags = { mostChunks: 12, mostBytes: 120_000 };

const hello = {
  protocolVersion: '2025-06-18',
  capabilities: {},
  clientInfo: { name: 'test', version: '1' },
};
const lists = ['tools/list', 'resources/list', 'resources/templates/list', 'prompts/list', 'ping'];

describe('the start of the server', () => {
  it(`evaluates at most ${mostChunks} files of at most ${mostBytes} bytes`, () => {
    const files = eagerFiles('main.js');
    const bytes = files.reduce((sum, file) => sum + statSync(file).size, 0);
    console.log(`start: ${files.length} files, ${bytes} bytes`);
    expect(files.length).toBeLessThanOrEqual(mostChunks);
    expect(bytes).toBeLessThanOrEqual(mostBytes);
    expect(bytes).toBeGreaterThan(10_000);
  });

  it('answers all that is asked before a call while Node lets it read those files and write none', () => {
    const { replies, stderr } = runConfined([request(1, 'initialize', hello), ...lists.map(numbered)]);
    expect(stderr).toBe('');
    expect(replies.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(replies.filter(({ error }) => error)).toEqual([]);
  });

  it(`evaluates at most ${withFlags.mostChunks} files of at most ${withFlags.mostBytes} bytes where it is given a flag`, () => {
    const [file = ''] = /program-\w+\.js/.exec(readFileSync(join(dist, 'main.js'), 'utf8')) ?? [];
    const files = eagerFiles('main.js', file);
    const bytes = files.reduce((sum, path) => sum + statSync(path).size, 0);
    console.log(`start with a flag: ${files.length} files, ${bytes} bytes`);
    expect(files.length).toBeLessThanOrEqual(withFlags.mostChunks);
    expect(bytes).toBeLessThanOrEqual(withFlags.mostBytes);
    const messages = [request(1, 'initialize', hello), ...lists.map(numbered)];
    const { replies, stderr } = runConfined(messages, { args: ['--query-policy', 'walled'], files });
    expect(stderr).toBe('');
    const asVariable = runConfined(messages, { settings: { SCOUT_QUERY_POLICY: 'walled' } });
    expect(replies).toEqual(asVariable.replies);
    expect(replies).toHaveLength(6);
  });

  it('needs the other files for a call, which the same confinement shows', () => {
    const { stderr } = runConfined([
      request(1, 'initialize', hello),
      request(2, 'tools/call', { name: 'scout_hosts' }),
    ]);
    expect(stderr).toContain('restricted');
  });
});

it('A client that says everything at once and leaves gets the answer of its call', () => {
  const call = request(2, 'tools/call', { name: 'scout_hosts', arguments: {} });
  const { stdout, status } = spawnSync(process.execPath, [bin], {
    env: { PATH: process.env.PATH, SCOUT_SSH_CONFIG: '/dev/null' },
    input: [request(1, 'initialize', hello), call].map((message) => `${JSON.stringify(message)}\n`).join(''),
    encoding: 'utf8',
    timeout: 10_000,
  });
  const replies: Reply[] = stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  expect(replies).toMatchObject([
    { id: 1, result: {} },
    { id: 2, result: {} },
  ]);
  expect(status).toBe(0);
});

describe('what is answered before the server is loaded', () => {
  it.each([
    {},
    { SCOUT_QUERY_POLICY: 'walled', SCOUT_BEAM: 'download' },
    { SCOUT_QUERY_POLICY: 'off', SCOUT_BEAM: 'upload' },
    { SCOUT_QUERY_POLICY: 'unrestricted', SCOUT_BEAM: 'on' },
  ])('is what the loaded server answers, with the settings %j', async (settings) => {
    const before = runConfined([request(1, 'initialize', hello), ...lists.map(numbered)], { settings });
    const server = await startServer('/dev/null', settings);
    try {
      // a second initialize is for the server to judge, and all that follows it
      const replies = [await server.request('initialize', hello)];
      for (const method of lists) replies.push(await server.request(method, {}));
      expect(before.replies.map(({ result }) => result)).toEqual(replies.map(({ result }) => result));
      expect(replies.filter(({ result }) => !result)).toEqual([]);
    } finally {
      await server.stop();
    }
  });
});

/** The program and the files that static imports reach from these of dist/. */
function eagerFiles(...first: readonly string[]): string[] {
  const seen = new Set(first.map((name) => join(dist, name)));
  for (const file of seen) {
    const imports = readFileSync(file, 'utf8').matchAll(/(?:from|import) ?"\.\/([\w-]+\.js)"/g);
    for (const [, name = ''] of imports) seen.add(join(dist, name));
  }
  return [bin, ...seen];
}

/** Run it on these messages under Node's permission model: no process, no write, no read but of its first files. */
function runConfined(
  messages: readonly object[],
  {
    args = [],
    settings = {},
    files = eagerFiles('main.js'),
  }: {
    readonly args?: readonly string[];
    readonly settings?: Readonly<Record<string, string>>;
    readonly files?: readonly string[];
  } = {},
) {
  const permission = process.allowedNodeEnvironmentFlags.has('--permission')
    ? '--permission'
    : '--experimental-permission';
  const readable = [...files, join(root, 'package.json')];
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [
      permission,
      '--disable-warning=ExperimentalWarning',
      ...readable.map((file) => `--allow-fs-read=${file}`),
      bin,
      ...args,
    ],
    {
      env: { PATH: process.env.PATH, HOME: root, ...settings },
      input: messages.map((message) => `${JSON.stringify(message)}\n`).join(''),
      encoding: 'utf8',
      timeout: 10_000,
    },
  );
  const lines = stdout.split('\n').filter(Boolean);
  const replies: Reply[] = lines.map((line) => JSON.parse(line));
  return { replies, stderr };
}

function numbered(method: string, index: number) {
  return request(index + 2, method, {});
}

function request(id: number, method: string, params: object) {
  return { jsonrpc: '2.0', id, method, params };
}
