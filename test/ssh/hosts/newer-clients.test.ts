import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isAddressList } from '../../../src/ssh/hosts/local-network.ts';
import { bookAt, bookOf, homeWith, soon } from './fixture.ts';

/** What ssh_config(5) of newer clients says, for machines whose own client is too old to be the judge. */
describe('what newer clients than OpenSSH 9.2 know', () => {
  it('Tag and Match tagged', async () => {
    const book = bookOf('Host a\n Tag prod\nMatch tagged prod,live\n Port 5\nMatch !tagged p*\n User none\n');
    expect((await book.resolve('a', soon())).port).toBe(5);
    expect((await book.resolve('b', soon())).user).toBe('none');
  });

  it('Match localnetwork', async () => {
    const book = bookOf(
      'Match localnetwork 127.0.0.0/8\n Port 5\nMatch localnetwork 203.0.113.0/24\n User far\nMatch !localnetwork 203.0.113.0/24\n Compression yes\n',
    );
    const settings = await book.resolve('a', soon());
    expect(settings).toMatchObject({ port: 5, compression: true });
    expect(settings.user).not.toBe('far');
  });

  it.each([
    ['10.0.0.0/8,192.168.1.7', true],
    ['2001:db8::/32,::1', true],
    ['10.1.2.3/8', false],
    ['2001:db8::1/32', false],
    ['10.0.0.0/33', false],
    ['10.0.0.0/8,', false],
    ['lan', false],
  ])('a network list %s: %s', (list, valid) => {
    expect(isAddressList(list)).toBe(valid);
  });

  it('Match command, sessiontype and version', async () => {
    const book = bookOf(
      'Match command ""\n Port 5\nMatch sessiontype shell\n Compression yes\nMatch version NotSSH*\n User other\n',
    );
    const settings = await book.resolve('a', soon());
    expect(settings).toMatchObject({ port: 5, compression: true });
    expect(settings.user).not.toBe('other');
  });

  it('tokens and variables in Include', async () => {
    const homeDir = homeWith({
      config: 'Include by-host/%h.conf\nInclude by-name/$' + '{LAB}\nInclude by-%q/x\n',
      'by-host/a.conf': 'User a-user\n',
      'by-name/lab': 'Port 7\n',
    });
    const book = bookAt(homeDir, { env: { LAB: 'lab' } });
    expect(await book.resolve('a', soon())).toMatchObject({ user: 'a-user', port: 7 });
    expect((await book.resolve('b', soon())).user).not.toBe('a-user');
  });

  it('key exchange by ML-KEM', async () => {
    const book = bookOf('KexAlgorithms mlkem768x25519-sha256,curve25519-sha256\n');
    expect((await book.resolve('a', soon())).kexAlgorithms).toEqual([
      'mlkem768x25519-sha256',
      'curve25519-sha256',
    ]);
  });

  it.each([
    ['OpenSSH_9.2p1', ''],
    ['OpenSSH_10.0p2', 'j1'],
  ])('the jump host in the hash %%C: with %s %j', async (version, hashed) => {
    const homeDir = homeWith({ config: 'Host a\n ProxyJump u@j1:22\n ControlPath /run/%C\n' });
    writeFileSync(join(homeDir, 'ssh'), `#!/bin/sh\necho "${version}, LibreSSL" >&2\n`, { mode: 0o755 });
    const { controlPath } = await bookAt(homeDir, { env: { PATH: homeDir } }).resolve('a', soon());
    const parts = [hostname(), 'a', '22', userInfo().username, hashed].join('');
    expect(controlPath).toBe(`/run/${createHash('sha1').update(parts).digest('hex')}`);
  });
});
