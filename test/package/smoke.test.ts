import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import '../fixtures/built-program.ts';

const root = join(import.meta.dirname, '..', '..');
let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'scout-smoke-test-'));
  execFileSync(process.execPath, ['scripts/release/package-mcpb.js', '--stage', directory], { cwd: root });
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

it('The packed tarball works where it is installed, started by npx', () => {
  const pack = ['pack', '--ignore-scripts', '--json', '--pack-destination', directory];
  const [{ filename }] = JSON.parse(execFileSync('npm', pack, { cwd: root, encoding: 'utf8' }));
  expect(smoke(join(directory, filename))).toMatchObject({
    status: 0,
    left: [],
    stdout: expect.stringMatching(/^smoke: scout-mcp \d.*: \d tools, scout_hosts answered, exit 0/),
  });
});

it('The staged bundle works by its manifest, with no field filled in', () => {
  expect(smoke(directory)).toMatchObject({
    status: 0,
    left: [],
    stdout: expect.stringMatching(/^smoke: scout-mcp \d/),
  });
});

it('A program that ends before it answered, or prints something else, does not pass', () => {
  const bin = join(directory, 'bin/scout-mcp.js');
  writeFileSync(bin, 'process.stdin.once("data", () => process.exit(0));');
  expect(smoke(directory)).toMatchObject({
    status: 1,
    left: [],
    stderr: expect.stringContaining('answered 0 of 3 requests'),
  });
  writeFileSync(bin, 'console.log("hello");');
  expect(smoke(directory)).toMatchObject({
    status: 1,
    left: [],
    stderr: expect.stringContaining('SyntaxError'),
  });
  const manifest = join(directory, 'manifest.json');
  const text = readFileSync(manifest, 'utf8');
  writeFileSync(manifest, text.replace('"command": "node"', '"command": "no-such-program"'));
  expect(smoke(directory)).toMatchObject({
    status: 1,
    left: [],
    stderr: expect.stringContaining('no-such-program ENOENT'),
  });
});

function smoke(what: string) {
  const script = join(root, 'scripts/release/smoke.js');
  const env = { ...process.env, TMPDIR: mkdtempSync(join(directory, 'tmp-')) };
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, what], { encoding: 'utf8', env });
  const left = readdirSync(env.TMPDIR).filter((name) => name.startsWith('scout-smoke-'));
  return { status, stdout, stderr, left };
}
