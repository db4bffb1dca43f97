import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { type FileHandle, open, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PartWriter } from '../../../src/operations/beam/part-writer.ts';
import { ReadBack } from '../../../src/operations/beam/read-back.ts';
import { until } from '../../fixtures/until.ts';

const sizeBytes = 10_000_000;
const data = randomBytes(sizeBytes);
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

let directory: string;
let path: string;
let part: FileHandle;
let count = 0;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'scout-follow-'));
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

beforeEach(async () => {
  count += 1;
  path = join(directory, `part-${count}`);
  part = await open(path, 'wx+');
  return () => part.close();
});

/** By the handle, piece by piece, as the copy does it. */
async function* pieces(from: number, to: number): AsyncGenerator<Buffer> {
  for (let at = from; at < to; ) {
    const buffer = Buffer.allocUnsafe(Math.min(300_000, to - at));
    const { bytesRead } = await part.read(buffer, 0, buffer.length, at);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
    at += bytesRead;
  }
}

async function writeAll(writer: PartWriter, bytes = data, from = 0): Promise<void> {
  for (let at = 0; at < bytes.length; at += 261_120)
    await writer.write(bytes.subarray(at, at + 261_120), from + at);
  await writer.settle();
}

describe('a hash made by reading back while a part is written', () => {
  it('is that of what is in the file', async () => {
    const following = new ReadBack(pieces);
    const writer = new PartWriter(part, Buffer.from(path));
    writer.onWritten = (bytes) => following.follow(bytes);
    await writeAll(writer);
    expect(await following.digest(sizeBytes)).toBe(sha256(data));
    await following.stop();
    expect(data.equals(await readFile(path))).toBe(true);
  });

  it('is not that of what was to be there, where something else is', async () => {
    const following = new ReadBack(pieces);
    await writeAll(new PartWriter(part, Buffer.from(path)));
    await part.write(Buffer.from('other'), 0, 5, 5_000_000);
    const made = await following.digest(sizeBytes);
    expect(made).toMatch(/^[0-9a-f]{64}$/);
    expect(made).not.toBe(sha256(data));
    await following.stop();
  });

  it('begins at the beginning of a part that is gone on with', async () => {
    await writeAll(new PartWriter(part, Buffer.from(path)), data.subarray(0, 6_000_000));
    const following = new ReadBack(pieces);
    const writer = new PartWriter(part, Buffer.from(path));
    writer.onWritten = (bytes) => following.follow(bytes);
    await writeAll(writer, data.subarray(6_000_000), 6_000_000);
    expect(await following.digest(sizeBytes)).toBe(sha256(data));
    await following.stop();
  });

  it('is never taken for that of a longer file', async () => {
    await writeAll(new PartWriter(part, Buffer.from(path)), data.subarray(0, 1_000));
    const following = new ReadBack(pieces);
    expect(await following.digest(sizeBytes)).not.toBe(sha256(data));
    await following.stop();
  });

  it('can be given up at any time', async () => {
    const following = new ReadBack(pieces);
    await writeAll(new PartWriter(part, Buffer.from(path)));
    following.follow(sizeBytes);
    await following.stop();
  });
});

it('what reads back goes on although it was told the same twice', async () => {
  await writeAll(new PartWriter(part, Buffer.from(path)));
  let readBytes = 0;
  const back = new ReadBack(async function* (from, to) {
    for await (const piece of pieces(from, to)) {
      yield piece;
      readBytes += piece.length;
    }
  });
  back.follow(5_000_000);
  await until(() => readBytes === 5_000_000);
  back.follow(5_000_000);
  expect(await back.digest(sizeBytes)).toBe(sha256(data));
});

it('a file that cannot be read has no hash, and whoever wants one is not left waiting', async () => {
  const failing = new ReadBack(() => {
    throw new Error('no such thing');
  });
  expect(await failing.digest(1)).toBeUndefined();
});

it('a writer says of nothing that it is written before it is', async () => {
  const writer = new PartWriter(part, Buffer.from(path));
  const looks: Promise<boolean>[] = [];
  writer.onWritten = (bytes) => {
    looks.push(pieceAt(bytes).then((there) => there.equals(data.subarray(bytes - 1_000, bytes))));
  };
  await writeAll(writer);
  expect(looks.length).toBeGreaterThan(3);
  expect(await Promise.all(looks)).not.toContain(false);
});

it('a write that fails is told, by the next one or in the end, and no more is said to be written', async () => {
  const readOnly = await open(path, 'r');
  const writer = new PartWriter(readOnly, Buffer.from(path));
  const told: number[] = [];
  writer.onWritten = (bytes) => told.push(bytes);
  await writer.write(data.subarray(0, 1_000), 0);
  await expect(writer.settle()).rejects.toMatchObject({ name: 'ScoutError' });
  await expect(writeAll(writer)).rejects.toMatchObject({ name: 'ScoutError' });
  await writer.end();
  expect(told).toEqual([]);
  await readOnly.close();
});

async function pieceAt(bytes: number): Promise<Buffer> {
  const buffer = Buffer.alloc(1_000);
  await part.read(buffer, 0, buffer.length, bytes - 1_000);
  return buffer;
}
