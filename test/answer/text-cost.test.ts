import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { costOf, headWithin, shortened, tailWithin } from '../../src/answer/text-cost.ts';
import { anyCharacter } from '../fixtures/any-character.ts';

const anyText = fc.string({
  unit: fc.oneof(fc.constantFrom('\n', '"', '\\', 'é', '漢', '😀', '\u0001', '\u007f'), anyCharacter),
});
const inJson = (text: string) => Buffer.byteLength(JSON.stringify(text)) - 2;
const isWhole = (text: string) => !/\p{Cs}/u.test(text);

describe('the cost of a text', () => {
  it('is what it takes inside a JSON string, and never less than its UTF-8', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(costOf(text)).toBe(inJson(text));
        expect(costOf(text)).toBeGreaterThanOrEqual(Buffer.byteLength(text));
      }),
    );
  });

  it('counts half of a surrogate pair as JSON.stringify escapes it', () => {
    for (const text of ['\ud800', '\udc00', '\udc00\ud800', 'a\ud83d', '\ud83d\ud83d\ude00']) {
      expect(costOf(text)).toBe(inJson(text));
    }
  });
});

describe('a cut', () => {
  it('is the longest beginning or end within the bytes that cuts no character in half', () => {
    fc.assert(
      fc.property(anyText, fc.nat(60), (text, bytes) => {
        const [head, tail] = [
          text.slice(0, headWithin(text, bytes)),
          text.slice(text.length - tailWithin(text, bytes)),
        ];
        for (const part of [head, tail]) {
          expect(costOf(part)).toBeLessThanOrEqual(bytes);
          expect(isWhole(part)).toBe(true);
        }
        const [next] = text.slice(head.length);
        if (next) expect(costOf(head + next)).toBeGreaterThan(bytes);
        const last = [...text.slice(0, text.length - tail.length)].at(-1);
        if (last) expect(costOf(last + tail)).toBeGreaterThan(bytes);
      }),
    );
  });

  it('of words ends in an ellipsis within the bytes', () => {
    expect(shortened('short', 5)).toBe('short');
    expect(shortened('longer', 5)).toBe('lo…');
    expect(shortened('😀😀', 7)).toBe('😀…');
  });
});
