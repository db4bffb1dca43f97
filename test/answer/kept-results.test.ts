import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { composeAnswer } from '../../src/answer/compose-answer.ts';
import { ResultStore } from '../../src/answer/kept-results.ts';
import { compose, toRemoteText } from '../../src/remote-text.ts';

const mebibyte = 1024 ** 2;
const minuteMs = 60_000;

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

function isKept(store: ResultStore, id: string): boolean {
  try {
    store.get(id);
    return true;
  } catch (error) {
    expect(error).toMatchObject({ code: 'result_expired', message: `result:${id} is not kept (any more)` });
    return false;
  }
}

it('keeps a result for 10 minutes after it was last looked at', () => {
  const store = new ResultStore();
  const [seen, unseen] = [store.keep(toRemoteText('a')), store.keep(toRemoteText('b'))];
  vi.advanceTimersByTime(6 * minuteMs);
  expect(store.get(seen)).toBe('a');
  vi.advanceTimersByTime(4 * minuteMs);
  expect([isKept(store, seen), isKept(store, unseen)]).toEqual([true, false]);
  vi.advanceTimersByTime(10 * minuteMs);
  expect(isKept(store, seen)).toBe(false);
  expect(store.size).toEqual({ results: 0, bytes: 0 });
});

it('keeps 32 MiB together, and lets go of what was looked at longest ago', () => {
  const store = new ResultStore();
  const ids = [0, 1, 2, 3].map(() => store.keep(toRemoteText('x'.repeat(4 * mebibyte)))); // two bytes a character
  const [first = '', second = ''] = ids;
  expect(store.size).toEqual({ results: 4, bytes: 32 * mebibyte });
  store.get(first);
  store.keep(toRemoteText('one more'));
  expect([isKept(store, first), isKept(store, second)]).toEqual([true, false]);
  expect(store.size.bytes).toBeLessThanOrEqual(32 * mebibyte);
});

it('keeps the beginning of a result that is longer than all it may hold, and says where it ends', () => {
  const store = new ResultStore();
  const id = store.keep(toRemoteText('😀'.repeat(10 * mebibyte)));
  expect(store.size.bytes).toBeLessThanOrEqual(32 * mebibyte);
  const text = store.get(id);
  expect(text.endsWith('😀\n[more came, and was not kept: 32 MiB are kept at most]\n')).toBe(true);
  expect(text.length).toBeGreaterThan(15 * mebibyte);
});

it('the rest of a table whose lines each name a path of megabytes is kept as far as there is room', () => {
  const path = toRemoteText('p'.repeat(4 * 1024 ** 2));
  const rows = Array.from({ length: 500 }, (_, at) => ({
    line: toRemoteText(`${at}`),
    alone: compose`${path}:${at}`,
    facts: { line: at },
  }));
  const store = new ResultStore();
  const entries = [{ heading: '', facts: {}, texts: {}, tables: { found: { rows } } }];
  const { structured } = composeAnswer({ list: 'results', entries }, 1_024, store);
  const rest = /"found_rest":"result:([0-9a-f]+)"/.exec(JSON.stringify(structured))?.[1] ?? '';
  const kept = store.get(rest);
  expect(kept.length).toBeLessThanOrEqual(16 * 1024 ** 2);
  expect(kept.endsWith('[more came, and was not kept: 32 MiB are kept at most]\n')).toBe(true);
});
