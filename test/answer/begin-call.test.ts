import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { beginCall } from '../../src/answer/begin-call.ts';
import { Stop } from '../../src/answer/stop.ts';
import { type Call, type Progress, raceAbort } from '../../src/call.ts';
import { ScoutError } from '../../src/errors.ts';

const never = () => new Promise<never>(() => {});
const caller = () => ({ signal: new AbortController().signal });
const running = () => new Stop();

describe('a call', () => {
  it('has an id of its own, a deadline, and gives what the work gives', async () => {
    const calls = await Promise.all(
      [1, 2].map(() => beginCall(caller(), running(), 1_000, async (call) => call)),
    );
    expect(new Set(calls.map(({ id }) => id)).size).toBe(2);
    for (const { deadlineMs } of calls) expect(deadlineMs - performance.now()).toBeLessThan(1_000);
  });

  it('is told to hand in what it has shortly before its limit', async () => {
    const work = async (call: Call) => {
      await raceAbort(never(), call.signal).catch(() => {});
      return `partial, because of ${call.signal.reason.code}`;
    };
    expect(await beginCall(caller(), running(), 200, work)).toBe('partial, because of command_timeout');
  });

  it('ends at its limit, whatever the work does', async () => {
    const startedMs = performance.now();
    await expect(beginCall(caller(), running(), 100, never)).rejects.toMatchObject({
      code: 'command_timeout',
      message: 'the call did not finish within 100 ms',
    });
    expect(performance.now() - startedMs).toBeGreaterThan(95);
  });

  it('that is cancelled ends at once with the reason, whatever the work does', async () => {
    const controller = new AbortController();
    const call = beginCall({ signal: controller.signal }, running(), 60_000, never);
    controller.abort();
    await expect(call).rejects.toMatchObject({ code: 'cancelled' });
    await expect(beginCall({ signal: controller.signal }, running(), 60_000, never)).rejects.toMatchObject({
      code: 'cancelled',
    });
  });

  it('ends when the server stops', async () => {
    const stop = new Stop();
    const calls = [1, 2].map(() => beginCall(caller(), stop, 60_000, never));
    stop.now(new ScoutError('cancelled', 'shutting down', 'Wait.'));
    for (const call of [...calls, beginCall(caller(), stop, 60_000, never)])
      await expect(call).rejects.toMatchObject({ code: 'cancelled', message: 'shutting down' });
  });

  it('reports progress that grows, and drops a report that does not', async () => {
    const reports: Progress[] = [];
    await beginCall(
      { ...caller(), progress: (it) => reports.push(it) },
      running(),
      1_000,
      async ({ progress }) => {
        for (const done of [0, 2, 1, 2, 3]) progress({ done, total: 3 });
      },
    );
    expect(reports.map(({ done }) => done)).toEqual([0, 2, 3]);
  });

  it('leaves no timer and no listener behind', async () => {
    const stop = new Stop();
    const { signal } = caller();
    let told = false;
    const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
    const before = timers();
    await beginCall({ signal }, stop, 60_000, async (call) => {
      call.signal.addEventListener('abort', () => {
        told = true;
      });
    });
    expect(timers()).toBe(before);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    stop.now(new ScoutError('cancelled', 'shutting down', 'Wait.'));
    expect(told).toBe(false);
  });
});
