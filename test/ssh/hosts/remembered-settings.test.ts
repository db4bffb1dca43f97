import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { askFor, bookAt, bookOf, homeWith, soon, writeConfig } from './fixture.ts';

it('settles a host once for all calls, until a file says something else', async () => {
  const homeDir = homeWith({ config: 'Include more\nHost a\n User bob\n', more: 'Host a\n Port 2200\n' });
  const book = bookAt(homeDir);
  const first = await askFor(book, 'a');
  expect(first).toMatchObject({ user: 'bob', port: 2200 });
  expect(await askFor(book, 'a')).toBe(first);
  writeConfig(homeDir, 'more', 'Host a\n Port 22000\n');
  expect(await askFor(book, 'a')).toMatchObject({ user: 'bob', port: 22_000 });
});

it('asks Match exec at each call, also where it stands in an included file', async () => {
  const homeDir = homeWith({ config: 'Host a\n Include more\n User bob\n' });
  const marker = join(homeDir, 'marker');
  writeConfig(homeDir, 'more', `Match exec "test -e ${marker}"\n Port 2200\n`);
  const book = bookAt(homeDir);
  expect((await book.resolve('a', soon())).port).toBe(22);
  writeConfig(homeDir, '../marker', '');
  expect(existsSync(marker)).toBe(true);
  expect((await book.resolve('a', soon())).port).toBe(2200);
  rmSync(marker);
  expect((await book.resolve('a', soon())).port).toBe(22);
});

it('remembers no name that only a wildcard knows, of which there may be any number', async () => {
  const book = bookOf('Host web*\n User bob\n');
  const first = await book.resolve('web1', soon());
  const second = await book.resolve('web1', soon());
  expect(second).toEqual(first);
  expect(second).not.toBe(first);
});
