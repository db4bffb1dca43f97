import { existsSync, writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { beforeEach, expect, it, vi } from 'vitest';
import { ScoutError } from '../../../src/errors.ts';
import { type Ask, createSftpSession, type SftpSession } from '../../../src/ssh/sftp/session.ts';
import { useClient } from './channel.ts';

const ground = useClient();
let session: SftpSession;
let [from, to] = ['', ''];
let count = 0;

beforeEach(async () => {
  count += 1;
  [from, to] = [join(ground.sshd.directory, `from-${count}`), join(ground.sshd.directory, `to-${count}`)];
  writeFileSync(from, '');
  session = createSftpSession(await ground.client.sftp());
  return () => session.retire();
});

/** What the server says is not heard until `resume`. */
const socket = () => (ground.client.client as unknown as { _sock: Socket })._sock;

const rename = (ask: Ask, isFinal: boolean) =>
  ask<void>((sftp, done) => sftp.rename(from, to, (error) => done(error, undefined)), isFinal);

it('waits for the answer to what cannot be taken back, and only for that', async () => {
  const controller = new AbortController();
  const renamed = await session.use(controller.signal, async (ask) => {
    socket().pause();
    const looked = ask<unknown>((sftp, done) => sftp.stat(from, done));
    const answer = rename(ask, true);
    controller.abort(new ScoutError('cancelled', 'cancelled', 'Call again.'));
    await expect(looked).rejects.toMatchObject({ code: 'cancelled' });
    await expect(rename(ask, true)).rejects.toMatchObject({ code: 'cancelled' });
    socket().resume();
    return await answer.then(() => true);
  });
  expect(renamed).toBe(true);
  expect(existsSync(to)).toBe(true);
});

it('waits for it no longer than five seconds', async () => {
  const controller = new AbortController();
  const lost = session.use(controller.signal, async (ask) => {
    socket().pause();
    const answer = rename(ask, true);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    controller.abort(new ScoutError('cancelled', 'cancelled', 'Call again.'));
    vi.advanceTimersByTime(4_999);
    const early = await Promise.race([answer.catch(() => 'given up'), Promise.resolve('waiting')]);
    vi.advanceTimersByTime(1);
    vi.useRealTimers();
    socket().resume();
    expect(early).toBe('waiting');
    await answer;
  });
  await expect(lost).rejects.toMatchObject({ code: 'cancelled' });
});

it('does not wait for any other request', async () => {
  const controller = new AbortController();
  const lost = session.use(controller.signal, async (ask) => {
    socket().pause();
    const answer = rename(ask, false);
    controller.abort(new ScoutError('cancelled', 'cancelled', 'Call again.'));
    socket().resume();
    await answer;
  });
  await expect(lost).rejects.toMatchObject({ code: 'cancelled' });
});
