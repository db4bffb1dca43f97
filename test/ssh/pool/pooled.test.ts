import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { HostSession } from '../../../src/ssh/pool/host-session.ts';
import { Pooled } from '../../../src/ssh/pool/pooled.ts';

const { signal } = new AbortController();

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function fakeSession() {
  const session = { connection: { isOpen: true }, end: vi.fn() };
  return { session: session as unknown as HostSession, end: session.end }; // what Pooled asks of one
}

test('the idle time-out counts from the end of the last use', async () => {
  const { session } = fakeSession();
  const onUnused = vi.fn();
  const place = new Pooled('k', 'web1', async () => session).hold('target').hold('target');
  await place.ready(signal);
  vi.advanceTimersByTime(10_000);
  place.release('target', 1_000, onUnused);
  vi.advanceTimersByTime(10_000);
  expect(onUnused).not.toHaveBeenCalled();
  place.release('target', 1_000, onUnused);
  vi.advanceTimersByTime(999);
  place.hold('target');
  vi.advanceTimersByTime(5_000);
  place.release('target', 1_000, onUnused);
  vi.advanceTimersByTime(999);
  place.hold('target').release('target', 1_000, onUnused);
  vi.advanceTimersByTime(999);
  expect(onUnused).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(onUnused).toHaveBeenCalledOnce();
});

test('a jump is in use while something runs through it', async () => {
  const { session } = fakeSession();
  const onUnused = vi.fn();
  const place = new Pooled('k', 'bastion', async () => session).hold('jump').hold('target');
  await place.ready(signal);
  place.release('target', 1_000, onUnused);
  vi.advanceTimersByTime(5_000);
  expect([place.isIdle, place.isJump]).toEqual([true, true]);
  expect(onUnused).not.toHaveBeenCalled();
  place.release('jump', 1_000, onUnused);
  vi.advanceTimersByTime(1_000);
  expect(onUnused).toHaveBeenCalledOnce();
});

test('a dial that nobody waits for any more is unused at once', () => {
  const onUnused = vi.fn();
  const place = new Pooled('k', 'web1', () => new Promise(() => {})).hold('target');
  place.release('target', 1_000, onUnused);
  expect(onUnused).toHaveBeenCalledOnce();
});

test('closing aborts the dial and hands the place out no more', () => {
  let dialing: AbortSignal | undefined;
  const place = new Pooled('k', 'web1', (abandoned) => {
    dialing = abandoned;
    return new Promise(() => {});
  });
  expect(place.isUsable).toBe(true);
  place.close();
  expect([dialing?.aborted, place.isUsable, place.isClosed]).toEqual([true, false, true]);
});

test('a session that arrives after the close is ended', async () => {
  const { session, end } = fakeSession();
  let arrive: (session: HostSession) => void = () => {};
  const place = new Pooled(
    'k',
    'web1',
    () =>
      new Promise((resolve) => {
        arrive = resolve;
      }),
  );
  place.close();
  arrive(session);
  await vi.advanceTimersByTimeAsync(0);
  expect(end).toHaveBeenCalledOnce();
});

test('one who gives up leaves the dial to the others', async () => {
  const { session } = fakeSession();
  let arrive: (session: HostSession) => void = () => {};
  const place = new Pooled(
    'k',
    'web1',
    () =>
      new Promise((resolve) => {
        arrive = resolve;
      }),
  );
  const controller = new AbortController();
  const impatient = expect(place.ready(controller.signal)).rejects.toMatchObject({ code: 'cancelled' });
  const patient = place.ready(signal);
  controller.abort();
  await impatient;
  arrive(session);
  expect(await patient).toBe(session);
});
