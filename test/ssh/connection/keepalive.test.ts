import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { keepaliveOf, watchSilence } from '../../../src/ssh/connection/keepalive.ts';
import type { HostSettings } from '../../../src/ssh/hosts/settings.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test.each([
  ['nothing', 0, 3, 5_000, 3],
  ['less than 20 s', 2_000, 2, 2_000, 2],
  ['more than 20 s', 60_000, 10, 5_000, 3],
  ['never', 60_000, 0, 5_000, 3],
])('where ServerAlive asks for %s', (_, serverAliveIntervalMs, serverAliveCountMax, intervalMs, countMax) => {
  const settings = { serverAliveIntervalMs, serverAliveCountMax } as HostSettings; // no other field is looked at
  expect(keepaliveOf(settings)).toEqual({ intervalMs, countMax });
});

test('silence for longer than so many intervals and one more is death', () => {
  const stream = new PassThrough();
  const onDead = vi.fn();
  watchSilence(stream, { intervalMs: 1_000, countMax: 2 }, onDead);
  vi.advanceTimersByTime(3_900);
  expect(onDead).not.toHaveBeenCalled();
  vi.advanceTimersByTime(200);
  expect(onDead).toHaveBeenCalledOnce();
  vi.advanceTimersByTime(20_000);
  expect(onDead).toHaveBeenCalledOnce();
});

test('any byte is a sign of life', () => {
  const stream = new PassThrough();
  const onDead = vi.fn();
  watchSilence(stream, { intervalMs: 1_000, countMax: 1 }, onDead);
  for (let n = 0; n < 10; n += 1) {
    vi.advanceTimersByTime(1_900);
    stream.emit('data', Buffer.of(0));
  }
  expect(onDead).not.toHaveBeenCalled();
});

test('a stream that is closed is watched no longer', () => {
  const stream = new PassThrough();
  watchSilence(stream, { intervalMs: 1_000, countMax: 1 }, () => {});
  expect(vi.getTimerCount()).toBe(1);
  stream.emit('close');
  expect(vi.getTimerCount()).toBe(0);
});
