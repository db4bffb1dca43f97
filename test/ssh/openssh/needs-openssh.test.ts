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
  ['certified host keys', { hostKeyAlgorithms: ['ssh-ed25519-cert-v01@openssh.com'] }],
  ['a ControlPath where no master stands', { controlPath: '/nonexistent/socket' }],
  ['a ControlPath that is no socket', { controlPath: '/dev/null' }],
];

test.each(notNeeded)('not for %s', (_, changes) => {
  expect(needsOpenssh(aHost(changes))).toBeUndefined();
});
