import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cost, costOf, growth, missingFrom, run, table } from '../../bench/tasks/measure.ts';
import { tasks } from '../../bench/tasks/tasks.ts';
import { startWorld, type World } from '../../bench/tasks/world.ts';

const file = join(import.meta.dirname, '../../bench/tasks/baseline.json');
const costs: Record<string, Cost> = {};
let world: World;

beforeAll(async () => {
  world = await startWorld();
  // a host that was never asked is listed in other words
  await world.scout.call('scout_query', { hosts: '*', command: 'true' });
});

afterAll(() => world.stop());

describe('an operator asks', () => {
  it.each(tasks)('$question', async (task) => {
    const texts = await run(task, world);
    if (process.env.SCOUT_BENCH_SHOW === '1') console.log(texts.join('\n────\n'));
    expect(missingFrom(texts, task), texts.join('\n')).toEqual([]);
    costs[task.question] = costOf(texts);
  });
});

it('no task needs more calls, or more than a tenth more bytes, than its baseline', () => {
  console.log(table(costs));
  if (process.env.SCOUT_BENCH_UPDATE === '1') writeFileSync(file, `${JSON.stringify(costs, null, 2)}\n`);
  expect(tasks.length).toBeGreaterThanOrEqual(12);
  expect(growth(costs, JSON.parse(readFileSync(file, 'utf8')))).toEqual([]);
});

it('growth is told from what may vary', () => {
  const before = { 'How?': { calls: 2, bytes: 1_000 } };
  const problems = (calls: number, bytes: number) => growth({ 'How?': { calls, bytes } }, before);
  expect(problems(2, 1_100)).toEqual([]);
  expect(problems(1, 10)).toEqual([]);
  expect(problems(2, 1_101)).toEqual(['How? 1101 bytes, 1000 before']);
  expect(problems(3, 900)).toEqual(['How? 3 calls, 2 before']);
  expect(growth({ 'Why?': { calls: 1, bytes: 1 } }, before)).toEqual([
    'Why? is not in the baseline',
    'How? is in the baseline only',
  ]);
});
