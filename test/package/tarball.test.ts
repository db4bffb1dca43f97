import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import '../fixtures/built-program.ts';

const root = join(import.meta.dirname, '..', '..');
let app: string;
let packed: { filename: string; size: number; unpackedSize: number; files: { path: string }[] };

beforeAll(() => {
  app = mkdtempSync(join(tmpdir(), 'scout-tarball-'));
  // prepare has built already, and would do it again under the feet of other tests
  [packed] = JSON.parse(npm(root, 'pack', '--ignore-scripts', '--json', '--pack-destination', app));
  npm(app, 'install', '--offline', '--no-audit', '--no-fund', '--prefix', app, join(app, packed.filename));
});

afterAll(() => rmSync(app, { recursive: true, force: true }));

describe('the packed tarball', () => {
  it('holds the bin, the bundle and the papers, and nothing else', () => {
    const expected =
      /^(package\.json|README\.md|LICENSE|bin\/scout-mcp\.js|dist\/[\w-]+\.js|dist\/THIRD-PARTY-LICENSES)$/;
    const paths = packed.files.map(({ path }) => path);
    expect(paths.filter((path) => !expected.test(path))).toEqual([]);
    expect(paths).toEqual(
      expect.arrayContaining([
        'bin/scout-mcp.js',
        'dist/main.js',
        'dist/THIRD-PARTY-LICENSES',
        'LICENSE',
        'README.md',
      ]),
    );
  });

  it('is small enough for a first npx of half a second', () => {
    console.log(`package: ${packed.size} bytes packed, ${packed.unpackedSize} installed`);
    expect(packed.size).toBeLessThan(400_000);
    expect(packed.unpackedSize).toBeLessThan(3_000_000);
  });

  it('installs without network, alone, with no script of its own to run', () => {
    const installed = readdirSync(join(app, 'node_modules')).filter((name) => !name.startsWith('.'));
    expect(installed).toEqual(['scout-mcp']);
    const manifest = JSON.parse(readFileSync(join(app, 'node_modules/scout-mcp/package.json'), 'utf8'));
    const scripts = Object.keys(manifest.scripts);
    expect(scripts.filter((name) => /^(pre|post)?install$/.test(name))).toEqual([]);
    expect(manifest.dependencies).toBeUndefined();
  });

  it('has a prepare script that does no harm where there is nothing to build', () => {
    expect(() => npm(join(app, 'node_modules/scout-mcp'), 'run', 'prepare')).not.toThrow();
  });

  it('serves MCP from the installed bin: nothing but JSON-RPC on stdout, and an end with its input', async () => {
    const { messages, status } = await talk([
      request(1, 'initialize', {
        protocolVersion: '2025-06-18',
        capabilities: {},
        clientInfo: { name: 'test', version: '1' },
      }),
      { jsonrpc: '2.0', method: 'notifications/initialized' },
      request(2, 'tools/list', {}),
    ]);
    const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    expect(messages).toEqual([
      expect.objectContaining({
        id: 1,
        result: expect.objectContaining({
          serverInfo: expect.objectContaining({ name: 'scout-mcp', version: manifest.version }),
        }),
      }),
      expect.objectContaining({
        id: 2,
        result: expect.objectContaining({
          tools: expect.arrayContaining([expect.objectContaining({ name: 'scout_hosts' })]),
        }),
      }),
    ]);
    expect(status).toBe(0);
  });
});

describe('the installed bundle', () => {
  it('starts without commander and ssh2, which have chunks of their own', () => {
    const traces = ['Inbound: Handshake in progress', 'allowExcessArguments'];
    const foundIn = (names: string[]) =>
      traces.filter((trace) => names.some((name) => chunk(name).includes(trace)));
    expect(foundIn(eagerChunks())).toEqual([]);
    expect(foundIn(allChunks())).toEqual(traces);
  });

  it('needs nothing that is not Node’s own', () => {
    const imports = /(?:\b(?:__require|require|import)\(|\bfrom ?|\bimport ?)"([\w@./:-]+)"/g;
    const needed = allChunks().flatMap((name) =>
      [...chunk(name).matchAll(imports)].map(([, found = '']) => found),
    );
    expect(needed).toContain('node:process');
    expect(needed.filter((name) => !name.startsWith('./') && !isBuiltin(name))).toEqual([]);
  });

  it('comes with the licence of every package in it', () => {
    const notices = chunk('THIRD-PARTY-LICENSES');
    for (const name of ['@modelcontextprotocol/sdk', 'commander', 'ssh-config', 'ssh2', 'unbash', 'zod']) {
      expect(notices).toMatch(new RegExp(`^${name} \\d.*\\(.+\\)$`, 'm'));
    }
  });
});

function allChunks(): string[] {
  return readdirSync(join(app, 'node_modules/scout-mcp/dist')).filter((name) => name.endsWith('.js'));
}

/** The chunks that static imports reach from main.js. */
function eagerChunks(): string[] {
  const seen = new Set(['main.js']);
  for (const name of seen) {
    for (const [, next] of chunk(name).matchAll(/(?:from|import) ?"\.\/([\w-]+\.js)"/g))
      if (next) seen.add(next);
  }
  return [...seen];
}

function chunk(name: string): string {
  return readFileSync(join(app, 'node_modules/scout-mcp/dist', name), 'utf8');
}

function npm(cwd: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync('npm', args, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`npm ${args.join(' ')} failed:\n${stdout}${stderr}`);
  return stdout;
}

function request(id: number, method: string, params: object) {
  return { jsonrpc: '2.0', id, method, params };
}

/** Send messages to the installed program; its messages once it has answered every request and its input has ended. */
async function talk(sent: readonly object[]): Promise<{ messages: unknown[]; status: number | null }> {
  const child = spawn(join(app, 'node_modules/.bin/scout-mcp'), {
    env: { PATH: process.env.PATH, HOME: app },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const requests = sent.filter((message) => 'id' in message).length;
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    output += chunk;
    if (output.split('\n').length > requests) child.stdin.end();
  });
  for (const message of sent) child.stdin.write(`${JSON.stringify(message)}\n`);
  const status = await new Promise<number | null>((resolve) => child.once('close', resolve));
  const lines = output.split('\n').filter(Boolean);
  return { messages: lines.map((line) => JSON.parse(line)), status };
}
