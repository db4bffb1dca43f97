import { expect, test } from 'vitest';
import { defaultDenyPaths, parseDenyPaths } from '../../../src/deny-paths.ts';
import { parseFacts } from '../../../src/ssh/shell/parse-facts.ts';
import { parseListing } from '../../../src/ssh/shell/parse-listing.ts';

const records = '\0Sf=644:1:1600000000.9:1600000000.1:a:b:0:0:one\0Sl=777:3:1:1:a:b:0:0:two\0Ltwo\0Tone';

test('drops the last record of a listing that was cut, for its name may be cut', () => {
  const names = (text: string, complete: boolean) =>
    parseListing(Buffer.from(text), '\0', 1, complete, defaultDenyPaths()).entries.map(({ path }) =>
      Buffer.from(path).toString(),
    );
  const cut = records.slice(0, records.indexOf('two') + 1);
  expect(names(cut, true)).toEqual(['one', 't']);
  expect(names(cut, false)).toEqual(['one']);
  expect(names('', false)).toEqual([]);
});

test('a link whose target was cut off has none', () => {
  const { entries } = parseListing(Buffer.from(records.slice(0, -2)), '\0', 1, false, defaultDenyPaths());
  expect(entries).toHaveLength(2);
  expect(entries[1]).not.toHaveProperty('linkTarget');
});

test('counts a directory once that is denied and may not be read either', () => {
  const listed = '\0R/etc\0Sd=700:1:1:1:a:b:0:0:ssl\0Sd=700:1:1:1:a:b:0:0:ssl/private\0Ussl/private';
  const { entries, unreadable } = parseListing(Buffer.from(listed), '\0', 3, true, defaultDenyPaths());
  expect(entries).toHaveLength(2);
  expect(unreadable).toBe(1);
});

test('leaves out what lies below a denied directory: 8 times as many take no 40 times as long', () => {
  const facts = (kind: string) => `S${kind}=700:1:1:1:a:b:0:0:`;
  const denied = parseDenyPaths(['/srv/*/kept']);
  if (!denied) throw new Error('no list');
  const read = (homes: number) => {
    const records = Array.from({ length: homes }, (_, index) => `home-${index}`).flatMap((home) => [
      `${facts('d')}${home}`,
      `${facts('d')}${home}/kept`,
      `${facts('f')}${home}/kept/file`,
      `${facts('f')}${home}/kept2`,
    ]);
    const start = process.cpuUsage();
    const listing = parseListing(Buffer.from(['\0R/srv', ...records].join('\0')), '\0', 3, true, denied);
    const { user, system } = process.cpuUsage(start);
    expect([listing.entries.length, listing.unreadable]).toEqual([3 * homes, homes]);
    return user + system;
  };
  const growth = () => read(4_800) / read(600);
  expect(growth() < 20 || growth() < 20).toBe(true);
});

test('reads the mode as stat, find and ls write it', () => {
  const mode = (text: string) => parseFacts(`${text}:1:1:1:a:b:0:0`)?.facts;
  expect(mode('8da4')).toMatchObject({ kind: 'file', mode: 0o6644 });
  expect(mode('f=4755')).toMatchObject({ kind: 'file', mode: 0o4755 });
  expect(mode('drwxrwxrwt')).toMatchObject({ kind: 'directory', mode: 0o1777 });
  expect(mode('-rwSr-sr-T+')).toMatchObject({ kind: 'file', mode: 0o7654 });
  expect(mode('crw-rw----')).toMatchObject({ kind: 'character device', mode: 0o660 });
});

test.each(['', 'total 0', '0:1:1:1:a:b:0:0', 'x=1:1:1:1:a:b:0:0', '-nonsense-:1:1:1:a:b:0:0'])(
  'knows no facts in %j',
  (text) => {
    expect(parseFacts(text)).toBeUndefined();
  },
);

test('paths with more levels than were asked for cost no more than their length', () => {
  const deep = Array.from(
    { length: 400 },
    (_, index) => `Sf=644:1:1:1:a:b:0:0:${index}${'/a'.repeat(2_000)}`,
  );
  const start = process.cpuUsage();
  const listing = parseListing(
    Buffer.from(['\0R/srv', ...deep].join('\0')),
    '\0',
    3,
    true,
    defaultDenyPaths(),
  );
  const { user, system } = process.cpuUsage(start);
  expect(listing.entries).toHaveLength(400);
  expect((user + system) / 1_000).toBeLessThan(2_000);
});
