import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { abortReason, type Call, raceAbort, withLimit, withTimeout } from '../src/call.ts';
import { ScoutError } from '../src/errors.ts';

const late = () => new ScoutError('command_timeout', 'too late', 'Ask for less.');
const given = new ScoutError('cancelled', 'given up', 'Call again.');
const never = (signal: AbortSignal) => raceAbort(new Promise<never>(() => {}), signal);

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('work with a time limit', () => {
  it('answers what it answers, and leaves no timer and no listener', async () => {
    const outer = new AbortController();
    await expect(withTimeout(outer.signal, 1_000, late, async () => 'done')).resolves.toBe('done');
    expect(vi.getTimerCount()).toBe(0);
    expect(getEventListeners(outer.signal, 'abort')).toEqual([]);
  });

  it('leaves none after it failed either', async () => {
    const outer = new AbortController();
    const failing = withTimeout(outer.signal, 1_000, late, () => Promise.reject(new Error('no')));
    await expect(failing).rejects.toThrow('no');
    expect(vi.getTimerCount()).toBe(0);
    expect(getEventListeners(outer.signal, 'abort')).toEqual([]);
  });

  it('is over some time behind its limit though it goes on, and leaves no timer', async () => {
    const work = withTimeout(new AbortController().signal, 1_000, late, () => new Promise(() => {}), 200);
    const outcome = expect(work).rejects.toMatchObject({ code: 'command_timeout', message: 'too late' });
    await vi.advanceTimersByTimeAsync(1_199);
    expect(vi.getTimerCount()).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    await outcome;
  });

  it('may still answer behind its limit, and leaves no timer then', async () => {
    const answering = () => new Promise((resolve) => setTimeout(resolve, 1_100, 'what there was'));
    const work = withTimeout(new AbortController().signal, 1_000, late, answering, 200);
    await vi.advanceTimersByTimeAsync(1_100);
    await expect(work).resolves.toBe('what there was');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is aborted at its limit, with the reason that was asked for', async () => {
    const work = withTimeout(new AbortController().signal, 1_000, late, never);
    const outcome = expect(work).rejects.toMatchObject({ code: 'command_timeout', message: 'too late' });
    await vi.advanceTimersByTimeAsync(999);
    expect(vi.getTimerCount()).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    await outcome;
  });

  it('ends as the call around it does', async () => {
    const outer = new AbortController();
    const work = withTimeout(outer.signal, 1_000, late, never);
    outer.abort(given);
    await expect(work).rejects.toBe(given);
  });

  it('is aborted from its beginning where the call around it was', async () => {
    const outer = new AbortController();
    outer.abort(given);
    await expect(withTimeout(outer.signal, 1_000, late, never)).rejects.toBe(given);
  });
});

describe('a part of a call', () => {
  const call = (deadlineMs: number): Call => ({
    id: 'id',
    signal: new AbortController().signal,
    deadlineMs,
    progress: () => {},
    span: { child: () => call(0).span, end: () => {} },
  });

  it('has the nearer one of its own deadline and that of the call', async () => {
    const nowMs = performance.now();
    const deadline = async (part: Call) => part.deadlineMs;
    expect(await withLimit(call(nowMs + 500), 1_000, late, deadline)).toBe(nowMs + 500);
    expect(await withLimit(call(nowMs + 5_000), 1_000, late, deadline)).toBe(nowMs + 1_000);
  });
});

describe('the race against a signal', () => {
  it('settles as the promise does while nobody aborts', async () => {
    const { signal } = new AbortController();
    await expect(raceAbort(Promise.resolve(1), signal)).resolves.toBe(1);
    await expect(raceAbort(Promise.reject(new Error('no')), signal)).rejects.toThrow('no');
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('gives back what comes after the abort', async () => {
    const controller = new AbortController();
    const dispose = vi.fn();
    let deliver: (value: string) => void = () => {};
    const slow = new Promise<string>((resolve) => {
      deliver = resolve;
    });
    const race = raceAbort(slow, controller.signal, dispose);
    controller.abort(given);
    await expect(race).rejects.toBe(given);
    expect(dispose).not.toHaveBeenCalled();
    deliver('late');
    await slow;
    expect(dispose).toHaveBeenCalledExactlyOnceWith('late');
  });

  it('does not mind a promise that fails after the abort', async () => {
    const controller = new AbortController();
    let fail: (error: Error) => void = () => {};
    const slow = new Promise<string>((_resolve, reject) => {
      fail = reject;
    });
    const race = raceAbort(slow, controller.signal);
    controller.abort(given);
    await expect(race).rejects.toBe(given);
    fail(new Error('nobody hears'));
    await expect(slow).rejects.toThrow();
  });
});

describe('the reason of an abort', () => {
  it('is the ScoutError that it was aborted with', () => {
    expect(abortReason(AbortSignal.abort(given))).toBe(given);
  });

  it('is a cancellation where it was something else, which stays its cause', () => {
    const reason = abortReason(AbortSignal.abort(new Error('why')));
    expect(reason).toMatchObject({ code: 'cancelled', cause: { message: 'why' } });
  });
});
