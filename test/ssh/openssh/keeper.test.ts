import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Keeper } from '../../../src/ssh/openssh/keeper.ts';
import { makeProgram } from '../../fixtures/own-program.ts';
import { allProcesses, commandLine, killNow } from '../../fixtures/processes.ts';
import { until } from '../../fixtures/until.ts';

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

test('of a line of a server only the beginning is heard', async () => {
  const program = ['/bin/sh', '-c', "printf '%100000s\\nnext\\n' x >&2; sleep 30005"];
  const keeper = new Keeper(() => program, env);
  const lengths: number[] = [];
  await new Promise<void>((resolve) => {
    keeper.onLines((line) => {
      lengths.push(line.length);
      if (line === 'next') resolve();
    });
  });
  expect(lengths).toEqual([4_096, 4]);
  keeper.end();
  await keeper.gone;
});

test('what a program leaves behind ends with it', async () => {
  const keeper = new Keeper(() => ['/bin/sh', '-c', 'sleep 30003 & exit 3'], env);
  await keeper.gone;
  expect(running('sleep 30003')).toBe(false);
  expect(existsSync(keeper.directory)).toBe(false);
});

test('when its process is killed, program and directory go too', async () => {
  const program = await makeProgram(
    `import { Keeper } from '/src/ssh/openssh/keeper.ts';
     const keepers = [new Keeper(() => ['sleep', '30004'], process.env), new Keeper(undefined, process.env)];
     process.stdout.write(keepers.map(({ directory }) => directory).join(' '));`,
  );
  const driver = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [printed] = await once(driver.stdout, 'data');
  const kept = String(printed).split(' ');
  await until(() => running('sleep 30004'));
  expect(kept.map((path) => existsSync(path))).toEqual([true, true]);
  if (driver.pid !== undefined) killNow(driver.pid);
  await until(() => !running('sleep 30004') && !kept.some((path) => existsSync(path)));
});
