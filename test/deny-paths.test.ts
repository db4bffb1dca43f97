import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DenyPaths, defaultDenyPaths, parseDenyPaths } from '../src/deny-paths.ts';
import type { Piece } from '../src/name-pattern.ts';
import { denyFunctions } from '../src/ssh/shell/deny-script.ts';

const byDefault = defaultDenyPaths();

function listOf(...items: string[]): DenyPaths {
  const list = parseDenyPaths(items);
  if (!list) throw new Error(`bad list ${items}`);
  return list;
}

/** Pieces of a word in which every pattern character is unquoted. */
function shellPieces(text: string): readonly Piece[] {
  return [...text.matchAll(/[*?]|\[[^\]]*\]|[^*?[]+/g)].map(([part]) => ({
    text: part,
    glob: /^[*?[]/.test(part),
  }));
}

describe('a list of denied paths', () => {
  it.each([
    ['/etc/shadow', '/etc/shadow'],
    ['/etc/shadow', '//etc/./x/../shadow'],
    ['/etc/shadow', '/ETC/Shadow'],
    ['/srv/secrets', '/srv/secrets/a/b'],
    ['/srv/secrets/', '/srv/secrets'],
    ['/etc/ssh/ssh_host_*_key', '/etc/ssh/ssh_host_rsa_key'],
    ['/proc/*/environ', '/proc/self/environ'],
    ['~/.ssh/*', '~/.ssh/id'],
    ['~/.ssh/*', '/home/u/.ssh/id'],
    ['~/.ssh/*', '/.ssh/id'],
    ['~/.ssh/*', '.ssh/id'],
    ['~/.ssh/*', 'work/.ssh/id/more'],
    ['/a/**/key', '/a/key'],
    ['/a/**/key', '/a/b/c/key/d'],
    ['/a/**', '/a/b/c'],
    ['/x[0-9]', '/x5'],
    ['/x[!0-9]', '/xy'],
    ['/schl?ssel', '/schlüssel'],
    ['/kept/😀*', '/kept/😀.txt'],
  ])('with %s denies %s', (pattern, path) => {
    expect(listOf(pattern).denies(path)).toBe(true);
  });

  it.each([
    ['/etc/shadow', '/etc/shadows'],
    ['/etc/shadow', '/etc'],
    ['/etc/shadow', 'etc/shadow'],
    ['/etc/shadow', '/x/etc/shadow'],
    ['/proc/*/environ', '/proc/1/x/environ'],
    ['~/.ssh/*', '~/.ssh'],
    ['~/.ssh/*', '/home/u/ssh/id'],
    ['/a/**', '/a'],
    ['/a/**/key', '/b/a/key'],
    ['/x[0-9]', '/xy'],
    ['/x?', '/x'],
  ])('with %s lets %s through', (pattern, path) => {
    expect(listOf(pattern).denies(path)).toBe(false);
  });

  it('is decided by the last entry that fits', () => {
    const list = listOf('/s', '!/s/open', '/s/open/but-not-this');
    expect(['/s/x', '/s/open/x', '/s/open/but-not-this/x'].map((path) => list.denies(path))).toEqual([
      true,
      false,
      true,
    ]);
    expect(listOf('default', '!/etc/shadow').denies('/etc/shadow')).toBe(false);
    expect(listOf('!/etc/shadow', 'default').denies('/etc/shadow')).toBe(true);
    expect(listOf('default', '/srv/x').denies('/etc/gshadow')).toBe(true);
    expect(listOf('/srv/x').denies('/etc/gshadow')).toBe(false);
  });

  it('lets the public files of ~/.ssh be read', () => {
    const open = ['id_ed25519.pub', 'config', 'known_hosts', 'known_hosts.old', 'authorized_keys'];
    expect(open.filter((name) => byDefault.denies(`~/.ssh/${name}`))).toEqual([]);
    expect(byDefault.denies('~/.ssh/x.d/id.pub')).toBe(true);
  });

  it('looks at names below a denied path only, and at trees of which all is denied', () => {
    expect(byDefault.denies('/etc/shadow', 'name')).toBe(false);
    expect(byDefault.denies('/etc/ssl/private', 'name')).toBe(false);
    expect(byDefault.denies('/etc/ssl/private/a', 'name')).toBe(true);
    expect(byDefault.denies('/etc', 'tree')).toBe(false);
    expect(byDefault.denies('/home/u/.ssh', 'tree')).toBe(true);
    // the same path once more for another use, and again
    expect(byDefault.denies('/home/u/.ssh', 'file')).toBe(false);
    expect(byDefault.denies('/home/u/.ssh', 'tree')).toBe(true);
  });

  it.each([
    '',
    'etc',
    '/',
    '//',
    '~',
    '~/',
    '~u/x',
    '/a/../b',
    '/a/./b',
    '/a\0',
    '/a\n',
    '/[',
    '/[]',
    '/[z-a]',
    '/a\\*',
  ])('cannot hold %j', (item) => {
    expect(parseDenyPaths([item])).toBeUndefined();
    expect(parseDenyPaths([`!${item}`])).toBeUndefined();
  });

  it('takes time that does not explode, whatever the words', () => {
    const list = listOf('/**/a/**/b/**/c', `/${'*a'.repeat(30)}`);
    const startedMs = performance.now();
    for (const text of [`/${'a/'.repeat(8_000)}`, `/${'*a'.repeat(8_000)}`, '*/'.repeat(8_000)]) {
      list.mayDeny({ pieces: shellPieces(text) });
    }
    expect(performance.now() - startedMs).toBeLessThan(2_000);
  });
});

const name = fc.constantFrom('a', 'b', '.s', 'ab', 'ba', '.sa');
const pattern = fc.constantFrom('a', 'b', '.s', '*', 'a*', '?', '*b', '.s*', '[ab]', '[!a]', '**');
const lists = fc
  .array(
    fc.record({
      isException: fc.boolean(),
      home: fc.boolean(),
      names: fc.array(pattern, { minLength: 1, maxLength: 3 }),
    }),
    { minLength: 1, maxLength: 4 },
  )
  .map((entries) =>
    entries.map(
      ({ isException, home, names }) => `${isException ? '!' : ''}${home ? '~' : ''}/${names.join('/')}`,
    ),
  );
const paths = fc.array(name, { minLength: 1, maxLength: 5 }).map((names) => `/${names.join('/')}`);

/** The same question by one regular expression an entry. */
function naive(items: readonly string[], path: string): boolean {
  const fitting = items.filter((item) => {
    const text = item
      .replace(/^!/, '')
      .replace(/^~\//, '/**/')
      .replace(/(?:\/\*\*)+$/, '/*');
    const expression = text
      .replace(/\/\*\*(?=\/)/g, '\u0001')
      .replace(/\*/g, '[^/]*')
      .replace(/\?/g, '[^/]')
      .replace(/\[!/g, '[^/')
      .replaceAll('.s', '\\.s')
      .replaceAll('\u0001', '(?:/[^/]+)*');
    return new RegExp(`^${expression}(?:/|$)`).test(path);
  });
  return fitting.at(-1)?.startsWith('!') === false;
}

describe('of random lists and paths', () => {
  it('the answer is that of regular expressions', () => {
    let deniedCount = 0;
    fc.assert(
      fc.property(lists, paths, (items, path) => {
        const answer = listOf(...items).denies(path);
        deniedCount += answer ? 1 : 0;
        expect(answer).toBe(naive(items, path));
      }),
      { numRuns: 2_000 },
    );
    expect(deniedCount).toBeGreaterThan(200);
  });

  it('a pattern of the shell is denied where a name that it may give is', () => {
    const globs = fc.array(fc.constantFrom('a', '.s', '*', '?', 'a*', '.*', '*a', '[ab]', '.[st]'), {
      minLength: 1,
      maxLength: 3,
    });
    fc.assert(
      fc.property(lists, globs, paths, (items, words, path) => {
        const text = `/${words.join('/')}`;
        const meant = words
          .map(
            (word) =>
              (/^[*?[]/.test(word) ? '(?!\\.)' : '') +
              word.replace(/[.]/g, '\\.').replace(/\*/g, '[^/]*').replace(/\?/g, '[^/]'),
          )
          .join('/');
        fc.pre(new RegExp(`^/${meant}$`).test(path));
        const list = listOf(...items);
        if (list.denies(path)) expect(list.mayDeny({ pieces: shellPieces(text) })).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it.each([['dash'], ['bash'], ['busybox', 'sh']])('the shell script says the same: %s', (...shell) => {
    const [program = '', ...first] = shell;
    const samples = fc.sample(fc.tuple(lists, fc.array(paths, { minLength: 20, maxLength: 20 })), 40);
    const script = samples
      .map(([items, all]) =>
        [
          denyFunctions(listOf(...items)),
          ...all.map((path) => `scout_denied '${path}' && echo 1 || echo 0`),
        ].join('\n'),
      )
      .join('\n');
    const { stdout } = spawnSync(program, [...first, '-c', script], { encoding: 'utf8' });
    const wanted = samples.flatMap(([items, all]) =>
      all.map((path) => (listOf(...items).denies(path) ? '1' : '0')),
    );
    expect(stdout.trim().split('\n')).toEqual(wanted);
    expect(wanted).toContain('1');
  });
});
