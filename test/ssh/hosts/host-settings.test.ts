// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NAME} is what ssh_config(5) writes for a variable
import { userInfo } from 'node:os';
import { describe, expect, it } from 'vitest';
import { secondsOf } from '../../../src/ssh/hosts/keyword-values.ts';
import { bookAt, bookOf, homeWith, soon } from './fixture.ts';

const env = { PATH: process.env.PATH, SSH_AUTH_SOCK: '/run/agent', LAB: 'lab', OTHER: '/run/other' };

describe('the settings of a host', () => {
  it('have tokens, tilde and variables expanded wherever they are used', async () => {
    const homeDir = homeWith({
      config: `
Host a
  HostName %h.example
  User bob
  Port 2200
  IdentityFile ~/.ssh/%r@%h-%n-%p
  IdentityFile %d/\${LAB}
  IdentityFile none
  CertificateFile ~/.ssh/%k-cert.pub
  UserKnownHostsFile ~/kh-%h /b
  GlobalKnownHostsFile ~/global
  ControlPath /run/%u-%i
  HostKeyAlias Web
  KnownHostsCommand /bin/kh %H %t
  ProxyCommand nc %h %p %r %n %k %%
`,
    });
    const settings = await bookAt(homeDir, { env }).resolve('a', soon());
    const { username, uid } = userInfo();
    expect(settings).toMatchObject({
      alias: 'a',
      hostName: 'a.example',
      user: 'bob',
      port: 2200,
      identityFiles: [`${homeDir}/.ssh/bob@a.example-a-2200`, `${homeDir}/lab`],
      identityFilesAreExplicit: true,
      certificateFiles: [`${homeDir}/.ssh/web-cert.pub`],
      userKnownHostsFiles: [`${homeDir}/kh-a.example`, '/b'],
      globalKnownHostsFiles: [`${homeDir}/global`],
      controlPath: `/run/${username}-${uid}`,
      hostKeyAlias: 'web',
      knownHostsCommand: '/bin/kh %H %t',
      proxyCommand: 'nc a.example 2200 bob a web %',
      proxyJump: [],
      identityAgent: '/run/agent',
    });
  });

  it('are the defaults of OpenSSH where nothing is configured', async () => {
    const homeDir = homeWith({ config: '' });
    const settings = await bookAt(homeDir, { env: {} }).resolve('Plain', soon());
    expect(settings).toMatchObject({
      hostName: 'plain',
      port: 22,
      user: userInfo().username,
      identityFilesAreExplicit: false,
      identitiesOnly: false,
      identityAgent: undefined,
      strictHostKeyChecking: 'ask',
      connectTimeoutMs: 0,
      connectionAttempts: 1,
      serverAliveIntervalMs: 0,
      serverAliveCountMax: 3,
      ciphers: undefined,
      kexAlgorithms: undefined,
      hostKeyAlgorithms: undefined,
      hostKeyOrderIsGiven: false,
      pubkeyAuthentication: true,
      compression: false,
      addressFamily: 'any',
      tcpKeepAlive: true,
    });
    expect(settings.identityFiles).toContain(`${homeDir}/.ssh/id_ed25519`);
    expect(settings.userKnownHostsFiles).toEqual([
      `${homeDir}/.ssh/known_hosts`,
      `${homeDir}/.ssh/known_hosts2`,
    ]);
  });

  it.each([
    ['none', undefined],
    ['SSH_AUTH_SOCK', '/run/agent'],
    ['$OTHER', '/run/other'],
    ['$NOT_SET_HERE', undefined],
    ['${OTHER}', '/run/other'],
    ['/run/x-%p', '/run/x-22'],
  ])('take IdentityAgent %s for %s', async (written, socket) => {
    const { identityAgent } = await bookOf(`IdentityAgent ${written}\n`, { env }).resolve('a', soon());
    expect(identityAgent).toBe(socket);
  });

  it.each([
    ['yes', 'yes'],
    ['accept-new', 'accept-new'],
    ['off', 'no'],
    ['ask', 'ask'],
  ])('take StrictHostKeyChecking %s for %s', async (written, meaning) => {
    const book = bookOf(`StrictHostKeyChecking ${written}\n`);
    expect((await book.resolve('a', soon())).strictHostKeyChecking).toBe(meaning);
  });

  it('give durations in milliseconds and lists as lists', async () => {
    const book = bookOf(
      'ConnectTimeout 1m\nServerAliveInterval 15\nCiphers aes256-ctr,aes128-ctr\nPreferredAuthentications publickey,password\nUserKnownHostsFile none\nAddressFamily inet6\nPKCS11Provider none\n',
    );
    expect(await book.resolve('a', soon())).toMatchObject({
      connectTimeoutMs: 60_000,
      serverAliveIntervalMs: 15_000,
      ciphers: ['aes256-ctr', 'aes128-ctr'],
      preferredAuthentications: ['publickey', 'password'],
      userKnownHostsFiles: [],
      addressFamily: 'inet6',
      pkcs11Provider: undefined,
    });
  });

  it.each([
    ['IdentityFile ~/${NOT_SET_HERE}', /"NOT_SET_HERE" is not set/],
    ['IdentityFile ~/%q', /unknown token "%q"/],
    ['ProxyCommand nc %u', /unknown token "%u"/],
    ['CertificateFile ~nobodyhere/x', /no user "nobodyhere"/],
  ])('are refused for %s, without the value of any variable', async (line, problem) => {
    const refused = bookOf(`${line}\n`, { env }).resolve('a', soon());
    await expect(refused).rejects.toMatchObject({
      code: 'invalid_argument',
      message: expect.stringMatching(problem),
    });
    await expect(refused).rejects.not.toMatchObject({ message: expect.stringContaining('/run/') });
  });

  it('name file and line of what ssh refuses, in an included file too', async () => {
    const homeDir = homeWith({ config: 'Host a\n\nInclude inc\n', inc: '# fine\nFooBar x\n' });
    await expect(bookAt(homeDir).resolve('a', soon())).rejects.toMatchObject({
      code: 'invalid_argument',
      message: expect.stringMatching(/inc:2: .*foobar/),
      fix: expect.stringContaining('ssh -G'),
    });
  });

  it('are not given for a name that ssh would refuse', async () => {
    for (const name of ['', '-x', 'a b', 'a;b', 'a$(id)', 'a\nb']) {
      await expect(bookOf('').resolve(name, soon())).rejects.toMatchObject({ code: 'invalid_argument' });
    }
  });
});

