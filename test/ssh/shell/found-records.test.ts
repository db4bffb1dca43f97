import { expect, test } from 'vitest';
import { parseExtendedRegex } from '../../../src/extended-regex.ts';
import { FoundRecords } from '../../../src/ssh/shell/found-records.ts';

const file = 'f=644:1:1:1:a:b:0:0:/x/y';

const recordsOf = (own: { contextLines: number }) =>
  new FoundRecords({
    path: '/x',
    name: undefined,
    type: undefined,
    sinceMs: undefined,
    largerThanBytes: undefined,
    depth: 9,
    crossDevices: false,
    pattern: parseExtendedRegex('a'),
    limit: 100,
    maxBytes: 10 * 1024 ** 2,
    ...own,
  });

/** What is found in a record of lines, as findScript prints it, and the processor time that it takes. */
function search(lines: string) {
  const records = recordsOf({ contextLines: 2 });
  const start = process.cpuUsage();
  records.push(Buffer.from(`T/x\0F${file}\0L${lines}\0`));
  const [found] = records.end();
  const { user, system } = process.cpuUsage(start);
  return { lines: found?.lines.length ?? 0, more: records.more, ownMs: (user + system) / 1_000 };
}

test('lines that no grep prints are not gone through to their end', () => {
  const around = search('1-\n'.repeat(1_000_000));
  expect(around).toMatchObject({ lines: 4, more: false });
  expect(around.ownMs).toBeLessThan(500);
  const matches = search('1:a\n'.repeat(1_000_000));
  expect(matches).toMatchObject({ lines: 100, more: true });
  expect(matches.ownMs).toBeLessThan(500);
});

test('lines around each match are all there', () => {
  const stretch = (from: number) => `${from}-\n${from + 1}-\n${from + 2}:a\n${from + 3}-\n${from + 4}-\n`;
  expect(search(`${stretch(1)}--\n${stretch(11)}`)).toMatchObject({ lines: 10 });
  expect(search(stretch(1) + stretch(6))).toMatchObject({ lines: 10 });
});

test('a path to which one may come is kept for as long as its content may follow', () => {
  const records = recordsOf({ contextLines: 0 });
  records.push(Buffer.from(`T/x\0F${file}1\0F${file}2\0L1:a\n\0F${file}3\0`));
  expect(records.end().map(({ path }) => Buffer.from(path).toString())).toEqual(['y2']);
});
