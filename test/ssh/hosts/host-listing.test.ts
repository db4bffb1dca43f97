import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bookAt, bookOf, homeWith, soon } from './fixture.ts';

describe('the listing', () => {
  it('holds concrete aliases once, in file order, through nested and conditional Includes', async () => {
    const homeDir = homeWith({
      config: 'Host a\nInclude d/*.conf\nHost b a\nHost inner\n Include late\nMatch all\n Include last\n',
      'd/1.conf': 'Host one *.wild !not\nInclude deep\n',
      'd/2.conf': 'Host two\n',
      deep: 'Host deep\nInclude config\n',
      late: 'Host late\n',
      last: 'Host last "quoted" # comment\n',
    });
    const aliases = (await bookAt(homeDir).list()).map(({ alias }) => alias);
    expect(aliases).toEqual(['a', 'one', 'deep', 'two', 'b', 'inner', 'late', 'last', 'quoted']);
  });

  it('says address, user, port and route as far as nothing must run', async () => {
    const book = bookOf(`
Host a
  HostName %h.example
  User bob
  Port 2200
  ProxyJump j1,j2
Host b
  ProxyCommand nc %h %p
Host *
  User all
Match final host a.example
  Port 99
`);
    expect(await book.list()).toEqual([
      {
        alias: 'a',
        hostName: 'a.example',
        user: 'bob',
        port: 2200,
        proxyJump: 'j1,j2',
        hasProxyCommand: false,
        problem: undefined,
      },
      {
        alias: 'b',
        hostName: 'b',
        user: 'all',
        port: 22,
        proxyJump: undefined,
        hasProxyCommand: true,
        problem: undefined,
      },
    ]);
  });

  it('runs no Match exec and looks up no name; selection neither', async () => {
    const homeDir = homeWith({});
    const marker = join(homeDir, 'ran');
    const asked: string[] = [];
    const config = `CanonicalizeHostname yes\nCanonicalDomains lan.test\nHost a\nMatch exec "touch ${marker}"\n User x\n`;
    const nameService = {
      exists: async (name: string) => asked.push(name) > 0,
      canonicalName: async () => undefined,
    };
    const book = bookAt(homeWith({ config }), { nameService });
    expect((await book.list()).map(({ user }) => user)).not.toContain('x');
    await book.select('a');
    expect([existsSync(marker), asked]).toEqual([false, []]);
    await book.resolve('a', soon());
    expect([existsSync(marker), asked]).toEqual([true, ['a.lan.test.']]);
  });

  it('leaves out names that ssh would not take', async () => {
    const book = bookOf('Host good "two words" -dash "semi;colon"\n');
    expect((await book.list()).map(({ alias }) => alias)).toEqual(['good']);
  });

  it('shows the aliases of a file that ssh refuses, with the place of the fault', async () => {
    const book = bookOf('Host a\n Port none\nHost b\n User u\n');
    const hosts = await book.list();
    expect(hosts.map(({ alias }) => alias)).toEqual(['a', 'b']);
    for (const { problem } of hosts) expect(problem).toMatch(/config:2: bad port "none"/);
    await expect(book.resolve('b', soon())).rejects.toMatchObject({ code: 'invalid_argument' });
  });

  it('is empty where there is no configuration, and an error where a named file is missing', async () => {
    const homeDir = homeWith({});
    const none = bookAt(homeDir, { configFile: 'none' });
    expect(await none.list()).toEqual([]);
    const missing = bookAt(homeDir, { configFile: join(homeDir, 'absent') });
    await expect(missing.list()).rejects.toMatchObject({
      code: 'invalid_argument',
      message: expect.stringContaining('absent'),
    });
  });

  it('of 1,000 aliases takes well under a second from cold, and a warm answer a hundredth of it', async () => {
    const block = (n: number) =>
      `Host web${n}\n  HostName web${n}.example.com\n  User deploy\n  Port 2222\n  IdentityFile ~/.ssh/id_%h\n\n`;
    const homeDir = homeWith({ config: Array.from({ length: 1_000 }, (_, n) => block(n)).join('') });
    const cold = performance.now();
    const book = bookAt(homeDir);
    expect(await book.list()).toHaveLength(1_000);
    const coldMs = performance.now() - cold;
    const warm = performance.now();
    for (let n = 0; n < 100; n++) await book.list();
    const warmMs = (performance.now() - warm) / 100;
    expect(coldMs).toBeLessThan(1_000);
    expect(warmMs).toBeLessThan(coldMs / 100);
  });
});
