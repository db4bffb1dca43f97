import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compose, join, type Redact, slice, toRemoteLine, toRemoteText } from '../src/remote-text.ts';

describe('text of a machine', () => {
  it.each([
    ['an escape sequence', '\x1b]0;title\x07', '\\x1b]0;title\\x07'],
    ['a carriage return that overwrites', 'good\rbad', 'good\\x0dbad'],
    ['a backspace', 'a\bb', 'a\\x08b'],
    ['a NUL', 'a\0b', 'a\\x00b'],
    ['a control of C1', 'a\x9bb', 'a\\x9bb'],
    ['a bidirectional override', 'a\u202eb', 'a\\u202eb'],
    ['a zero-width space', 'a\u200bb', 'a\\u200bb'],
    ['a byte order mark', '\ufeffa', '\\ufeffa'],
    ['a tag character', 'a\u{e0041}b', 'a\\u{e0041}b'],
    ['a line separator', 'a\u2028b', 'a\\u2028b'],
    ['a letter that is blank', 'a\u3164b', 'a\\u3164b'],
    ['a variation selector', 'a\ufe0fb', 'a\\ufe0fb'],
    ['a variation selector of the supplement', 'a\u{e0101}b', 'a\\u{e0101}b'],
    ['a grapheme joiner', 'a\u034fb', 'a\\u034fb'],
    ['a pattern of Braille without dots', 'a\u2800b', 'a\\u2800b'],
    ['half a surrogate pair', 'a\ud800b', 'a\\ud800b'],
  ])('shows %s as its number', (_, remote, shown) => {
    expect(toRemoteText(remote)).toBe(shown);
    if (!remote.includes('\ud800')) expect(toRemoteText(Buffer.from(remote))).toBe(shown);
  });

  it('keeps lines, tabs and the letters of every language', () => {
    const text = 'one\ttwo\näß€ 日本語 👍 é\n';
    expect(toRemoteText(Buffer.from(text))).toBe(text);
  });

  it('takes CR LF for the end of a line', () => {
    expect(toRemoteText('a\r\nb\r\r\n')).toBe('a\nb\\x0d\n');
  });

  it('shows a byte that is not UTF-8 as U+FFFD', () => {
    expect(toRemoteText(Buffer.from([0x61, 0xff, 0x62]))).toBe('a\ufffdb');
  });

  it('has its secrets replaced, and says of which kind each was', () => {
    const kinds: string[] = [];
    const redact: Redact = () => [{ start: 2, end: 8, kind: 'word' }];
    const shown = toRemoteText('a sec\x07ret\x07', redact, (kind) => kinds.push(kind));
    expect(shown).toBe('a [redacted:word]t\\x07');
    expect(kinds).toEqual(['word']);
  });

  it('holds nothing that a terminal obeys or a reader cannot see, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(toRemoteText(bytes)).not.toMatch(/(?![\n\t])\p{Cc}|\p{Cf}|\p{Cs}|\p{Zl}|\p{Zp}/u);
      }),
    );
  });
});

it('Megabytes without text are read in the time that text takes', () => {
  const own = (text: string, mebibytes: number) => {
    const remote = Buffer.alloc(mebibytes * 1024 ** 2, text);
    const start = process.cpuUsage();
    const { length } = toRemoteText(remote);
    const { user, system } = process.cpuUsage(start);
    return { length, ownMs: (user + system) / 1_000 };
  };
  const returns = own('\r', 12);
  expect(returns.length).toBe(4 * 12 * 1024 ** 2);
  expect(returns.ownMs).toBeLessThan(8_000); // 17 s where each is looked at alone
  expect(own('\n', 4).ownMs).toBeLessThan(400);
});

describe('a line of a machine', () => {
  it('stays one line', () => {
    expect(toRemoteLine('  one \n\n two\r\nthree ')).toBe('one ⏎ two ⏎ three');
  });

  it('takes no longer than its text is long, whatever blanks are in it', () => {
    const startedMs = performance.now();
    toRemoteLine(`a${' '.repeat(60_000)}\tb${'\t'.repeat(60_000)}c`);
    expect(performance.now() - startedMs).toBeLessThan(1_000);
  });

  it('is cut where it is too long', () => {
    expect(toRemoteLine('x'.repeat(300))).toBe(`${'x'.repeat(200)}…`);
    expect(toRemoteLine('x'.repeat(5), 5)).toBe('xxxxx');
  });
});

it('Cleaned texts are put together and cut without losing what they are', () => {
  const [a, b] = [toRemoteText('a\\x41'), toRemoteText('b')];
  expect(compose`1: ${a} \\ ${2}`).toBe('1: a\\x41 \\ 2');
  expect(join([a, b], '\n')).toBe('a\\x41\nb');
  expect(slice(toRemoteText('abc'), 1, 2)).toBe('b');
});
