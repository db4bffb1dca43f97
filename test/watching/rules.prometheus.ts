import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { prometheusFiles, readRules } from './committed.ts';

const directory = mkdtempSync(join(tmpdir(), 'scout-rules-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function promtool(cwd: string, ...words: readonly string[]) {
  const { status, stdout, stderr } = spawnSync('promtool', words, { cwd, encoding: 'utf8' });
  return { status, said: `${stdout}${stderr}` };
}

function testRules(cwd: string) {
  const tests = readdirSync(join(cwd, 'tests')).map((file) => join('tests', file));
  return promtool(cwd, 'test', 'rules', ...tests);
}

/** A copy in which every alert has this expression instead of its own. */
function withEveryAlert(name: string, expression: string): string {
  const copy = join(directory, name);
  cpSync(prometheusFiles, copy, { recursive: true });
  const path = join(copy, 'alerts.rules.yml');
  const text = readFileSync(path, 'utf8');
  writeFileSync(
    path,
    text.replace(/^ {8}expr: (?:>-\n(?: {10}.*\n)+|.+\n)/gm, `        expr: ${expression}\n`),
  );
  return copy;
}

const names = readRules('alerts.rules.yml')
  .map(({ name }) => name)
  .toSorted();

it('promtool reads the rules and the example configuration, and has nothing against them', () => {
  const { status, said } = promtool(prometheusFiles, 'check', 'config', 'prometheus.example.yml');
  expect(said).not.toMatch(/FAILED|duplicate/);
  expect(status).toBe(0);
  expect(said).toContain(`SUCCESS: ${names.length} rules found`);
  expect(said).toContain(`SUCCESS: ${readRules('recording.rules.yml').length} rules found`);
});

it('The tests of the rules pass', () => {
  const { status, said } = testRules(prometheusFiles);
  expect(said).not.toContain('FAILED');
  expect(status).toBe(0);
});

it('Each alert has a test that fails when it never fires', () => {
  const { said } = testRules(withEveryAlert('never', 'vector(0) > 1'));
  const missed = [...said.matchAll(/alertname: (\w+), time: \w+, *\s+exp:\[\s+0:/g)].map(([, name]) => name);
  expect([...new Set(missed)].toSorted()).toEqual(names);
});

it('Each alert has a test that fails when it always fires', () => {
  const { said } = testRules(withEveryAlert('always', 'vector(1)'));
  const unexpected = [...said.matchAll(/alertname: (\w+), time: \w+, *\s+exp:\[\]/g)].map(([, name]) => name);
  expect([...new Set(unexpected)].toSorted()).toEqual(names);
});
