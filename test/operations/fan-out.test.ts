import { describe, expect, it } from 'vitest';
import type { Call, Progress } from '../../src/call.ts';
import { raceAbort } from '../../src/call.ts';
import type { Context } from '../../src/context.ts';
import { ScoutError } from '../../src/errors.ts';
import type { Observed } from '../../src/observer.ts';
import { fanOut as fanOutRecorded, type Share } from '../../src/operations/fan-out.ts';

/** Without an audit log there is nothing to say to it. */
async function fanOut<T>(
  context: Context,
  call: Call,
  hosts: readonly string[],
  work: (host: string, share: Share) => Promise<T>,
  limitMs?: number,
) {
  return await fanOutRecorded(context, call, hosts, work, { actions: () => [], outcomes: () => [] }, limitMs);
}

const never = () => new Promise<never>(() => {});
const names = (count: number) => Array.from({ length: count }, (_, index) => `h${index}`);

function setUp(settings: { fanout?: number; callTimeoutMs?: number; commandTimeoutMs?: number } = {}) {
  const config = {
    fanout: 4,
    callTimeoutMs: 10_000,
    commandTimeoutMs: 5_000,
    maxOutputSizeBytes: 10_000,
    ...settings,
  };
  const observed: Observed[] = [];
  const progress: Progress[] = [];
  const controller = new AbortController();
  const span = { child: () => span, end: () => {} };
  const call: Call = {
    id: 'x',
    signal: controller.signal,
    deadlineMs: performance.now() + config.callTimeoutMs,
    progress: (report) => progress.push(report),
    span,
  };
  // a fan-out looks at nothing else of the context
  const context = { config, observe: (event: Observed) => observed.push(event) } as unknown as Context;
  return { context, call, controller, progress, observed };
}

describe('a fan-out', () => {
  it('keeps the order of the hosts, whoever is first', async () => {
    const { context, call } = setUp();
    const outcomes = await fanOut(context, call, names(6), async (host) => {
      await new Promise((resolve) => setTimeout(resolve, host === 'h0' ? 30 : 1));
      return host.toUpperCase();
    });
    expect(outcomes.map((outcome) => [outcome.host, 'value' in outcome && outcome.value])).toEqual(
      names(6).map((host) => [host, host.toUpperCase()]),
    );
  });

  it('works on SCOUT_FANOUT hosts at once, and no more', async () => {
    const { context, call } = setUp({ fanout: 3 });
    let now = 0;
    let most = 0;
    await fanOut(context, call, names(10), async () => {
      most = Math.max(most, ++now);
      await new Promise((resolve) => setTimeout(resolve, 2));
      now -= 1;
    });
    expect(most).toBe(3);
  });

  it('reports progress from 0 to all, one host more each time', async () => {
    const { context, call, progress } = setUp();
    await fanOut(context, call, names(5), async () => {});
    expect(progress.map(({ done, total }) => [done, total])).toEqual(
      [0, 1, 2, 3, 4, 5].map((done) => [done, 5]),
    );
  });

  it('shares the bytes of the call fairly', async () => {
    const { context, call } = setUp();
    const shares = await fanOut(context, call, names(4), async (_, { bytes }) => bytes);
    expect(shares).toMatchObject(names(4).map(() => ({ value: 2_500 })));
  });

  it('costs a failing host its own outcome only, and names it in the error', async () => {
    const { context, call, observed } = setUp();
    const outcomes = await fanOut(context, call, ['a', 'web1', 'web2'], async (host) => {
      if (host === 'a') throw new ScoutError('path_not_found', 'this is a path that is not', 'Look.');
      if (host === 'web1') throw new ScoutError('unreachable', 'the port of web1 is closed', 'Open it.');
      return 1;
    });
    expect(outcomes).toMatchObject([
      { error: { code: 'path_not_found', message: 'a: this is a path that is not', fix: 'Look.' } },
      { error: { message: 'the port of web1 is closed' } },
      { value: 1 },
    ]);
    expect(observed.filter(({ kind }) => kind === 'failed')).toMatchObject([
      { kind: 'failed', host: 'a' },
      { kind: 'failed', host: 'web1', code: 'unreachable' },
    ]);
  });

  it('makes a defect an internal error that keeps what it was from the answer', async () => {
    const { context, call, observed } = setUp();
    const [outcome] = await fanOut(context, call, ['web1'], async () => {
      throw new TypeError('secret');
    });
    expect(outcome).toMatchObject({ error: { code: 'internal' } });
    expect(JSON.stringify({ ...(outcome && 'error' in outcome && outcome.error), cause: 0 })).not.toContain(
      'secret',
    );
    expect(observed).toMatchObject([
      { kind: 'worked', host: 'web1', bytes: 0 },
      { kind: 'failed', code: 'internal', cause: { message: 'secret' } },
    ]);
  });
});

describe('the time of a host', () => {
  it('begins when its turn comes', async () => {
    const { context, call } = setUp({ fanout: 1 });
    const work = () => new Promise((resolve) => setTimeout(() => resolve('done'), 60));
    const outcomes = await fanOut(context, call, names(3), work, 150); // 180 ms for all of them
    expect(outcomes).toMatchObject(names(3).map(() => ({ value: 'done' })));
  });

  it('ends even when the work ignores its signal', async () => {
    const { context, call } = setUp({ callTimeoutMs: 1_000 });
    const [deaf, other] = await fanOut(
      context,
      call,
      names(2),
      (host) => (host === 'h0' ? never() : Promise.resolve(1)),
      50,
    );
    expect(deaf).toMatchObject({
      error: { code: 'command_timeout', message: 'h0 did not finish within 50 ms' },
    });
    expect(other).toMatchObject({ value: 1 });
  });

  it('leaves a moment to hand in what there is', async () => {
    const { context, call } = setUp();
    const work = async (_: string, { call: part }: { call: Call }) => {
      await raceAbort(never(), part.signal).catch(() => {});
      await new Promise((resolve) => setTimeout(resolve, 5));
      return 'partial';
    };
    expect(await fanOut(context, call, ['h0'], work, 30)).toMatchObject([{ value: 'partial' }]);
  });
});

describe('the end of the call', () => {
  it('by its deadline gives what there is, and says of the others that their turn did not come', async () => {
    const { context, call, controller } = setUp({ fanout: 2, callTimeoutMs: 1_000 });
    setTimeout(
      () => controller.abort(new ScoutError('command_timeout', 'the call did not finish', 'Wait.')),
      40,
    );
    const outcomes = await fanOut(context, call, names(4), (host) =>
      host === 'h0' ? Promise.resolve(1) : never(),
    );
    expect(outcomes).toMatchObject([
      { value: 1 },
      { error: { code: 'command_timeout', message: 'h1: the call did not finish' } },
      { error: { code: 'command_timeout', message: 'h2: the call did not finish' } },
      { error: { code: 'command_timeout', message: 'the call ended before the turn of h3 came' } },
    ]);
  });

  it('by its cancellation is a rejection with the reason', async () => {
    const { context, call, controller } = setUp();
    setTimeout(() => controller.abort(new ScoutError('cancelled', 'enough', 'Call again.')), 10);
    const work = (_: string, { call: part }: { call: Call }) => raceAbort(never(), part.signal);
    await expect(fanOut(context, call, names(2), work)).rejects.toMatchObject({
      code: 'cancelled',
      message: 'enough',
    });
  });
});
