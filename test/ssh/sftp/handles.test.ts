import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SFTPWrapper } from 'ssh2';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { defaultDenyPaths } from '../../../src/deny-paths.ts';
import { createSftpDoor } from '../../../src/ssh/sftp/door.ts';
import { type Ask, createSftpSession, type SftpSession } from '../../../src/ssh/sftp/session.ts';
import { useClient } from './channel.ts';

const ground = useClient();
let channel: SFTPWrapper;
let session: SftpSession;
const { signal } = new AbortController();

beforeEach(async () => {
  channel = await ground.client.sftp();
  session = createSftpSession(channel);
  return () => session.retire();
});

const path = (name: string) => join(ground.sshd.directory, name);

function put(name: string, content = `content of ${name}\n`): string {
  writeFileSync(path(name), content);
  return path(name);
}

/** The bytes of a file as its first request gives them, and the handle to be closed. */
async function opened(ask: Ask, name: string): Promise<{ handle: Buffer; text: Promise<string> }> {
  const { handle, first } = await session.handles.open(
    ask,
    (sftp, done) => sftp.open(path(name), 'r', done),
    (handle) => {
      const buffer = Buffer.alloc(100);
      const count = ask<number>((sftp, done) => sftp.read(handle, buffer, 0, 100, 0, done));
      const text = count.then((bytes) => buffer.toString('utf8', 0, bytes));
      text.catch(() => {});
      return text;
    },
  );
  return { handle, text: first };
}

/** Close it, and wait for the answer. */
async function closed(ask: Ask, handle: Buffer): Promise<void> {
  session.handles.closeLater(ask, handle);
  await new Promise(setImmediate);
  await ask<unknown>((sftp, done) => sftp.stat('.', done)); // answered behind it
}

async function openedAndClosed(ask: Ask, name: string): Promise<string> {
  const { handle, text } = await opened(ask, name);
  const found = await text;
  await closed(ask, handle);
  return found;
}

/** Take the handle that is free next, without a word to `session.handles`. */
async function takeHandle(ask: Ask, name: string): Promise<Buffer> {
  return await ask<Buffer>((sftp, done) => sftp.open(path(name), 'r', done));
}

describe('a handle that was closed', () => {
  it('is asked for its content along with the next open, once', async () => {
    put('a');
    put('b');
    await session.use(signal, async (ask) => {
      await openedAndClosed(ask, 'a');
      const read = vi.spyOn(channel, 'read');
      const opening = opened(ask, 'b');
      expect(read).toHaveBeenCalledTimes(1); // nothing was awaited yet
      const another = opened(ask, 'a');
      expect(read).toHaveBeenCalledTimes(1);
      expect(await (await opening).text).toBe('content of b\n');
      expect(await (await another).text).toBe('content of a\n');
      expect(read).toHaveBeenCalledTimes(2);
      read.mockRestore();
    });
  });

  it('gives nothing of the file that has it now', async () => {
    put('first');
    put('taker');
    put('wanted');
    await session.use(signal, async (ask) => {
      await openedAndClosed(ask, 'first');
      await takeHandle(ask, 'taker');
      const read = vi.spyOn(channel, 'read');
      const { text } = await opened(ask, 'wanted');
      expect(await text).toBe('content of wanted\n');
      expect(read).toHaveBeenCalledTimes(2);
      read.mockRestore();
    });
  });

  it('is no guess where another was opened before its closing was answered', async () => {
    put('one');
    put('other');
    await session.use(signal, async (ask) => {
      const one = await opened(ask, 'one');
      session.handles.closeLater(ask, one.handle);
      await new Promise(setImmediate);
      const other = await opened(ask, 'other'); // has the handle of the first
      expect(other.handle).toEqual(one.handle);
      const read = vi.spyOn(channel, 'read');
      expect(await (await opened(ask, 'one')).text).toBe('content of one\n');
      expect(read).toHaveBeenCalledTimes(1);
      read.mockRestore();
    });
  });

  it('is not guessed any more after three wrong guesses', async () => {
    for (const name of ['x', 'y', 'z']) put(name);
    await session.use(signal, async (ask) => {
      const read = vi.spyOn(channel, 'read');
      const requests: number[] = [];
      await openedAndClosed(ask, 'x');
      for (let attempt = 0; attempt < 4; attempt += 1) {
        await takeHandle(ask, 'y');
        read.mockClear();
        const { handle, text } = await opened(ask, 'z');
        expect(await text).toBe('content of z\n');
        requests.push(read.mock.calls.length);
        await closed(ask, handle);
      }
      expect(requests).toEqual([2, 2, 2, 1]);
      read.mockRestore();
    });
  });

  it('costs nothing where the open is refused', async () => {
    put('there');
    await session.use(signal, async (ask) => {
      await openedAndClosed(ask, 'there');
      await expect(opened(ask, 'missing')).rejects.toThrow('No such file');
      expect(await openedAndClosed(ask, 'there')).toBe('content of there\n');
    });
  });
});

it('forty reads at once, again and again, have each its own content', async () => {
  const names = Array.from({ length: 40 }, (_, n) => `many-${n}`);
  for (const [n, name] of names.entries()) put(name, `${name}\n`.repeat(1 + ((n * 997) % 5_000)));
  mkdirSync(path('directory'));
  put('directory/inner');
  const door = createSftpDoor(ground.client.sftp, defaultDenyPaths());
  const request = { firstLine: 1, lines: undefined, maxBytes: 1_000_000, depth: 1 };
  for (let round = 0; round < 5; round += 1) {
    const wanted = names.slice(0, [40, 1, 2, 40, 7][round]);
    const reads = wanted.map(async (name) => {
      const outcome = await door.read({ ...request, path: path(name) }, new AbortController().signal);
      if (outcome.what !== 'file') throw new Error(outcome.what);
      expect(new Set(Buffer.from(outcome.content).toString().trim().split('\n'))).toEqual(new Set([name]));
    });
    const listing = door.read({ ...request, path: path('directory') }, signal);
    await Promise.all(reads);
    expect(await listing).toMatchObject({ what: 'directory', entries: [{ path: Buffer.from('inner') }] });
  }
  door.end();
  rmSync(path('directory'), { recursive: true });
});
