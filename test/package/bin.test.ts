import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'scout-bin-'));
  cpSync(join(root, 'bin'), join(directory, 'bin'), { recursive: true });
  writeFileSync(join(directory, 'package.json'), '{"type":"module"}');
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

it('An old Node is told what is needed, before anything of the bundle is loaded', () => {
  writeFileSync(
    join(directory, 'old.cjs'),
    "Object.defineProperty(process.versions, 'node', { value: '18.20.4' });",
  );
  bundle("console.log('loaded'); export const main = async () => {};");
  expect(run([], ['--require', join(directory, 'old.cjs')])).toEqual({
    status: 1,
    stdout: '',
    stderr: expect.stringContaining('scout-mcp needs Node.js 20 or newer'),
  });
});

it('A clone that was not built says how to build it', () => {
  expect(run([])).toEqual({
    status: 1,
    stdout: '',
    stderr: expect.stringContaining('npm ci && npm run build'),
  });
});

it('A bundle that misses a part of its own is not taken for a clone that was not built', () => {
  bundle("import './chunk.js'; export const main = async () => {};");
  expect(run([])).toEqual({ status: 1, stdout: '', stderr: expect.stringMatching(/chunk\.js/) });
  expect(run([]).stderr).not.toContain('npm ci');
});

it('The arguments reach main', () => {
  bundle('export const main = async (argv) => console.log(JSON.stringify(argv));');
  expect(run(['hosts', 'web*'])).toEqual({ status: 0, stdout: '["hosts","web*"]\n', stderr: '' });
});

it('What main throws is one line on stderr and exit code 1', () => {
  bundle("export const main = async () => { throw new Error('no luck'); };");
  expect(run([])).toEqual({ status: 1, stdout: '', stderr: 'scout-mcp: no luck\n' });
});

function bundle(source: string): void {
  mkdirSync(join(directory, 'dist'));
  writeFileSync(join(directory, 'dist', 'main.js'), source);
}

function run(args: string[], nodeArgs: string[] = []) {
  const bin = join(directory, 'bin', 'scout-mcp.js');
  const { status, stdout, stderr } = spawnSync(process.execPath, [...nodeArgs, bin, ...args], {
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}
