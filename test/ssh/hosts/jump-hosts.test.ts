import { afterAll, describe, expect, it } from 'vitest';
import { formatJumps, parseJumps } from '../../../src/ssh/hosts/jump-spec.ts';
import { bookOf, soon } from './fixture.ts';
import { SshOracle } from './ssh-oracle.ts';

const oracle = new SshOracle();
afterAll(() => oracle.close());

const config = `
Host inner
  ProxyJump first,bob@second:2222
Host first
  HostName first.example
  User configured
  Port 2001
  ProxyJump outer
Match user bob
  IdentityFile ~/.ssh/for-bob
Host second
  HostName second.example
  ProxyJump not-taken
`;

describe('a hop', () => {
  it('is given with user and port as ProxyJump has them, in their order', async () => {
    const { proxyJump } = await bookOf(config).resolve('inner', soon());
    expect(proxyJump).toEqual([{ host: 'first' }, { host: 'second', user: 'bob', port: 2222 }]);
  });

  it.each([
    ['with its own settings and route', { host: 'first' }, [], []],
    [
      'with user and port of the list',
      { host: 'second', user: 'bob', port: 2222 },
      [],
      ['-l', 'bob', '-p', '2222'],
    ],
    [
      'through the hops before it',
      { host: 'second', user: 'bob' },
      [{ host: 'first' }],
      ['-l', 'bob', '-J', 'first'],
    ],
  ])('is resolved %s, as the ssh that ProxyJump starts does', async (_, spec, through, options) => {
    const [answer] = oracle.ask([{ files: { config }, host: spec.host, options }]);
    if (!answer || 'error' in answer) throw new Error(answer?.error);
    const settings = await oracle.book({ config }).resolveJump(spec, soon(), through);
    for (const name of ['hostname', 'user', 'port', 'identityfile', 'proxyjump', 'proxycommand']) {
      expect([name, settings.all.get(name)]).toEqual([name, answer.values.get(name)]);
    }
  });

  it('with a user name that a shell could take apart is refused, as ssh -l does', async () => {
    const refused = bookOf(config).resolveJump({ host: 'first', user: 'a;b' }, soon());
    await expect(refused).rejects.toMatchObject({ code: 'invalid_argument' });
  });
});

it('a ProxyJump list reads and prints the same', () => {
  for (const text of ['a', 'bob@a:22', 'u@[2001:db8::1]:5,[10.0.0.1],b', 'me@corp@a']) {
    expect(formatJumps(parseJumps(text))).toBe(text);
  }
  expect(parseJumps('me@corp@a')).toEqual([{ host: 'a', user: 'me@corp' }]);
  expect(parseJumps('ssh://b%40c@h:9/')).toEqual([{ host: 'h', user: 'b@c', port: 9 }]);
});
