import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ScoutError } from '../../../src/errors.ts';
import { ChannelQueue, type ChannelWorker } from '../../../src/ssh/pool/channel-queue.ts';

const busy = new ScoutError('busy', 'no more', 'Wait.');
const noShell = new ScoutError('no_shell', 'no shell', 'Get one.');

class FakeWorker implements ChannelWorker {
  readonly kind: string;
  isIdle = true;
  gone: Promise<void>;
  closed = false;
  #end = () => {};
  constructor(
    readonly name: string,
    kind: string,
  ) {
    this.kind = kind;
    this.gone = new Promise((resolve) => {
      this.#end = resolve;
    });
  }
  close(): void {
    this.closed = true;
    this.isIdle = false;
    this.#end();
  }
}

/** A server with a limit of its own, and a queue before it. */
function server(limits: { ours: number; theirs: number }) {
  const workers: FakeWorker[] = [];
  const facts = { ...limits, started: 0, most: 0, sftp: 0 };
  const open = () => workers.filter(({ closed }) => !closed).length + facts.sftp;
  const queue = new ChannelQueue<FakeWorker>(limits.ours, async (kind) => {
    facts.started += 1;
    const name = `worker ${facts.started}`;
    await Promise.resolve();
    if (open() >= facts.theirs) throw busy;
    const worker = new FakeWorker(name, kind);
    workers.push(worker);
    facts.most = Math.max(facts.most, open());
    return worker;
  });
  return { queue, workers, facts };
}

const { signal } = new AbortController();

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('a worker that is given back goes to who waits first, before another is started for it', async () => {
  const { queue, facts } = server({ ours: 1, theirs: 10 });
  const order: string[] = [];
  const first = await queue.acquire(signal);
  const waiting = ['a', 'b', 'c'].map(async (name) => {
    const worker = await queue.acquire(signal);
    order.push(name);
    queue.release(worker);
  });
  expect(order).toEqual([]);
  queue.release(first);
  await Promise.all(waiting);
  expect(order).toEqual(['a', 'b', 'c']);
  expect(facts.started).toBe(1);
});

test('no more workers are started than there are callers or channels', async () => {
  const { queue, facts } = server({ ours: 3, theirs: 10 });
  const two = [queue.acquire(signal), queue.acquire(signal)];
  expect(facts.started).toBe(2);
  const held = await Promise.all(two);
  void queue.acquire(signal);
  void queue.acquire(signal);
  expect(facts.started).toBe(3);
  expect(held.map(({ name }) => name)).toEqual(['worker 1', 'worker 2']);
});

test('who gives up leaves the queue, and its worker is for the next', async () => {
  const { queue, facts } = server({ ours: 1, theirs: 10 });
  const controller = new AbortController();
  const impatient = queue.acquire(controller.signal);
  const patient = queue.acquire(signal);
  controller.abort(new ScoutError('cancelled', 'enough', 'Call again.'));
  await expect(impatient).rejects.toMatchObject({ code: 'cancelled' });
  expect((await patient).name).toBe('worker 1');
  expect(facts.started).toBe(1);
  await expect(queue.acquire(AbortSignal.abort(busy))).rejects.toBe(busy);
});

test('a smaller limit of the server is learned from its refusals', async () => {
  const { queue, facts } = server({ ours: 8, theirs: 3 });
  const order: number[] = [];
  const calls = Array.from({ length: 30 }, async (_, n) => {
    const worker = await queue.acquire(new AbortController().signal);
    order.push(n);
    await Promise.resolve();
    queue.release(worker);
  });
  await Promise.all(calls);
  expect(order).toEqual(Array.from({ length: 30 }, (_, n) => n));
  expect(facts.most).toBe(3);
  expect(facts.started).toBeLessThanOrEqual(8);
});

describe('a refusal just after a channel was closed', () => {
  test('teaches nothing: it is tried again after a pause', async () => {
    const { queue, facts } = server({ ours: 8, theirs: 8 });
    const [one, two] = await Promise.all([queue.acquire(signal), queue.acquire(signal)]);
    one.close(); // the server counts it a moment longer
    await one.gone;
    facts.theirs = 1;
    const next = queue.acquire(signal);
    await vi.advanceTimersByTimeAsync(40);
    facts.theirs = 8;
    expect(facts.started).toBe(3);
    await vi.advanceTimersByTimeAsync(20);
    expect((await next).name).toBe('worker 4');
    expect((await Promise.all([queue.acquire(signal), queue.acquire(signal)])).length).toBe(2);
    two.close();
  });

  test('of the only channel there is no reason to fail', async () => {
    const { queue, facts } = server({ ours: 1, theirs: 1 });
    const only = await queue.acquire(signal);
    only.close();
    await only.gone;
    facts.theirs = 0;
    const next = queue.acquire(signal);
    await vi.advanceTimersByTimeAsync(100);
    facts.theirs = 1;
    await vi.advanceTimersByTimeAsync(200);
    expect((await next).isIdle).toBe(true);
  });
});

test('a server that refuses every channel is given up after some tries', async () => {
  const { queue, facts } = server({ ours: 8, theirs: 0 });
  const calls = [queue.acquire(signal), queue.acquire(signal)].map((call) => expect(call).rejects.toBe(busy));
  await vi.advanceTimersByTimeAsync(3_000);
  await Promise.all(calls);
  expect(facts.started).toBeLessThanOrEqual(14);
});

test('an account without a shell fails everybody who waits for one', async () => {
  const queue = new ChannelQueue<FakeWorker>(8, () => Promise.reject(noShell));
  const calls = [queue.acquire(signal), queue.acquire(signal), queue.acquire(signal)];
  await Promise.all(calls.map((call) => expect(call).rejects.toBe(noShell)));
});

