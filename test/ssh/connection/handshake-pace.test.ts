import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ScoutError } from '../../../src/errors.ts';
import { HandshakePace } from '../../../src/ssh/connection/handshake-pace.ts';

/** How late the loop is: the clock has moved on by so much when a timer fires. */
let lateMs = 0;
beforeEach(() => {
  vi.useFakeTimers();
  const now = performance.now.bind(performance);
  vi.spyOn(performance, 'now').mockImplementation(() => now() + lateMs);
});
afterEach(() => {
  lateMs = 0;
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const unending = () => new AbortController().signal;

/** Handshakes that last until they are told to end. */
function handshakes(pace: HandshakePace, count: number, signal?: AbortSignal) {
  const ends: (() => void)[] = [];
  const all = Array.from({ length: count }, () =>
    pace.run(signal ?? unending(), () => new Promise<void>((resolve) => ends.push(resolve))),
  );
  return { ends, all };
}

/** Let so many ticks pass, with the loop so late at each. */
async function ticks(count: number, late = 0): Promise<void> {
  for (let tick = 0; tick < count; tick += 1) {
    lateMs += late;
    await vi.advanceTimersByTimeAsync(5);
  }
}

test('eight begin at once, further ones one a tick', async () => {
  const { ends } = handshakes(new HandshakePace(), 32);
  await ticks(0);
  expect(ends).toHaveLength(8);
  await ticks(3);
  expect(ends).toHaveLength(11);
  await ticks(100);
  expect(ends).toHaveLength(32);
  expect(vi.getTimerCount()).toBe(0);
});

test('while the loop is late, and for 200 ms after, one begins only where one of eight has ended', async () => {
  const { ends } = handshakes(new HandshakePace(), 32);
  await ticks(20, 11); // of 16 ms each
  expect(ends).toHaveLength(8);
  await ticks(20);
  ends[0]?.();
  ends[1]?.();
  await vi.advanceTimersByTimeAsync(0);
  expect(ends).toHaveLength(10);
  await ticks(19);
  expect(ends).toHaveLength(10);
  await ticks(3);
  expect(ends.length).toBeGreaterThan(11);
});

test('where none has ended, a loop that is always late begins one each 500 ms', async () => {
  const { ends } = handshakes(new HandshakePace(), 32);
  await ticks(31, 11);
  expect(ends).toHaveLength(8);
  await ticks(1, 11);
  expect(ends).toHaveLength(9);
  await ticks(32, 11);
  expect(ends).toHaveLength(10);
});

test('a loop that is hardly late begins them as one that is on time', async () => {
  const { ends } = handshakes(new HandshakePace(), 10);
  await ticks(2, 9);
  expect(ends).toHaveLength(10);
});

test('where more than eight are under way, the end of one begins no other out of turn', async () => {
  const { ends } = handshakes(new HandshakePace(), 32);
  await ticks(8);
  ends[0]?.();
  await vi.advanceTimersByTimeAsync(0);
  expect(ends).toHaveLength(16);
});

test('a failure ends one, and is told', async () => {
  const pace = new HandshakePace();
  const { ends } = handshakes(pace, 7);
  const failing = pace.run(unending(), () => Promise.reject(new Error('refused')));
  const waiting = handshakes(pace, 1);
  await expect(failing).rejects.toThrow('refused');
  await vi.advanceTimersByTimeAsync(0);
  expect([ends.length, waiting.ends.length]).toEqual([7, 1]);
});

test('who is cancelled while waiting leaves, and those behind go on', async () => {
  const pace = new HandshakePace();
  handshakes(pace, 8);
  const call = new AbortController();
  const cancelled = handshakes(pace, 1, call.signal);
  const behind = handshakes(pace, 1);
  call.abort(new ScoutError('cancelled', 'the call was cancelled', 'Call again.'));
  await expect(cancelled.all[0]).rejects.toMatchObject({ code: 'cancelled' });
  await ticks(1);
  expect([cancelled.ends.length, behind.ends.length]).toEqual([0, 1]);
  await expect(pace.run(call.signal, async () => {})).rejects.toMatchObject({ code: 'cancelled' });
});

test('who is cancelled after its turn came takes no other’s', async () => {
  const pace = new HandshakePace();
  handshakes(pace, 8);
  const call = new AbortController();
  const begun = handshakes(pace, 1, call.signal);
  const behind = handshakes(pace, 2);
  await ticks(1);
  call.abort(new ScoutError('cancelled', 'the call was cancelled', 'Call again.'));
  await ticks(2);
  expect([begun.ends.length, behind.ends.length]).toEqual([1, 2]);
});
