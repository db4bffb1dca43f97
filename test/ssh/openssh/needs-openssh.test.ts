import { expect, test } from 'vitest';
import type { HostSettings } from '../../../src/ssh/hosts/settings.ts';
import { needsOpenssh } from '../../../src/ssh/openssh/needs-openssh.ts';
import { aHost } from '../known-hosts/a-host.ts';

const hostBased = new Map([['hostbasedauthentication', ['true']]]);

const needed: [what: string, changes: Partial<HostSettings>, why: RegExp][] = [
  ['keys in a PKCS#11 token', { pkcs11Provider: '/usr/lib/token.so' }, /PKCS11Provider/],
  [
    'GSSAPI and no public key',
    { gssapiAuthentication: true, preferredAuthentications: ['gssapi-with-mic'] },
    /GSSAPI/,
  ],
  ['GSSAPI without public keys', { gssapiAuthentication: true, pubkeyAuthentication: false }, /GSSAPI/],
  ['host-based login only', { all: hostBased, preferredAuthentications: ['hostbased'] }, /host key/],
  ['post-quantum key exchange only', { kexAlgorithms: ['mlkem768x25519-sha256'] }, /KexAlgorithms/],
  ['a cipher that ssh2 lacks', { ciphers: ['aes128-nope'] }, /Ciphers/],
  ['a MAC that ssh2 lacks', { macs: ['umac-64@openssh.com'] }, /MACs/],
  [
    'host keys by certificate only',
    { hostKeyAlgorithms: ['ssh-ed25519-cert-v01@openssh.com'] },
    /HostKeyAlgorithms/,
  ],
  ['revoked host keys', { all: new Map([['revokedhostkeys', ['/etc/ssh/revoked']]]) }, /RevokedHostKeys/],
  ['longer RSA keys', { all: new Map([['requiredrsasize', ['3072']]]) }, /RequiredRSASize/],
  ['addresses in known_hosts', { checkHostIp: true, hostName: 'db.example' }, /CheckHostIP/],
  [
    'a socket from the ProxyCommand',
    { all: new Map([['proxyusefdpass', ['yes']]]), proxyCommand: 'nc' },
    /ProxyUseFdpass/,
  ],
  [
    'no check of this machine',
    { all: new Map([['nohostauthenticationforlocalhost', ['yes']]]) },
    /NoHostAuthentication/,
  ],
  ['host keys from DNS', { all: new Map([['verifyhostkeydns', ['true']]]) }, /VerifyHostKeyDNS/],
  ['a KnownHostsCommand with the host name', { knownHostsCommand: '/bin/keys %%h %h' }, /KnownHostsCommand/],
  ['one with a variable', { knownHostsCommand: '/bin/keys $' + '{SITE}' }, /KnownHostsCommand/],
  ['host keys of a security key', { hostKeyAlgorithms: ['sk-ssh-ed25519@openssh.com'] }, /HostKeyAlgorithms/],
];

test.each(needed)('%s', (_, changes, why) => {
  expect(needsOpenssh(aHost(changes))).toMatch(why);
});

const notNeeded: [what: string, changes: Partial<HostSettings>][] = [
  ['a plain host', {}],
  ['GSSAPI beside public keys, as Debian sets it for all', { gssapiAuthentication: true }],
  ['passwords only, which no engine sends', { preferredAuthentications: ['password'] }],
  ['one known algorithm among others', { kexAlgorithms: ['mlkem768x25519-sha256', 'curve25519-sha256'] }],
  ['certified host keys', { hostKeyAlgorithms: ['ssh-ed25519-cert-v01@openssh.com', 'ssh-ed25519'] }],
  ['no revoked host keys', { all: new Map([['revokedhostkeys', ['none']]]) }],
  ['RSA keys as long as ever', { all: new Map([['requiredrsasize', ['1024']]]) }],
  ['an address that is its own name', { checkHostIp: true, hostName: '192.0.2.1' }],
  ['an address behind a proxy', { checkHostIp: true, hostName: 'db.example', proxyCommand: 'nc' }],
  ['a KnownHostsCommand with tokens of a key', { knownHostsCommand: '/bin/keys %%h %H %I %K %t %f' }],
  ['a ControlPath where no master stands', { controlPath: '/nonexistent/socket' }],
  ['a ControlPath that is no socket', { controlPath: '/dev/null' }],
];

test.each(notNeeded)('not for %s', (_, changes) => {
  expect(needsOpenssh(aHost(changes))).toBeUndefined();
});