test('where one more shell cannot be started, those that run are enough', async () => {
  let started = 0;
  const queue = new ChannelQueue<FakeWorker>(8, async () => {
    started += 1;
    if (started > 1) throw noShell; // fork: resource temporarily unavailable
    return new FakeWorker('the one', '');
  });
  const first = await queue.acquire(signal);
  const second = queue.acquire(signal);
  await vi.advanceTimersByTimeAsync(0);
  queue.release(first);
  expect(await second).toBe(first);
});

test('an idle worker is closed for a channel of another kind, and that for a worker when it is spare', async () => {
  const { queue, workers, facts } = server({ ours: 1, theirs: 1 });
  queue.release(await queue.acquire(signal));
  await queue.open(async () => {
    facts.sftp = 1;
  });
  expect(workers[0]?.closed).toBe(true);

  const worker = queue.acquire(signal);
  await vi.advanceTimersByTimeAsync(0);
  expect(facts.started).toBe(1); // the channel is in use
  const giveUp = vi.fn(() => {
    facts.sftp = 0;
    queue.closed();
  });
  queue.spare(giveUp);
  expect((await worker).name).toBe('worker 2');
  expect(giveUp).toHaveBeenCalledOnce();
});

test('a channel that could not be opened is free again', async () => {
  const { queue } = server({ ours: 1, theirs: 1 });
  await expect(queue.open(() => Promise.reject(noShell))).rejects.toBe(noShell);
  expect((await queue.acquire(signal)).name).toBe('worker 1');
});

test('a worker that dies is replaced for who waits', async () => {
  const { queue } = server({ ours: 1, theirs: 1 });
  const first = await queue.acquire(signal);
  const next = queue.acquire(signal);
  first.close();
  queue.release(first);
  expect((await next).name).toBe('worker 2');
});

test('when the connection is gone, who waits and who asks is told so', async () => {
  const { queue } = server({ ours: 1, theirs: 1 });
  const lost = new ScoutError('connection_lost', 'lost', 'Call again.');
  await queue.acquire(signal);
  const waiting = expect(queue.acquire(signal)).rejects.toBe(lost);
  queue.end(lost);
  await waiting;
  await expect(queue.acquire(signal)).rejects.toBe(lost);
  await expect(queue.open(async () => 'x')).rejects.toBe(lost);
});

test('it says whether a command would have to wait, and whether there is room to spare', async () => {
  const onWait = vi.fn();
  const queue = new ChannelQueue<FakeWorker>(1, async () => new FakeWorker('one', ''), onWait);
  expect([queue.isFree, queue.hasSpareRoom]).toEqual([true, true]);
  const worker = await queue.acquire(signal);
  expect([queue.isFree, queue.hasSpareRoom]).toEqual([false, false]);
  expect(onWait).not.toHaveBeenCalled();
  const waiting = queue.acquire(signal);
  expect(onWait).toHaveBeenCalledOnce();
  queue.release(worker);
  queue.release(await waiting);
  expect([queue.isFree, queue.hasSpareRoom]).toEqual([true, false]);
});

test('a worker goes to who asks for its kind, and an idle one of another kind makes room', async () => {
  const { queue, workers, facts } = server({ ours: 2, theirs: 10 });
  const plain = await queue.acquire(signal);
  const other = await queue.acquire(signal, 'sockets');
  expect([plain.kind, other.kind]).toEqual(['', 'sockets']);
  queue.release(other);
  const third = queue.acquire(signal);
  await vi.advanceTimersByTimeAsync(0);
  expect((await third).kind).toBe('');
  expect(other.closed).toBe(true);
  expect(facts.most).toBe(2);
  expect(workers.map(({ kind }) => kind)).toEqual(['', 'sockets', '']);
});

test('a kind of worker that cannot be started fails those who wait for it, and no others', async () => {
  const queue = new ChannelQueue<FakeWorker>(8, async (kind) => {
    if (kind === 'sockets') throw noShell;
    return new FakeWorker('plain', kind);
  });
  const plain = await queue.acquire(signal);
  await expect(queue.acquire(signal, 'sockets')).rejects.toBe(noShell);
  queue.release(plain);
  expect(await queue.acquire(signal)).toBe(plain);
});

describe('a worker that is begun with its first command', () => {
  const worker = new FakeWorker('begun', '');

  test('is its caller’s while there is no other, and everybody’s when it is given back', async () => {
    const { queue, facts } = server({ ours: 2, theirs: 2 });
    const begun = await queue.begin('', () => Promise.resolve(worker));
    expect(begun).toBe(worker);
    expect(await queue.begin('', () => Promise.reject(noShell))).toBeUndefined(); // one may become free
    const waiting = queue.acquire(signal);
    queue.release(worker);
    expect(await waiting).toBe(worker);
    expect(facts.started).toBeLessThanOrEqual(1);
  });

  test('fails as its start does, and takes no room then', async () => {
    const { queue } = server({ ours: 1, theirs: 1 });
    await expect(queue.begin('', () => Promise.reject(noShell))).rejects.toBe(noShell);
    expect(queue.hasSpareRoom).toBe(true);
    expect((await queue.acquire(signal)).name).toBe('worker 1');
  });

  test('is acquired as usual where the server refuses its channel for now', async () => {
    const { queue } = server({ ours: 1, theirs: 1 });
    expect(await queue.begin('', () => Promise.reject(busy))).toBeUndefined();
    const acquired = queue.acquire(signal);
    await vi.advanceTimersByTimeAsync(100);
    expect((await acquired).name).toBe('worker 1');
  });
});
