import type { SFTPWrapper } from 'ssh2';
import { describe, expect, it } from 'vitest';
import { readChunks } from '../../../src/ssh/sftp/read-chunks.ts';
import type { Ask } from '../../../src/ssh/sftp/session.ts';

/** A server whose answers are at most `mostBytes` long, as version 3 of SFTP allows for any file. */
function serverOf(
  content: Buffer,
  mostBytes: number,
): { readonly ask: Ask; readonly requests: () => number } {
  let requests = 0;
  const server = {
    read(_handle: Buffer, buffer: Buffer, offset: number, length: number, position: number, done: Done) {
      requests += 1;
      const count = content.copy(buffer, offset, position, position + Math.min(length, mostBytes));
      queueMicrotask(() => done(undefined, count));
    },
  };
  const ask: Ask = (send) =>
    new Promise((resolve, reject) => {
      // only `read` is called
      send(server as unknown as SFTPWrapper, (error, value) => (error ? reject(error) : resolve(value)));
    });
  return { ask, requests: () => requests };
}

type Done = (error: undefined, count: number) => void;

async function readAll(ask: Ask, sizeBytes: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  const range = { startByte: 0, endByte: undefined, sizeBytes };
  for await (const chunk of readChunks(ask, Buffer.from('h'), range)) parts.push(chunk);
  return Buffer.concat(parts);
}

describe('reading ahead', () => {
  const content = Buffer.from(Array.from({ length: 200_000 }, (_, index) => (index * 7919) % 251));

  it('leaves no gap where a server gives less than it was asked for', async () => {
    for (const mostBytes of [1_000, 20_000, 31_743, 32_000]) {
      const { ask } = serverOf(content, mostBytes);
      expect((await readAll(ask, content.length)).equals(content), `${mostBytes} at a time`).toBe(true);
    }
  });

  it('goes on past the size that a file had, and stops where one ends before it', async () => {
    const { ask } = serverOf(content, 32_000);
    expect((await readAll(ask, 5_000)).equals(content)).toBe(true);
    expect((await readAll(ask, 5_000_000)).equals(content)).toBe(true);
  });

  it('asks once for a small file: what is there ends where it was said to', async () => {
    const { ask, requests } = serverOf(content.subarray(0, 1_000), 32_000);
    expect((await readAll(ask, 1_000)).equals(content.subarray(0, 1_000))).toBe(true);
    expect(requests()).toBe(1);
  });
});
