import fc from 'fast-check';
import { expect, it } from 'vitest';
import { wholeEnd, wholeStart } from '../../src/operations/whole-characters.ts';

// U+FFFD is what stands for a character that was cut
const someText = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => !text.includes('\ufffd'));

it('cuts UTF-8 at whole characters, and takes away no whole one', () => {
  fc.assert(
    fc.property(someText, fc.nat(), (text, place) => {
      const bytes = Buffer.from(text);
      const at = place % (bytes.length + 1);
      const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
      const [head, tail] = [before.subarray(0, wholeEnd(before)), after.subarray(wholeStart(after))];
      expect(head.toString() + tail.toString()).not.toContain('\ufffd');
      expect(before.length - head.length).toBeLessThan(4);
      const isBoundary = at === bytes.length || ((bytes[at] ?? 0) & 0xc0) !== 0x80;
      if (isBoundary) expect([head.length, tail.length]).toEqual([before.length, after.length]);
    }),
  );
});

it('leaves bytes alone that are no UTF-8', () => {
  expect(wholeEnd(Buffer.from([0x80, 0x80, 0x80, 0x80]))).toBe(4);
  expect(wholeEnd(Buffer.from([0x41, 0xff]))).toBe(2);
  expect(wholeEnd(Buffer.alloc(0))).toBe(0);
  expect(wholeStart(Buffer.from([0x41]))).toBe(0);
});
