import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { ScoutError } from '../../../src/errors.ts';
import type { Exit } from '../../../src/ssh/engine.ts';
import { FramedChannel } from '../../../src/ssh/shell/framed-channel.ts';
import { until } from '../../fixtures/until.ts';
import { Collect } from './collect.ts';

const tag = '0123456789abcdef01234567';
const { signal } = new AbortController();

test('bytes after a trailer do not spoil the answer, but the channel', async () => {
  const { framed, remote, events } = channel();
  const answer = framed.exchange(tag, () => ['go'], new Collect(), signal);
  remote.stderr.write(`${tag}\n`);
  remote.stdout.write(`yes${tag} 0\nlate`);
  expect(await answer).toEqual({ trailer: '0' });
  expect(framed.isIdle).toBe(false);
  expect(events).toEqual(['go\n', 'scout_kill\n', 'KILL', 'close']);
});

test('bytes on the stream that is done, while the other is not, spoil the channel as well', async () => {
  const { framed, remote } = channel();
  const answer = framed.exchange(tag, () => ['go'], new Collect(), signal);
  remote.stderr.write(`${tag}\n`);
  remote.stderr.write('late');
  await until(() => remote.stderr.readableLength === 0);
  remote.stdout.write(`${tag} 3\n`);
  expect(await answer).toEqual({ trailer: '3' });
  expect(framed.isIdle).toBe(false);
});

test.each(['stdout', 'stderr'] as const)(
  'a trailer on %s that does not end is a lost connection',
  async (name) => {
    const { framed, remote, events } = channel();
    const answer = framed.exchange(tag, () => ['go'], new Collect(), signal);
    remote[name].write(`${tag}${'x'.repeat(10_000)}`);
    await expect(answer).rejects.toMatchObject({ code: 'connection_lost' });
    expect(events).toContain('close');
  },
);

test('the end of the channel in the middle of a frame is a lost connection', async () => {
  const { framed, remote } = channel();
  const answer = framed.exchange(tag, () => ['go'], new Collect(), signal);
  remote.stdout.write(`half${tag} 0\n`);
  remote.end({ code: 0 });
  await expect(answer).rejects.toMatchObject({ code: 'connection_lost' });
  await expect(framed.exchange(tag, () => ['go'], new Collect(), signal)).rejects.toMatchObject({
    code: 'connection_lost',
  });
});

test('lines sent ahead are answered in their order, however the frames are cut', async () => {
  const { framed, remote } = channel();
  const [next, nextTag] = [new Collect(), '89abcdef0123456789abcdef'];
  const hello = framed.exchange(tag, () => ['boot'], new Collect(), signal);
  const early = framed.exchange(nextTag, () => ['go'], next, signal);
  remote.stdout.write(`noise${tag} 12\nfirst ou`); // the next frame begins where the other stream has not ended this one
  remote.stdout.write(`tput${nextTag} 7\n`);
  remote.stderr.write(`${tag}\nsecond${nextTag}\n`);
  expect(await hello).toEqual({ trailer: '12' });
  expect(await early).toEqual({ trailer: '7' });
  expect([String(next.out), String(next.err)]).toEqual(['first output', 'second']);
  expect(framed.isIdle).toBe(true);
});

test('one that is given up behind another waits for its turn, and then ends the channel', async () => {
  const { framed, remote, events } = channel();
  const controller = new AbortController();
  const next = new Collect();
  const hello = framed.exchange(tag, () => ['boot'], new Collect(), signal);
  const early = framed.exchange('89abcdef0123456789abcdef', () => ['go'], next, controller.signal);
  controller.abort(new ScoutError('cancelled', 'enough', 'Call again.'));
  await expect(early).rejects.toMatchObject({ code: 'cancelled' });
  expect(events).not.toContain('close'); // its start-up files are not broken off
  remote.stdout.write(`${tag} 12\nlate`);
  remote.stderr.write(`${tag}\n`);
  expect(await hello).toEqual({ trailer: '12' });
  expect(events).toContain('close');
  expect(next.out).toHaveLength(0);
});

test('an error of a stream is no crash, and the channel is not used again', async () => {
  const { framed, remote, events } = channel();
  remote.stdin.emit('error', new Error('EPIPE'));
  expect(framed.isIdle).toBe(true);
  remote.stdout.emit('error', new Error('ECONNRESET'));
  expect(framed.isIdle).toBe(false);
  expect(events).toContain('close');
});

function channel() {
  const events: string[] = [];
  const remote = { stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough() };
  remote.stdin.on('data', (chunk: Buffer) => events.push(String(chunk)));
  let end: (exit: Exit) => void = () => {};
  const closed = new Promise<Exit>((resolve) => {
    end = resolve;
  });
  const framed = new FramedChannel({
    ...remote,
    closed,
    signal: (name) => events.push(name),
    close: () => events.push('close'),
  });
  return { framed, events, remote: { ...remote, end } };
}
