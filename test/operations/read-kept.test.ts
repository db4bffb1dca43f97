import { describe, expect, it } from 'vitest';
import { ResultStore } from '../../src/answer/kept-results.ts';
import { readKept } from '../../src/operations/read-kept.ts';
import { toRemoteText } from '../../src/remote-text.ts';

function read(text: string, piece: { offset?: number; limit?: number } = {}, character = 0) {
  const kept = new ResultStore();
  const id = kept.keep(toRemoteText(text));
  return readKept({ kept }, { id, character }, piece);
}

describe('a kept result', () => {
  it('is read from a place on, and by line', () => {
    expect(read('one\ntwo\nthree')).toMatchObject({ text: 'one\ntwo\nthree', character: 0 });
    expect(read('one\ntwo\nthree', {}, 5)).toMatchObject({ text: 'wo\nthree', character: 5 });
    expect(read('one\ntwo\nthree', { offset: 2, limit: 1 })).toMatchObject({
      text: 'two\n',
      character: 4,
      next: 8,
    });
    expect(read('one\ntwo\nthree', { offset: 2, limit: 5 })).not.toHaveProperty('next');
    expect(read('one\ntwo\nthree', { offset: 9 }).text).toBe('');
  });

  it.each([
    ['one\ntwo\nthree\n', 'two\nthree\n'],
    ['one\ntwo\nthree', 'two\nthree'],
    ['one', 'one'],
    ['', ''],
  ])('is read from its end: %j', (text, last) => {
    expect(read(text, { offset: -2 }).text).toBe(last);
  });

  it('is not cut within a character', () => {
    expect(read('a😀b', {}, 2)).toMatchObject({ text: '😀b', character: 1 });
    expect(read('a😀b', {}, 3)).toMatchObject({ text: 'b', character: 3 });
  });

  it('that ends before the place is refused, with its length', () => {
    expect(read('abc', {}, 3).text).toBe('');
    expect(() => read('abc', {}, 4)).toThrow(
      expect.objectContaining({ code: 'invalid_argument', fix: expect.stringContaining('3 characters') }),
    );
  });
});
