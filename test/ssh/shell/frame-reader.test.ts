import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FrameReader } from '../../../src/ssh/shell/frame-reader.ts';

const tag = '0123456789abcdef01234567';

test('gives the content and the trailer wherever the stream is cut', () => {
  const pieces = fc.oneof(
    fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
    fc.nat(tag.length - 1).map((length) => Buffer.from(tag.slice(0, length))),
  );
  fc.assert(
    fc.property(fc.array(pieces), fc.array(fc.nat(200)), (content, cuts) => {
      const bytes = Buffer.concat(content);
      fc.pre(!bytes.includes(tag));
      const stream = Buffer.concat([bytes, Buffer.from(`${tag} 17\n`)]);
      fc.pre(stream.indexOf(tag) === bytes.length);
      const reader = new FrameReader(tag);
      const places = [0, ...new Set(cuts.map((cut) => cut % stream.length))].sort((a, b) => a - b);
      const got = places.map((from, index) => reader.feed(stream.subarray(from, places[index + 1])));
      expect(Buffer.concat(got).equals(bytes)).toBe(true);
      expect(reader.trailer).toBe('17');
      expect(reader.violated).toBe(false);
    }),
  );
});

test('holds back only what may be the beginning of the tag', () => {
  const reader = new FrameReader(tag);
  expect(reader.feed(Buffer.from('abc')).toString()).toBe('abc');
  expect(reader.feed(Buffer.from(`x${tag.slice(0, 23)}`)).toString()).toBe('x');
  expect(reader.feed(Buffer.from('y')).toString()).toBe(`${tag.slice(0, 23)}y`);
});

test('notices bytes after the trailer, in the same chunk and in a later one', () => {
  const same = new FrameReader(tag);
  same.feed(Buffer.from(`${tag} 0\nx`));
  expect([same.trailer, same.violated]).toEqual(['0', true]);
  const later = new FrameReader(tag);
  later.feed(Buffer.from(`${tag}\n`));
  expect([later.trailer, later.violated]).toEqual(['', false]);
  expect(later.feed(Buffer.from('x'))).toHaveLength(0);
  expect(later.violated).toBe(true);
});

test('does not keep a trailer without end', () => {
  const reader = new FrameReader(tag);
  reader.feed(Buffer.from(`${tag} `));
  reader.feed(Buffer.alloc(5_000, 'x'));
  expect(reader.violated).toBe(true);
});
