import { mkdirSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { askFor, bookAt, homeWith, soon, writeConfig } from './fixture.ts';

const aliases = async (book: ReturnType<typeof bookAt>) => (await book.list()).map(({ alias }) => alias);

it('nothing is read before the first question', () => {
  const book = bookAt(homeWith({}), { configFile: '/nonexistent/config' });
  expect(() => book.onChange(() => {})).not.toThrow();
});

it('a watch does not keep the process alive', () => {
  const homeDir = homeWith({ config: 'Host a\n' });
  const book = bookAt(homeDir);
  book.onChange(() => {});
  return book.list().then(() => {
    const kinds = process.getActiveResourcesInfo();
    expect(kinds).not.toContain('FSEventWrap');
  });
});

describe('a change on disk', () => {
  it('of the configuration is seen by the next question', async () => {
    const homeDir = homeWith({ config: 'Host a\n Port 1\n' });
    const book = bookAt(homeDir);
    const before = await askFor(book, 'a');
    writeConfig(homeDir, 'config', 'Host a\n Port 2\nHost b\n');
    const after = await askFor(book, 'a');
    expect([before.port, after.port]).toEqual([1, 2]);
    expect(after.fingerprint).not.toBe(before.fingerprint);
    expect(await book.select('*')).toEqual(['a', 'b']);
  });

  it('is not seen between the hosts of one call', async () => {
    const homeDir = homeWith({ config: 'Host a b\n Port 1\n' });
    const book = bookAt(homeDir);
    const [a = '', b = ''] = await book.select('*');
    const first = await book.resolve(a, soon());
    writeConfig(homeDir, 'config', 'Host a b\n Port 2\n');
    const second = await book.resolve(b, soon());
    expect([first.port, second.port]).toEqual([1, 1]);
    expect((await askFor(book, 'b')).port).toBe(2);
  });

  it('of an included file, a new file under a glob and a removed one are seen', async () => {
    const homeDir = homeWith({ config: 'Include d/*.conf\nInclude later\n', 'd/1.conf': 'Host one\n' });
    const book = bookAt(homeDir);
    expect(await aliases(book)).toEqual(['one']);
    writeConfig(homeDir, 'd/1.conf', 'Host changed\n');
    expect(await aliases(book)).toEqual(['changed']);
    writeConfig(homeDir, 'd/2.conf', 'Host two\n');
    expect(await aliases(book)).toEqual(['changed', 'two']);
    writeConfig(homeDir, 'later', 'Host three\n');
    expect(await aliases(book)).toEqual(['changed', 'two', 'three']);
    rmSync(join(homeDir, '.ssh', 'd', '1.conf'));
    expect(await aliases(book)).toEqual(['two', 'three']);
  });

  it('that breaks the file and one that mends it are both seen', async () => {
    const homeDir = homeWith({ config: 'Host a\n Port 1\n' });
    const book = bookAt(homeDir);
    await askFor(book, 'a');
    writeConfig(homeDir, 'config', 'Host a\n Port x\n');
    await expect(askFor(book, 'a')).rejects.toMatchObject({ code: 'invalid_argument' });
    writeConfig(homeDir, 'config', 'Host a\n Port 3\n');
    expect((await askFor(book, 'a')).port).toBe(3);
  });

  it('is told to listeners once, when a question finds it, and only when contents changed', async () => {
    const homeDir = homeWith({ config: 'Host a\n' });
    const book = bookAt(homeDir);
    const heard = vi.fn();
    const stop = book.onChange(heard);
    await book.list();
    expect(heard).not.toHaveBeenCalled();
    utimesSync(join(homeDir, '.ssh', 'config'), 1, 1);
    await book.list();
    expect(heard).not.toHaveBeenCalled();
    writeConfig(homeDir, 'config', 'Host b\n');
    await book.list();
    await book.list();
    expect(heard).toHaveBeenCalledTimes(1);
    stop();
    writeConfig(homeDir, 'config', 'Host c\n');
    await book.list();
    expect(heard).toHaveBeenCalledTimes(1);
  });

  it('is told to listeners without a further question', async () => {
    const homeDir = homeWith({ config: 'Include inc\n', inc: 'Host a\n' });
    const book = bookAt(homeDir);
    const heard = vi.fn();
    book.onChange(heard);
    await book.list();
    writeConfig(homeDir, 'inc', 'Host b\n');
    await vi.waitFor(() => expect(heard).toHaveBeenCalledTimes(1), { timeout: 5_000, interval: 50 });
    expect(await aliases(book)).toEqual(['b']);
  });

  const told = async (heard: ReturnType<typeof vi.fn>, times: number) =>
    await vi.waitFor(() => expect(heard).toHaveBeenCalledTimes(times), { timeout: 5_000, interval: 50 });
  const begun = (homeDir: string) => {
    const book = bookAt(homeDir, { configFile: undefined });
    const heard = vi.fn();
    book.onChange(heard);
    book.begin(Date.now());
    expect(heard).not.toHaveBeenCalled();
    return { book, heard };
  };

  it('is told where nobody has asked yet', async () => {
    const homeDir = homeWith({ config: 'Host a\n' });
    await new Promise((resolve) => setTimeout(resolve, 50)); // what the clock of files may be behind
    const startedMs = Date.now();
    const { heard } = begun(homeDir);
    writeConfig(homeDir, 'config', 'Host b\n');
    await told(heard, 1);
    const late = vi.fn();
    const book = bookAt(homeDir);
    book.onChange(late);
    book.begin(startedMs - 10);
    expect(late).toHaveBeenCalledTimes(1); // of what changed between the start and now
  });

  it('is told where ~/.ssh/config is a link and what it leads to changes', async () => {
    const homeDir = homeWith({});
    for (const name of ['.ssh', 'dotfiles']) mkdirSync(join(homeDir, name));
    writeFileSync(join(homeDir, 'dotfiles', 'ssh'), 'Host a\n');
    symlinkSync('../dotfiles/ssh', join(homeDir, '.ssh', 'config'));
    const { heard } = begun(homeDir);
    writeFileSync(join(homeDir, 'dotfiles', 'ssh'), 'Host b\n');
    await told(heard, 1);
  });

  it('is told where ~/.ssh is made later, and made anew', async () => {
    const homeDir = homeWith({});
    const { book, heard } = begun(homeDir);
    writeConfig(homeDir, 'config', 'Host a\n');
    await told(heard, 1);
    rmSync(join(homeDir, '.ssh'), { recursive: true });
    writeConfig(homeDir, 'config', 'Host b\n');
    await told(heard, 2);
    writeConfig(homeDir, 'config', 'Host c\n');
    await told(heard, 3);
    expect(await book.select('*')).toContain('c');
  });

  it('is told where ~/.ssh was made long before there is a file in it', async () => {
    const homeDir = homeWith({});
    const { heard } = begun(homeDir);
    mkdirSync(join(homeDir, '.ssh'));
    await new Promise((resolve) => setTimeout(resolve, 500)); // the watch waits until it is quiet, and then looks
    writeConfig(homeDir, 'config', 'Host a\n');
    await told(heard, 1);
  });

  it('is told where the file that was named goes away, and comes back', async () => {
    const homeDir = homeWith({ config: 'Host a\n' });
    const [file, away] = ['config', 'away'].map((name) => join(homeDir, '.ssh', name)) as [string, string];
    const book = bookAt(homeDir, { configFile: file });
    const heard = vi.fn();
    book.onChange(heard);
    book.begin(Date.now());
    renameSync(file, away);
    await told(heard, 1);
    renameSync(away, file);
    await told(heard, 2);
    expect(await aliases(book)).toEqual(['a']);
  });
});
