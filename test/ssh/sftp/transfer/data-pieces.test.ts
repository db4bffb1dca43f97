import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import type { SFTPWrapper } from 'ssh2';
import sftpModule from 'ssh2/lib/protocol/SFTP.js';
import { expect, it } from 'vitest';
import { handOnPieces, takeInPieces } from '../../../../src/ssh/sftp/transfer/data-pieces.ts';

/** ssh2's own client; what it sends goes nowhere. */
function client() {
  const end = () => ({ id: 0, window: 2 ** 31, packetSize: 2 ** 20, state: 'open' as const });
  const carrier = { channelData() {}, channelClose() {}, channelWindowAdjust() {} };
  const channel = { type: 'session' as const, incoming: end(), outgoing: end() };
  const sftp = new sftpModule.SFTP({ _protocol: carrier }, channel, {});
  sftp._init();
  sftp.push(packet(2, uint32(3)));
  handOnPieces(sftp);
  return sftp;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function packet(type: number, ...fields: readonly Buffer[]): Buffer {
  const body = Buffer.concat([Buffer.from([type]), ...fields]);
  return Buffer.concat([uint32(body.length), body]);
}

const data = (id: number, bytes: Buffer) => packet(103, uint32(id), uint32(bytes.length), bytes);
const status = (id: number, code: number) => packet(101, uint32(id), uint32(code), uint32(0), uint32(0));

interface Heard {
  readonly error?: number | undefined;
  readonly bytes?: Buffer;
}

/** Asks for data, in pieces or by ssh2 alone; what comes of it is put into `heard`. */
function ask(sftp: SFTPWrapper, inPieces: boolean, heard: Heard[], mostBytes = 30_000): void {
  const at = heard.push({}) - 1;
  const buffer = Buffer.alloc(30_000);
  sftp.read(Buffer.from('handle'), buffer, 0, buffer.length, 0, (error, count) => {
    heard[at] = error ? { error: (error as { code?: number }).code } : { bytes: buffer.subarray(0, count) };
  });
  if (!inPieces) return;
  takeInPieces(sftp, mostBytes, (error, pieces) => {
    heard[at] = error ? { error: (error as { code?: number }).code } : { bytes: Buffer.concat(pieces) };
  });
}

const answers = fc.array(
  fc.record({ inPieces: fc.boolean(), bytes: fc.nat(3_000), fails: fc.nat(9).map((one) => one === 0) }),
  { minLength: 1, maxLength: 8 },
);

it('gives what ssh2 would, however the stream is cut and whoever asked', () => {
  fc.assert(
    fc.property(answers, fc.array(fc.oneof(fc.nat(40), fc.nat(4_000)), { minLength: 1 }), (wanted, cuts) => {
      const sftp = client();
      const heard: Heard[] = [];
      const contents = wanted.map(({ bytes }) => randomBytes(bytes + 1));
      for (const { inPieces } of wanted) ask(sftp, inPieces, heard);
      const stream = Buffer.concat(
        wanted.map(({ fails }, id) => (fails ? status(id, 4) : data(id, contents[id] ?? Buffer.alloc(0)))),
      );
      for (let at = 0, turn = 0; at < stream.length; turn += 1) {
        const next = at + 1 + (cuts[turn % cuts.length] ?? 0);
        sftp.push(stream.subarray(at, next));
        at = next;
      }
      const inHex = heard.map(({ error, bytes }) => error ?? bytes?.toString('hex')); // to compare bytes one by one is slow
      expect(inHex).toEqual(wanted.map(({ fails }, id) => (fails ? 4 : contents[id]?.toString('hex'))));
    }),
    { numRuns: 200 },
  );
});

it('hands on the very bytes that came, without a copy', () => {
  const sftp = client();
  let taken: readonly Buffer[] = [];
  sftp.read(Buffer.from('handle'), Buffer.alloc(10), 0, 10, 0, () => {});
  takeInPieces(sftp, 10, (_error, pieces) => {
    taken = pieces;
  });
  const answer = data(0, Buffer.from('abcdefghij'));
  sftp.push(answer.subarray(0, 17));
  sftp.push(answer.subarray(17));
  expect(taken.map(String)).toEqual(['abcd', 'efghij']);
  expect(taken.map(({ buffer }) => buffer)).toEqual([answer.buffer, answer.buffer]);
});

it('leaves to ssh2 an answer that is longer than what was asked for', () => {
  const sftp = client();
  const heard: Heard[] = [];
  ask(sftp, true, heard, 5);
  sftp.push(data(0, Buffer.from('abcdefghij')));
  ask(sftp, true, heard);
  sftp.push(data(1, Buffer.from('k')));
  expect(heard.map(({ bytes }) => String(bytes))).toEqual(['abcdefghij', 'k']);
});

it('an end of the channel ends a request that waits for pieces', () => {
  const sftp = client();
  const errors: unknown[] = [];
  sftp.read(Buffer.from('handle'), Buffer.alloc(10), 0, 10, 0, () => {});
  takeInPieces(sftp, 10, (error) => errors.push(error));
  sftp.push(data(0, Buffer.from('abcdefghij')).subarray(0, 15));
  sftp.push(null);
  expect(errors).toEqual([expect.any(Error)]);
});
