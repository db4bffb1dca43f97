import { spawnSync } from 'node:child_process';
import {
  closeSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Counter } from '../../../src/observe/metrics/instruments.ts';
import { MetricsFile, metricsIntervalMs } from '../../../src/observe/metrics/metrics-file.ts';
import { until } from '../../fixtures/until.ts';
import { readExposition } from './exposition.ts';

let directory: string;
const files: MetricsFile[] = [];
const log = vi.fn();

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'scout-metrics-'));
  log.mockClear();
});
afterEach(async () => {
  for (const file of files.splice(0)) await file.close();
  rmSync(directory, { recursive: true, force: true });
});

/** Counts how often it was asked. */
function written(path: string, intervalMs = 5): { file: MetricsFile; looks: () => number } {
  const looks = new Counter('looks_total', 'Looks.');
  let count = 0;
  const collect = async () => {
    looks.add({});
    count += 1;
    return [looks.read()];
  };
  const file = new MetricsFile(path, collect, log, intervalMs);
  files.push(file);
  return { file, looks: () => count };
}

function valueIn(path: string): number {
  return readExposition(readFileSync(path, 'utf8')).value('looks_total') ?? 0;
}

it('A metrics file is whole whenever it is looked at, and new each time', async () => {
  const path = join(directory, 'scout.prom');
  written(path);
  await until(() => readdirSync(directory).includes('scout.prom'));
  const before = openSync(path, 'r');
  const first = valueIn(path);
  await until(() => valueIn(path) >= first + 20);
  // who has it open goes on to see what it was
  const { value } = readExposition(readFileSync(before, 'utf8'));
  closeSync(before);
  expect(value('looks_total')).toBeLessThanOrEqual(first);
  expect(statSync(path).mode & 0o777).toBe(0o644);
  expect(log).not.toHaveBeenCalled();
});

it('A metrics file is not written before its first interval is over', async () => {
  vi.useFakeTimers();
  try {
    const path = join(directory, 'scout.prom');
    const looked = written(path, metricsIntervalMs);
    await vi.advanceTimersByTimeAsync(14_900);
    expect(looked.looks()).toBe(0);
    await vi.advanceTimersByTimeAsync(200);
    expect(looked.looks()).toBe(1);
    await vi.advanceTimersByTimeAsync(15_000);
  } finally {
    vi.useRealTimers();
  }
});

it('%p is the process id in the name, and a label of every series', async () => {
  written(join(directory, 'scout-%p.prom'));
  const path = join(directory, `scout-${process.pid}.prom`);
  await until(() => readdirSync(directory).includes(`scout-${process.pid}.prom`));
  const { series } = readExposition(readFileSync(path, 'utf8'));
  expect(series.map(({ labels }) => labels.pid)).toEqual([String(process.pid)]);
});

it('A metrics file that ends normally takes it away, and leaves nothing beside it', async () => {
  const { file } = written(join(directory, 'scout.prom'));
  await until(() => readdirSync(directory).includes('scout.prom'));
  await file.close();
  expect(readdirSync(directory)).toEqual([]);
});

it('A metrics file that was never written takes nothing away', async () => {
  const path = join(directory, 'scout.prom');
  written(path);
  await until(() => readdirSync(directory).includes('scout.prom'));
  const { file } = written(path, 60_000);
  await file.close();
  expect(readdirSync(directory)).toContain('scout.prom');
});

it('What cannot be written is logged once, and works again when it can', async () => {
  const below = join(directory, 'below');
  const { looks } = written(join(below, 'scout.prom'));
  await until(() => looks() > 5);
  expect(log.mock.calls).toEqual([
    ['error', 'metrics file', { file: join(below, 'scout.prom'), problem: 'ENOENT' }],
  ]);
  mkdirSync(below);
  await until(() => readdirSync(below).includes('scout.prom'));
  expect(log).toHaveBeenCalledOnce();
});

it('A link in its place is replaced, and what it leads to is not written', async () => {
  const other = join(directory, 'other');
  symlinkSync(other, join(directory, 'scout.prom'));
  written(join(directory, 'scout.prom'));
  await until(() => statSync(join(directory, 'scout.prom'), { throwIfNoEntry: false })?.isFile() ?? false);
  expect(readdirSync(directory)).not.toContain('other');
});

it.each(['scout.prom', 'link'])(
  'What is no file in its place stays, such as a device or a FIFO: %s',
  async (name) => {
    const path = join(directory, name);
    spawnSync('mkfifo', [join(directory, 'scout.prom')]);
    if (name === 'link') symlinkSync('scout.prom', path);
    const before = readdirSync(directory);
    const { file, looks } = written(path);
    await until(() => looks() > 2);
    await file.close();
    expect(lstatSync(join(directory, 'scout.prom')).isFIFO()).toBe(true);
    expect(readdirSync(directory)).toEqual(before);
    expect(log.mock.calls).toEqual([['error', 'metrics file', { file: path, problem: 'unsupported_file' }]]);
  },
);

it('A slow look does not pile up', async () => {
  let underWay = 0;
  let most = 0;
  let done = 0;
  const collect = async () => {
    underWay += 1;
    most = Math.max(most, underWay);
    await new Promise((resolve) => setTimeout(resolve, 10));
    underWay -= 1;
    done += 1;
    return [];
  };
  files.push(new MetricsFile(join(directory, 'scout.prom'), collect, log, 1));
  await until(() => done >= 3);
  expect(most).toBe(1);
});
