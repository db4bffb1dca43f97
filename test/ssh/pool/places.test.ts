import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ScoutError } from '../../../src/errors.ts';
import type { HostSession } from '../../../src/ssh/pool/host-session.ts';
import { Places } from '../../../src/ssh/pool/places.ts';
import { Pooled } from '../../../src/ssh/pool/pooled.ts';

const { signal } = new AbortController();
const idleMs = 60_000;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function house(capacity: number) {
  const evicted: string[] = [];
  const places = new Places(capacity, (place) => {
    evicted.push(place.key);
    place.close();
  });
  // only what Pooled asks of a session
  const session = { connection: { isOpen: true }, end: () => {} } as unknown as HostSession;
  const create = (key: string) => () => new Pooled(key, key, async () => session);
  const target = async (key: string, on = signal) => {
    const place = await places.claimTarget(key, on, create(key), () => undefined);
    await place.ready(signal);
    return place;
  };
  const jump = async (key: string) => {
    const place = places.claimJump(key, create(key));
    await place.ready(signal);
    return place;
  };
  const leave = (place: Pooled, role: 'target' | 'jump' = 'target') => {
    vi.advanceTimersByTime(1);
    place.release(role, idleMs, () => {});
    places.serve();
  };
  return { places, evicted, target, jump, leave };
}

test('one connection a key is shared', async () => {
  const { target, places } = house(4);
  const [one, two, three] = await Promise.all([target('a'), target('a'), target('b')]);
  expect(one).toBe(two);
  expect(three).not.toBe(one);
  expect(places.all().length).toBe(2);
});

test('a connection that was just claimed is not evicted by the next claim of the same moment', async () => {
  const { target, evicted, leave, places } = house(1);
  const first = target('a');
  const second = target('b');
  expect(places.waiting).toBe(1);
  const a = await first;
  expect(evicted).toEqual([]);
  leave(a);
  await second;
  expect(evicted).toEqual(['a']);
});

test('the least recently used idle one is evicted, never one in use', async () => {
  const { target, evicted, leave } = house(3);
  const [a, b, c] = await Promise.all([target('a'), target('b'), target('c')]);
  leave(b);
  leave(a);
  leave(await target('b'));
  await target('d');
  await target('e');
  expect(evicted).toEqual(['a', 'b']);
  expect(c.isClosed).toBe(false);
});

test('waiters get their turn in order, those of one key together', async () => {
  const { target, leave, places } = house(1);
  const order: string[] = [];
  const held: Pooled[] = [];
  const a = await target('a');
  const ask = async (key: string) => {
    held.push(await target(key));
    order.push(key);
  };
  const waiting = [ask('b'), ask('c'), ask('b')];
  leave(a);
  await Promise.all([waiting[0], waiting[2]]);
  expect([order, places.waiting]).toEqual([['b', 'b'], 1]);
  for (const place of held) leave(place);
  await waiting[1];
  expect(order).toEqual(['b', 'b', 'c']);
});

test('a waiter who gives up leaves the queue', async () => {
  const { target, leave, places } = house(1);
  const controller = new AbortController();
  const a = await target('a');
  const gone = target('b', controller.signal);
  const next = target('c');
  controller.abort(new ScoutError('cancelled', 'enough', 'Call again.'));
  await expect(gone).rejects.toMatchObject({ code: 'cancelled' });
  leave(a);
  expect((await next).key).toBe('c');
  expect(places.waiting).toBe(0);
});

test('a connection that is open anyway costs no waiting, until somebody has waited for a second', async () => {
  const { target, leave } = house(1);
  const a = await target('a');
  const waiting = target('b');
  expect(await target('a')).toBe(a);
  vi.advanceTimersByTime(1_500);
  let again: Pooled | undefined;
  const late = target('a').then((place) => {
    again = place;
  });
  leave(a);
  leave(a);
  const b = await waiting;
  expect(again).toBeUndefined();
  leave(b);
  await late;
  expect(again?.key).toBe('a');
});

test('jumps take no place', async () => {
  const { target, jump, evicted, places } = house(1);
  await Promise.all([jump('j1'), jump('j2'), target('a')]);
  expect(
    places
      .all()
      .filter(({ counted }) => counted)
      .map(({ key }) => key),
  ).toEqual(['a']);
  expect(evicted).toEqual([]);
});

test('a host that others run through gives up its place without being closed', async () => {
  const { target, jump, evicted, leave } = house(1);
  const bastion = await jump('bastion');
  leave(await target('bastion'));
  expect(bastion.counted).toBe(true);
  await target('inner');
  expect([bastion.counted, bastion.isClosed, evicted]).toEqual([false, false, []]);
});

test('a connection that goes makes room', async () => {
  const { target, places } = house(1);
  const a = await target('a');
  const next = target('b');
  a.close();
  places.remove(a);
  expect((await next).key).toBe('b');
});

test('at the end everybody who waits is rejected', async () => {
  const { target, places } = house(1);
  await target('a');
  const reason = new ScoutError('cancelled', 'shutting down', 'Start again.');
  const waiting = expect(target('b')).rejects.toBe(reason);
  places.end(reason);
  await waiting;
});
