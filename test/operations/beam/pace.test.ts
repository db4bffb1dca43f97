import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Call, Progress } from '../../../src/call.ts';
import { Pace, stallLimitMs } from '../../../src/operations/beam/pace.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function paceOf(): { pace: Pace; told: Progress[]; controller: AbortController } {
  const told: Progress[] = [];
  const controller = new AbortController();
  const call = { signal: controller.signal, progress: (one) => told.push(one) } as Partial<Call> as Call;
  return { pace: new Pace(call), told, controller };
}

it('a copy stalls when no byte moved for the limit, and not before', () => {
  const { pace } = paceOf();
  pace.start(1_000);
  vi.advanceTimersByTime(stallLimitMs - 1);
  pace.moved(1);
  vi.advanceTimersByTime(stallLimitMs - 1);
  expect(pace.signal.aborted).toBe(false);
  vi.advanceTimersByTime(1);
  expect(pace.signal.reason).toMatchObject({ code: 'transfer_failed' });
});

it('a copy that has not begun does not stall: connecting has limits of its own', () => {
  const { pace } = paceOf();
  vi.advanceTimersByTime(stallLimitMs * 10);
  expect(pace.signal.aborted).toBe(false);
});

it('a digest has time by its bytes, and ends the copy behind that', async () => {
  const { pace } = paceOf();
  pace.start(1);
  void pace.hashing(100 * 1024 ** 2, new Promise(() => {}));
  vi.advanceTimersByTime(stallLimitMs + 99_000);
  expect(pace.signal.aborted).toBe(false);
  vi.advanceTimersByTime(1_001);
  expect(pace.signal.reason).toMatchObject({ code: 'transfer_failed' });
});

it('what a person is asked does not stall the copy; it may stall afterwards', async () => {
  const { pace } = paceOf();
  pace.start(1);
  let answer = () => {};
  const asked = pace.paused(
    new Promise<void>((resolve) => {
      answer = resolve;
    }),
  );
  vi.advanceTimersByTime(stallLimitMs * 3);
  expect(pace.signal.aborted).toBe(false);
  answer();
  await asked;
  vi.advanceTimersByTime(stallLimitMs);
  expect(pace.signal.aborted).toBe(true);
});

it('reports of progress grow, also while only a digest is made', async () => {
  const { pace, told } = paceOf();
  pace.start(10_000_000);
  for (let count = 0; count < 5; count += 1) {
    vi.advanceTimersByTime(600);
    pace.moved(2_000_000);
  }
  const digest = pace.hashing(10_000_000, new Promise((resolve) => setTimeout(resolve, 21_000)));
  await vi.advanceTimersByTimeAsync(21_000);
  await digest;
  expect(told.length).toBeGreaterThanOrEqual(10);
  for (const [index, { done, total }] of told.entries()) {
    if (index > 0) expect(done).toBeGreaterThan(told[index - 1]?.done ?? 0);
    expect(total).toBeGreaterThanOrEqual(done);
  }
  expect(told[3]?.message).toMatch(/^5\.7 MiB of 9\.5 MiB, \d.* left$/);
});

it('ends with the call, by its reason', () => {
  const { pace, controller } = paceOf();
  const reason = new Error('enough');
  controller.abort(reason);
  expect(pace.signal.aborted).toBe(true);
});
