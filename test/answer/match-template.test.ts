import { expect, it } from 'vitest';
import { matchTemplate } from '../../src/answer/match-template.ts';

const path = 'scout://{host}/{+path}';

it('takes variables out of a URI, percent-decoded', () => {
  expect(matchTemplate(path, 'scout://web1/etc/hostname')).toEqual({ host: 'web1', path: 'etc/hostname' });
  expect(matchTemplate(path, 'scout://web%2D1/a%20b/%E6%BC%A2')).toEqual({ host: 'web-1', path: 'a b/漢' });
  expect(matchTemplate(path, 'scout://web1/~/x')).toEqual({ host: 'web1', path: '~/x' });
  expect(matchTemplate(path, 'scout://web1/')).toEqual({ host: 'web1', path: '' });
  expect(matchTemplate(path, 'scout://web1/a\nb?c#d')).toEqual({ host: 'web1', path: 'a\nb?c#d' });
});

it('matches a URI without variables as it stands', () => {
  expect(matchTemplate('hosts://list', 'hosts://list')).toEqual({});
  expect(matchTemplate('hosts://list', 'hosts://listing')).toBeUndefined();
  expect(matchTemplate('a.b://x', 'aXb://x')).toBeUndefined();
});

it.each(['scout://web1', 'scout:///etc', 'other://web1/etc', 'scout://web1/%zz', 'scout://web1/%ff', ''])(
  'does not match %s',
  (uri) => {
    expect(matchTemplate(path, uri)).toBeUndefined();
  },
);

it('keeps a variable without + within its segment', () => {
  expect(matchTemplate('x://result/{id}', 'x://result/a/b')).toBeUndefined();
  expect(matchTemplate('x://result/{id}', 'x://result/a%2Fb')).toEqual({ id: 'a/b' });
});
