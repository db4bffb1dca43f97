import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { RateLimit } from '../../src/answer/rate-limit.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

it('lets a burst through, then as many as the minute allows, and says how long to wait', () => {
  const limit = new RateLimit(60, 3);
  for (let call = 0; call < 3; call += 1) limit.take();
  expect(() => limit.take()).toThrow(
    expect.objectContaining({ code: 'rate_limited', fix: expect.stringContaining('Wait 1 s') }),
  );
  vi.advanceTimersByTime(999);
  expect(() => limit.take()).toThrow('too many calls');
  vi.advanceTimersByTime(1);
  limit.take();
  expect(() => limit.take()).toThrow('too many calls');
});

it('fills up to the burst and no further', () => {
  const limit = new RateLimit(60, 2);
  vi.advanceTimersByTime(3_600_000);
  limit.take();
  limit.take();
  expect(() => limit.take()).toThrow('too many calls');
});

it('is off where either number is 0', () => {
  for (const limit of [new RateLimit(0, 5), new RateLimit(60, 0)]) {
    for (let call = 0; call < 1_000; call += 1) limit.take();
  }
});
