import { describe, expect, it } from 'vitest';
import { bookOf } from './fixture.ts';

const config = `
Host web1
Host web2 web3
Host db-a db-b !db-c
Host *
  User everyone
Host 10.0.*  !10.0.9.9
  User net
Host web1
`;

describe('a host expression', () => {
  const book = () => bookOf(config);

  it.each([
    ['one alias', 'web2', ['web2']],
    ['a list, in the order of the configuration', 'db-a,web1', ['web1', 'db-a']],
    ['a glob', 'web*', ['web1', 'web2', 'web3']],
    ['a question mark', 'db-?', ['db-a', 'db-b']],
    ['a glob and an exclusion', 'web*,!web3', ['web1', 'web2']],
    ['an exclusion that stands first', '!web1,web*', ['web2', 'web3']],
    ['an exclusion by glob', '*,!web*', ['db-a', 'db-b']],
    ['only exclusions: all but these', '!web*,!db-a', ['db-b']],
    ['a name given twice', 'web1,web1,web*', ['web1', 'web2', 'web3']],
    [
      'a name that a wildcard Host line covers, behind the listed ones',
      '10.0.1.2,web1',
      ['web1', '10.0.1.2'],
    ],
  ])('names %s', async (_, expression, names) => {
    expect(await book().select(expression)).toEqual(names);
  });

  it.each([
    ['an unknown name', 'wev1'],
    ['a name that only the bare star covers', 'elsewhere'],
    ['a name that a wildcard Host line excludes', '10.0.9.9'],
    ['a glob that matches nothing', 'mail*'],
    ['one unknown name among known ones', 'web1,nowhere'],
    ['a name in another case', 'WEB1'],
    ['nothing, because all is excluded', 'web1,!web*'],
  ])('is refused for %s', async (_, expression) => {
    await expect(book().select(expression)).rejects.toMatchObject({ code: 'unknown_host' });
  });

  it.each([
    ['nothing', ''],
    ['an empty part', 'web1,,web2'],
    ['a lone exclamation mark', '!'],
    ['blanks', 'web1 web2'],
    ['a leading dash', '-oProxyCommand=x'],
    ['a control character', 'web1\u0007'],
    ['a line feed', 'web1\nweb2'],
    ['a shell character', 'web1;id'],
    ['more than 4 KiB', 'w'.repeat(5_000)],
  ])('is invalid with %s', async (_, expression) => {
    await expect(book().select(expression)).rejects.toMatchObject({ code: 'invalid_argument' });
  });

  it.each([
    ['wev1', 'web1'],
    ['WEB2', 'web2'],
    ['wbe3', 'web3'],
    ['db', 'db-a'],
    ['web12', 'web1'],
  ])('suggests for %s the nearest name %s', async (wrong, right) => {
    await expect(book().select(wrong)).rejects.toMatchObject({ fix: expect.stringContaining(right) });
  });

  it('suggests to list the hosts when no name is near', async () => {
    const refused = book().select('zzzzzzzz');
    await expect(refused).rejects.toMatchObject({ fix: expect.stringMatching(/^List the hosts/) });
  });
});

describe('SCOUT_HOSTS', () => {
  it('hides what it excludes from listing, selection and suggestions', async () => {
    const book = bookOf(config, { patterns: ['web*', '!web3'] });
    expect((await book.list()).map(({ alias }) => alias)).toEqual(['web1', 'web2']);
    expect(await book.select('*')).toEqual(['web1', 'web2']);
    for (const hidden of ['web3', 'db-a', '10.0.1.2']) {
      const refused = book.select(hidden);
      await expect(refused).rejects.toMatchObject({
        code: 'unknown_host',
        fix: expect.not.stringMatching(/web3|db-/),
      });
    }
  });

  it('means all but these when it only excludes', async () => {
    const book = bookOf(config, { patterns: ['!web*'] });
    expect(await book.select('*')).toEqual(['db-a', 'db-b']);
    expect(await book.select('10.0.1.2')).toEqual(['10.0.1.2']);
  });

  it('does not stand in the way of a jump host', async () => {
    const book = bookOf('Host bastion\n HostName b.example\n', { patterns: ['web*'] });
    const hop = await book.resolveJump({ host: 'bastion', user: 'jo' }, AbortSignal.timeout(5_000));
    expect(hop).toMatchObject({ hostName: 'b.example', user: 'jo' });
  });
});

it('a name that is not there, for the line that should name it is refused, is not an unknown one', async () => {
  const book = bookOf('\ufeffHost a\n Port 1\n');
  const refused = {
    code: 'invalid_argument',
    message: expect.stringMatching(/config:1: bad configuration option \\ufeffhost/),
  };
  await expect(book.list()).rejects.toMatchObject(refused);
  await expect(book.select('a*')).rejects.toMatchObject(refused);
  await expect(bookOf('Host a\n').select('b')).rejects.toMatchObject({ code: 'unknown_host' });
});
