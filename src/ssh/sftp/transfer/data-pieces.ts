import type { SFTPWrapper } from 'ssh2';

/** SSH_FXP_DATA of draft-ietf-secsh-filexfer-02 section 7: length, type, the request's number, length of the data. */
const dataType = 103;
const headBytes = 4 + 1 + 4 + 4;
const lengthBytes = 4;

/** A request for data that waits for its answer. */
interface Asked {
  /** Its data may be given in pieces, so many bytes at most. */
  readonly piecesUpTo?: number;
  /** What ssh2 calls with an answer that it put together, or with an error. */
  cb(error: Error | undefined, data?: Buffer | readonly Buffer[]): void;
}

/** What ssh2 keeps to itself: the requests without an answer, by their numbers. */
interface Internals {
  /** The last request that was sent. */
  readonly _writeReqid: number;
  readonly _requests: Record<number, Asked>;
  push(chunk: Buffer | null): unknown;
}

interface Taken {
  readonly number: number;
  readonly pieces: Buffer[];
}

/** Have the answer to the request that was just sent given to `done`, in the pieces in which it comes. */
export function takeInPieces(
  sftp: SFTPWrapper,
  mostBytes: number,
  done: (error: Error | undefined, pieces: readonly Buffer[]) => void,
): void {
  const { _requests, _writeReqid } = sftp as unknown as Internals; // what the types of ssh2 leave out
  _requests[_writeReqid] = {
    piecesUpTo: mostBytes,
    cb: (error, data = []) => done(error, Buffer.isBuffer(data) ? [data] : data),
  };
}

/**
 * Let data that is asked for by `takeInPieces` go past ssh2, which copies each answer together. All else, and an
 * answer whose head comes in two pieces, is left to ssh2.
 */
export function handOnPieces(sftp: SFTPWrapper): void {
  const channel = sftp as unknown as Internals; // as above
  const toSsh2 = channel.push.bind(channel);
  let taken: Taken | undefined;
  /** Of the packet that is on its way: what is missing, or of its length what is there. */
  let left = 0;
  let length = 0;
  let lengthCount = 0;

  /** Behind the packet's head, where its data is wanted in pieces. */
  const begin = (chunk: Buffer, at: number): boolean => {
    if (lengthCount > 0 || chunk.length - at < headBytes || chunk[at + lengthBytes] !== dataType)
      return false;
    const number = chunk.readUInt32BE(at + 5);
    const bytes = chunk.readUInt32BE(at + 9);
    const most = channel._requests[number]?.piecesUpTo ?? 0;
    if (bytes === 0 || bytes > most || chunk.readUInt32BE(at) !== headBytes - lengthBytes + bytes)
      return false;
    taken = { number, pieces: [] };
    left = bytes;
    return true;
  };
  const add = ({ number, pieces }: Taken, piece: Buffer) => {
    pieces.push(piece);
    left -= piece.length;
    if (left > 0) return;
    taken = undefined;
    const asked = channel._requests[number];
    delete channel._requests[number];
    asked?.cb(undefined, pieces);
  };
  /** How much of `chunk` is ssh2's, up to where the packet ends. */
  const skip = (chunk: Buffer, from: number): number => {
    let at = from;
    while (lengthCount < lengthBytes && at < chunk.length) {
      length = (length * 0x100 + (chunk[at++] ?? 0)) % 0x1_0000_0000;
      lengthCount += 1;
      if (lengthCount === lengthBytes) left = length;
    }
    const rest = Math.min(left, chunk.length - at);
    left -= rest;
    if (lengthCount === lengthBytes && left === 0) [length, lengthCount] = [0, 0];
    return at + rest;
  };

  channel.push = (chunk) => {
    if (chunk === null) return toSsh2(chunk);
    for (let at = 0; at < chunk.length; ) {
      if (!taken && begin(chunk, at)) at += headBytes;
      const end = taken ? Math.min(chunk.length, at + left) : skip(chunk, at);
      const piece = chunk.subarray(at, end);
      at = end;
      if (taken) add(taken, piece);
      else toSsh2(piece);
    }
    return undefined;
  };
}
