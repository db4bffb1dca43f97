import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import type { Exit } from '../../../src/ssh/engine.ts';
import { FramedChannel } from '../../../src/ssh/shell/framed-channel.ts';
import { until } from '../../fixtures/until.ts';
import { Collect } from './collect.ts';

const tag = '0123456789abcdef01234567';
const { signal } = new AbortController();

test('bytes after a trailer do not spoil the answer, but the channel', async () => {
  const { framed, remote, events } = channel();
  const answer = framed.exchange(tag, ['go'], new Collect(), signal);
  remote.stderr.write(`${tag}\n`);
  remote.stdout.write(`yes${tag} 0\nlate`);
  expect(await answer).toEqual({ trailer: '0' });
  expect(framed.isIdle).toBe(false);
  expect(events).toEqual(['go\n', 'scout_kill\n', 'KILL', 'close']);
});

test('bytes on the stream that is done, while the other is not, spoil the channel as well', async () => {
  const { framed, remote } = channel();
  const answer = framed.exchange(tag, ['go'], new Collect(), signal);
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
    const answer = framed.exchange(tag, ['go'], new Collect(), signal);
    remote[name].write(`${tag}${'x'.repeat(10_000)}`);
    await expect(answer).rejects.toMatchObject({ code: 'connection_lost' });
    expect(events).toContain('close');
  },
);

test('the end of the channel in the middle of a frame is a lost connection', async () => {
  const { framed, remote } = channel();
  const answer = framed.exchange(tag, ['go'], new Collect(), signal);
  remote.stdout.write(`half${tag} 0\n`);
  remote.end({ code: 0 });
  await expect(answer).rejects.toMatchObject({ code: 'connection_lost' });
  await expect(framed.exchange(tag, ['go'], new Collect(), signal)).rejects.toMatchObject({
    code: 'connection_lost',
  });
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
