import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'tsup';
import { afterAll, expect, test } from 'vitest';
import { Keeper } from '../../../src/ssh/openssh/keeper.ts';
import { allProcesses, commandLine, killNow } from '../../fixtures/processes.ts';
import { until } from '../../fixtures/until.ts';

const directory = mkdtempSync(join(tmpdir(), 'scout-keeper-test-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
const { env } = process;
const running = (line: string) => allProcesses().some(({ pid }) => commandLine(pid) === line);

test('its end ends the program and removes the directory', async () => {
  const keeper = new Keeper(() => ['sleep', '30001'], env);
  await until(() => running('sleep 30001'));
  keeper.end();
  await keeper.gone;
  expect(running('sleep 30001')).toBe(false);
  expect(existsSync(keeper.directory)).toBe(false);
});

test('a program that does not want to end is killed', async () => {
  const program = ['/bin/sh', '-c', "trap '' TERM; echo deaf >&2; while :; do sleep 30002; done"];
  const keeper = new Keeper(() => program, env);
  await new Promise<void>((resolve) => keeper.onLines((line) => line === 'deaf' && resolve()));
  keeper.end();
  await keeper.gone;
  expect(running('sleep 30002')).toBe(false);
  expect(existsSync(keeper.directory)).toBe(false);
});

test('what a program leaves behind ends with it', async () => {
  const keeper = new Keeper(() => ['/bin/sh', '-c', 'sleep 30003 & exit 3'], env);
  await keeper.gone;
  expect(running('sleep 30003')).toBe(false);
  expect(existsSync(keeper.directory)).toBe(false);
});

test('when its process is killed, program and directory go too', async () => {
  const source = JSON.stringify(join(import.meta.dirname, '../../../src/ssh/openssh/keeper.ts'));
  const entry = { driver: join(directory, 'entry.ts') };
  writeFileSync(
    entry.driver,
    `import { Keeper } from ${source};
     const keepers = [new Keeper(() => ['sleep', '30004'], process.env), new Keeper(undefined, process.env)];
     process.stdout.write(keepers.map(({ directory }) => directory).join(' '));`,
  );
  writeFileSync(join(directory, 'package.json'), '{ "type": "module" }');
  await build({ config: false, entry, outDir: directory, format: 'esm', target: 'node20', silent: true });
  const driver = spawn(process.execPath, [join(directory, 'driver.js')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [printed] = await once(driver.stdout, 'data');
  const kept = String(printed).split(' ');
  await until(() => running('sleep 30004'));
  expect(kept.map((path) => existsSync(path))).toEqual([true, true]);
  if (driver.pid !== undefined) killNow(driver.pid);
  await until(() => !running('sleep 30004') && !kept.some((path) => existsSync(path)));
});
