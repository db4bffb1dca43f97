import { describe, expect, it } from 'vitest';
import { toRemoteText } from '../../src/remote-text.ts';
import { bodyOf, keys, printed, samples } from './corpus.ts';
import { innocents } from './innocents.ts';

const leaksOf = (shown: string, hidden: readonly string[]) => hidden.filter((piece) => shown.includes(piece));

describe('a secret', () => {
  it.each(samples().map((each) => [each.name, each] as const))(
    'is replaced: %s',
    (_, { text, hidden, kind }) => {
      const kinds: string[] = [];
      const shown = toRemoteText(text, undefined, (found) => kinds.push(found));
      expect(leaksOf(shown, hidden)).toEqual([]);
      expect(leaksOf(text, hidden)).toEqual(hidden);
      expect(kinds.length).toBeGreaterThan(0);
      if (kind !== '') expect(kinds).toContain(kind);
      expect(toRemoteText(shown)).toBe(shown);
    },
  );

  it('is not saved by what a reader cannot see inside it', () => {
    for (const { name, text, hidden } of samples()) {
      const [secret = ''] = hidden;
      const middle = text.indexOf(secret) + Math.floor(secret.length / 2);
      for (const inside of [
        '\u200b',
        '\x1b[31m',
        '\x1b[m\x1b[K',
        '\u202e',
        '\ufe0f',
        '\u{e0041}',
        '\x07',
        '\ufffd',
      ]) {
        const shown = toRemoteText(text.slice(0, middle) + inside + text.slice(middle));
        const half = secret.slice(0, Math.floor(secret.length / 2));
        expect([name, inside, shown.includes(half) && shown.includes(secret.slice(half.length))]).toEqual([
          name,
          inside,
          false,
        ]);
      }
    }
  });

  it('is replaced where fields are divided by NUL', () => {
    expect(toRemoteText('A=1\0DB_PASSWORD=hunter22\0B=2')).toBe(
      'A=1\\x00DB_PASSWORD=[redacted:password]\\x00B=2',
    );
  });
});

describe('a private key', () => {
  const made = [...keys()];

  it.each(made)('in the form %s does not get through, however it is printed', (_, key) => {
    for (const [how, print] of printed) {
      const text = `first line\n${print(key)}last line\n`;
      const shown = toRemoteText(text);
      expect([how, leaksOf(shown, bodyOf(key))]).toEqual([how, []]);
      expect(shown).toMatch(/^first line\n/);
      expect(shown).toMatch(/last line\n$/);
      expect(shown.split('[redacted:private-key]')).toHaveLength(2);
    }
  });

  it.each(made)(
    'in the form %s does not get through when its beginning or its end is cut off',
    (form, key) => {
      const body = bodyOf(key);
      for (const [how, print] of printed) {
        const all = print(key).trimEnd().split('\n');
        for (let cut = 1; cut < all.length; cut += 1) {
          const head = toRemoteText(`${all.slice(0, cut).join('\n')}\n`);
          const tail = toRemoteText(`${all.slice(cut).join('\n')}\n`);
          expect([how, cut, leaksOf(head, body)]).toEqual([how, cut, []]);
          if (form !== 'PuTTY' || cut < all.length - 2)
            expect([how, cut, leaksOf(tail, body)]).toEqual([how, cut, []]);
        }
      }
    },
  );

  it('does not get through where a line of what is left of it reads like a token', () => {
    const before = 'b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW';
    const like = '12345678:AAAEBFcxd5xgnl3DdJjfSnFbPqE3oAvduc//DVy0mUTJo/xwcwIcxGNwAoDoFDBvYoxHGB';
    const tail = `11:${before}\n${like}\n13:-----END OPENSSH PRIVATE KEY-----\n`;
    expect(toRemoteText(tail)).toBe('[redacted:private-key]\n');
  });

  it.each(made.filter(([form]) => form !== 'PGP'))(
    'in the form %s does not get through as lines from its middle',
    (_, key) => {
      const body = key.split('\n').filter((line) => line.length === 64 || line.length === 70);
      expect(
        body.length === 0 || leaksOf(toRemoteText(`${body.slice(1, 4).join('\n')}\n`), bodyOf(key)).length,
      ).toBeFalsy();
    },
  );
});

describe('text that holds no secret', () => {
  it.each(innocents().map((text) => [text]))('passes as it is: %s', (text) => {
    expect(toRemoteText(text)).toBe(text);
    expect(toRemoteText(`${text}\n`)).toBe(`${text}\n`);
    expect(toRemoteText(`before\n${text}\nafter`)).toBe(`before\n${text}\nafter`);
  });
});
