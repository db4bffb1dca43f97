import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SFTPWrapper } from 'ssh2';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { defaultDenyPaths } from '../../../src/deny-paths.ts';
import type { FileFacts } from '../../../src/ssh/files.ts';
import { createSftpDoor } from '../../../src/ssh/sftp/door.ts';
import { readFile } from '../../../src/ssh/sftp/read-file.ts';
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

describe('a handle that is open for one request', () => {
  const once = (ask: Ask, name: string) =>
    session.handles.openForOne(
      ask,
      (sftp, done) => sftp.open(path(name), 'r', done),
      async (handle) => {
        const buffer = Buffer.alloc(100);
        const count = await ask<number>((sftp, done) => sftp.read(handle, buffer, 0, 100, 0, done));
        return buffer.toString('utf8', 0, count);
      },
    );
  /** All is answered that was asked before. */
  const settled = async (ask: Ask) => {
    await new Promise(setImmediate);
    await ask<unknown>((sftp, done) => sftp.stat('.', done));
  };
  const spies = () => ({ read: vi.spyOn(channel, 'read'), close: vi.spyOn(channel, 'close') });
  afterEach(() => vi.restoreAllMocks());

  it('is closed along with the open, and foreseen again', async () => {
    for (const name of ['a', 'b', 'c']) put(name);
    await session.use(signal, async (ask) => {
      await openedAndClosed(ask, 'a');
      const { read, close } = spies();
      const first = once(ask, 'b');
      expect([read.mock.calls.length, close.mock.calls.length]).toEqual([1, 1]); // nothing was awaited yet
      expect(await first).toBe('content of b\n');
      await settled(ask);
      expect(await once(ask, 'c')).toBe('content of c\n');
      await settled(ask);
      expect([read.mock.calls.length, close.mock.calls.length]).toEqual([2, 2]);
      expect((await takeHandle(ask, 'a')).readUInt32BE()).toBe(0); // the only one there has been
    });
  });

  it('is closed also where it was not foreseen, or another was', async () => {
    for (const name of ['x', 'y', 'z']) put(name);
    await session.use(signal, async (ask) => {
      expect(await once(ask, 'x')).toBe('content of x\n');
      await settled(ask);
      const taken = await takeHandle(ask, 'y');
      expect(await once(ask, 'z')).toBe('content of z\n'); // the one that was foreseen is taken
      await settled(ask);
      const next = await takeHandle(ask, 'x');
      expect([taken, next].map((handle) => handle.readUInt32BE())).toEqual([0, 1]);
    });
  });

  it('is closed later where the server did not do it in order', async () => {
    for (const name of ['early', 'late']) put(name);
    await session.use(signal, async (ask) => {
      await once(ask, 'early');
      await settled(ask);
      const { close } = spies();
      close.mockImplementationOnce((_, done) => done?.(new Error('invalid handle')));
      expect(await once(ask, 'late')).toBe('content of late\n');
      await settled(ask);
      expect(close).toHaveBeenCalledTimes(2);
      expect((await takeHandle(ask, 'early')).readUInt32BE()).toBe(0);
    });
  });

  it('gives all of a file that is longer or shorter than its STAT said', async () => {
    const request = { firstLine: 1, lines: undefined, maxBytes: 1_000_000, depth: 1 };
    put('changed', 'one\ntwo\n');
    await session.use(signal, async (ask) => {
      for (const sizeBytes of [8, 3, 20_000, 8, 7, 9]) {
        const facts = { kind: 'file', sizeBytes } as FileFacts; // no other fact is looked at
        const outcome = await readFile(ask, session.handles, path('changed'), facts, {
          ...request,
          path: 'changed',
        });
        expect(outcome).toMatchObject({ content: Buffer.from('one\ntwo\n'), reachedEnd: true });
        await settled(ask);
      }
      expect((await takeHandle(ask, 'changed')).readUInt32BE()).toBe(0);
    });
  });

  it('gives nothing where it cannot be read, and rejects where it cannot be opened', async () => {
    put('good');
    mkdirSync(path('no-file'));
    await session.use(signal, async (ask) => {
      await once(ask, 'good');
      await settled(ask);
      expect(await once(ask, 'no-file')).toBeUndefined();
      await settled(ask);
      await expect(once(ask, 'missing')).rejects.toThrow('No such file');
      await settled(ask);
      expect((await takeHandle(ask, 'good')).readUInt32BE()).toBe(0);
    });
    rmSync(path('no-file'), { recursive: true });
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
