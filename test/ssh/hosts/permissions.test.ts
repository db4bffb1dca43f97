import { chmodSync, chownSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ConfigSnapshot } from '../../../src/ssh/hosts/config-snapshot.ts';
import { localSystem } from '../../../src/ssh/hosts/local-system.ts';
import { askFor, bookAt, homeWith, soon, writeConfig } from './fixture.ts';

const files = { config: 'Include inc\nUser outer\n', inc: 'Host a\n' };

/** As ssh with its default files: no -F. */
function defaultBook(homeDir: string) {
  return bookAt(homeDir, { configFile: undefined });
}

it.each(['config', 'inc'])('a %s that others may write to is refused', async (name) => {
  const homeDir = homeWith(files);
  const book = defaultBook(homeDir);
  expect((await askFor(book, 'a')).user).toBe('outer');
  chmodSync(join(homeDir, '.ssh', name), 0o602);
  await expect(askFor(book, 'a')).rejects.toMatchObject({
    code: 'invalid_argument',
    message: expect.stringMatching(/bad owner or permissions/),
  });
  chmodSync(join(homeDir, '.ssh', name), 0o644);
  expect((await askFor(book, 'a')).user).toBe('outer');
});

it('a list says why where only a refused file may hold hosts, and with each host where others do', async () => {
  const homeDir = homeWith({ config: 'Include inc\n', inc: 'Host a\n' });
  chmodSync(join(homeDir, '.ssh', 'inc'), 0o602);
  const refusal = /bad owner or permissions/;
  await expect(defaultBook(homeDir).list()).rejects.toMatchObject({
    code: 'invalid_argument',
    message: expect.stringMatching(refusal),
  });
  writeConfig(homeDir, 'config', 'Include inc\nHost b\n');
  const listed = await defaultBook(homeDir).list();
  expect(listed).toMatchObject([{ alias: 'b', problem: expect.stringMatching(refusal) }]);
});

it('a file that is named for the program alone may have any permissions, as with ssh -F', async () => {
  const homeDir = homeWith(files);
  chmodSync(join(homeDir, '.ssh', 'config'), 0o666);
  expect((await bookAt(homeDir).resolve('a', soon())).user).toBe('outer');
});

it('a configuration of another user is refused', () => {
  const homeDir = homeWith(files);
  const path = join(homeDir, '.ssh', 'config');
  if (process.getuid?.() === 0) chownSync(path, 4242, 4242); // root's own files are good for everybody
  const system = { ...localSystem({}), uid: 4711 };
  const read = () => new ConfigSnapshot(system).file(path, true);
  expect(read).toThrow(expect.objectContaining({ code: 'invalid_argument' }));
});

it('a group may write only where ssh lets it: never by default, on Debian when nobody else is in it', () => {
  const homeDir = homeWith(files);
  const path = join(homeDir, '.ssh', 'config');
  chmodSync(path, 0o664);
  const read = (allowed: boolean) =>
    new ConfigSnapshot({ ...localSystem({}), mayBeGroupWritable: () => allowed }).file(path, true);
  expect(() => read(false)).toThrow(/bad owner or permissions/);
  expect(read(true)).toMatchObject({ path });
});

it('nobody’s group is no private one', () => {
  expect(localSystem({}).mayBeGroupWritable(3_999_999_999)).toBe(false);
});
