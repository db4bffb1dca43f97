import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'scout-mcpb-test-'));
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

it('The bundle that the published tool makes and validates works when that tool has unpacked it', () => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  expect(node('scripts/release/package-mcpb.js', directory)).toContain(`\nsmoke: scout-mcp ${version} `);
  expect(statSync(join(directory, `scout-mcp-${version}.mcpb`)).size).toBeLessThan(600 * 1024);
}, 300_000);

function node(...args: string[]): string {
  return execFileSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
}
