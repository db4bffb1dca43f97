import { ScoutError } from '../../errors.ts';
import type { FileFacts, ReadOutcome, ReadRequest } from '../files.ts';
import type { Handles } from './handles.ts';
import { chunkBytes, readAt, readChunks } from './read-chunks.ts';
import type { Ask, Request } from './session.ts';
import { takeLines } from './take-lines.ts';

const lineFeed = 0x0a;
/** Files that claim size 0 can be read front to back only; lines from their end are counted in memory. */
const unsizedBytes = 16 * 1024 * 1024;

/**
 * The wanted lines of the regular file `path` (as SFTP takes it), of which STAT gave the facts just before. A small file
 * costs one round trip where `handles` foresees its handle, for then OPEN, READ and CLOSE are on the way together, as one
 * packet; else two.
 * No FSTAT: OpenSSH's server sends each answer by itself, and one more made such a read a twentieth longer.
 */
export async function readFile(
  ask: Ask,
  handles: Handles,
  path: string,
  facts: FileFacts,
  request: ReadRequest,
): Promise<ReadOutcome> {
  const { sizeBytes } = facts;
  const open: Request<Buffer> = (sftp, done) => sftp.open(path, 'r', done);
  const isForward = request.firstLine >= 0;
  if (isForward && sizeBytes > 0 && sizeBytes < chunkBytes) {
    const whole = await handles.openForOne(ask, open, (opened) => readAt(ask, opened, 0, sizeBytes + 1));
    if (whole?.length === sizeBytes)
      return { what: 'file', facts, ...(await takeLines([whole], request)), firstLine: request.firstLine };
    // else it has changed meanwhile
  }
  const read = isForward ? readForward : readFromEnd;
  const { handle, first } = await handles.open(ask, open, (opened) => {
    const taken = read(ask, opened, sizeBytes, request);
    taken.catch(() => {}); // awaited below, unless the file is not opened
    return taken;
  });
  try {
    return { what: 'file', facts, ...(await first) };
  } finally {
    handles.closeLater(ask, handle);
  }
}

type Content = Pick<
  Extract<ReadOutcome, { what: 'file' }>,
  'content' | 'truncated' | 'reachedEnd' | 'firstLine'
>;

async function readForward(
  ask: Ask,
  handle: Buffer,
  sizeBytes: number,
  request: ReadRequest,
): Promise<Content> {
  const chunks = readChunks(ask, handle, { startByte: 0, endByte: undefined, sizeBytes });
  const { content, truncated, reachedEnd } = await takeLines(chunks, request);
  return { content, truncated, reachedEnd, firstLine: request.firstLine };
}

async function readFromEnd(
  ask: Ask,
  handle: Buffer,
  sizeBytes: number,
  request: ReadRequest,
): Promise<Content> {
  if (sizeBytes === 0) return await readUnsizedFromEnd(ask, handle, request);
  const startByte = await findLastLines(ask, handle, sizeBytes, -request.firstLine);
  const chunks = readChunks(ask, handle, { startByte, endByte: sizeBytes, sizeBytes });
  const taken = await takeLines(chunks, { ...request, firstLine: 1 });
  return { ...taken, firstLine: startByte === 0 ? 1 : undefined };
}

/** Where the last `count` lines begin; a line feed at the very end closes the last line and opens none. */
async function findLastLines(ask: Ask, handle: Buffer, sizeBytes: number, count: number): Promise<number> {
  let end = sizeBytes - 1;
  let missing = count;
  let length = 16 * 1024;
  while (end > 0) {
    const start = Math.max(0, end - length);
    const { at, found } = feedFromEnd(await readRange(ask, handle, start, end, sizeBytes), missing);
    if (found === missing) return start + at + 1;
    missing -= found;
    end = start;
    length = Math.min(length * 2, 512 * 1024);
  }
  return 0;
}

async function readUnsizedFromEnd(ask: Ask, handle: Buffer, request: ReadRequest): Promise<Content> {
  const whole = await readRange(ask, handle, 0, unsizedBytes + 1, 0);
  if (whole.length > unsizedBytes) {
    throw new ScoutError(
      'output_limit',
      `${request.path} does not tell its size and is too long to count its lines from the end`,
      'Ask with a positive offset and a limit.',
    );
  }
  const count = -request.firstLine;
  const { at, found } = feedFromEnd(whole.subarray(0, -1), count);
  const start = found === count ? at + 1 : 0;
  const before = feedFromEnd(whole.subarray(0, start), Number.POSITIVE_INFINITY).found;
  const taken = await takeLines([whole.subarray(start)], { ...request, firstLine: 1 });
  return { ...taken, firstLine: before + 1 };
}

/** The place of the `count`th line feed from the end, and how many there are up to that. */
function feedFromEnd(block: Buffer, count: number): { at: number; found: number } {
  let found = 0;
  let at = block.length;
  while (found < count && at > 0) {
    at = block.lastIndexOf(lineFeed, at - 1);
    if (at >= 0) found += 1;
  }
  return { at, found };
}

async function readRange(
  ask: Ask,
  handle: Buffer,
  startByte: number,
  endByte: number,
  sizeBytes: number,
): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const chunk of readChunks(ask, handle, { startByte, endByte, sizeBytes })) parts.push(chunk);
  return Buffer.concat(parts);
}
