import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';

const script = join(import.meta.dirname, '..', '..', 'scripts', 'closing-line.js');
let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'scout-closing-'));
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

it('A check ends with the tests that passed and failed', () => {
  const report = { numPassedTests: 12, numFailedTests: 0, testResults: [] };
  expect(closing(report)).toEqual(['      Tests  12 passed (12)', '12 passed, 0 failed']);
});

it('A test file that could not be loaded counts as a failed test', () => {
  const assertionResults = [{ status: 'failed' }];
  const testResults = [
    { status: 'failed', assertionResults },
    { status: 'failed', assertionResults: [] },
  ];
  const report = { numPassedTests: 3, numFailedTests: 1, testResults };
  expect(closing(report)).toEqual(['      Tests  2 failed | 3 passed (5)', '3 passed, 2 failed']);
});

it('A check that ended before its tests has failed', () => {
  expect(closing(undefined).at(-1)).toBe('0 passed, 1 failed');
});

function closing(report: object | undefined): string[] {
  const file = join(directory, report ? 'report.json' : 'missing.json');
  if (report) writeFileSync(file, JSON.stringify(report));
  return spawnSync(process.execPath, [script, file], { encoding: 'utf8' }).stdout.trimEnd().split('\n');
}