describe('the fingerprint', () => {
  const config =
    'Host a b\n HostName same\nHost c\n HostName same\n Port 99\nHost d\n HostName same\n IdentityFile ~/.ssh/%n\n';

  it('is equal for aliases of one and the same connection, and another for any other', async () => {
    const book = bookOf(config);
    const [a, b, c, d] = await Promise.all(['a', 'b', 'c', 'd'].map((name) => book.resolve(name, soon())));
    expect(a?.fingerprint).toBe(b?.fingerprint);
    expect(new Set([a, c, d].map((settings) => settings?.fingerprint)).size).toBe(3);
  });

  it('changes with any keyword that decides about a connection', async () => {
    const lines = [
      'Port 23',
      'User somebody-else',
      'IdentitiesOnly yes',
      'StrictHostKeyChecking yes',
      'Ciphers aes256-ctr',
      'ProxyJump j',
      'ProxyCommand nc %h %p',
      'HostKeyAlias k',
      'UserKnownHostsFile /x',
      'RevokedHostKeys /r',
      'RequiredRSASize 4096',
      'Compression yes',
      'BindAddress 127.0.0.1',
      'ServerAliveInterval 3',
    ];
    const prints = new Set<string>();
    for (const line of ['', ...lines]) {
      prints.add(
        (await bookOf(`Host a\n${line}\n`, { homeDir: '/home/x' }).resolve('a', soon())).fingerprint,
      );
    }
    expect(prints.size).toBe(lines.length + 1);
  });
});

it('a host that RefuseConnection forbids is refused with its words, another is not', async () => {
  const book = bookOf('Host old\n  RefuseConnection "moved to \u202enew"\nHost *\n  RefuseConnection none\n');
  await expect(book.resolve('old', soon())).rejects.toMatchObject({
    code: 'invalid_argument',
    message: 'the ssh configuration refuses connections to old: "moved to \\u202enew"',
  });
  expect((await book.resolve('new', soon())).hostName).toBe('new');
});

it('a jump in quotes is the one that the shell of ssh makes of it', async () => {
  const book = bookOf('Host b\n  HostName 192.0.2.1\nHost a\n  ProxyJump "b"\n');
  const [spec] = (await book.resolve('a', soon())).proxyJump;
  expect(spec && (await book.resolveJump(spec, soon())).hostName).toBe('192.0.2.1');
});
it('a time that is none is seen to be none at once', () => {
  const startedMs = performance.now();
  expect(secondsOf(`${'0'.repeat(26)}x`)).toBeUndefined();
  expect(['90', '1h30m', '2W', '1m5', '', 'm', '1hm'].map(secondsOf)).toEqual([
    ...[90, 5_400, 1_209_600, 65],
    ...[undefined, undefined, undefined],
  ]);
  expect(performance.now() - startedMs).toBeLessThan(500);
});
