import { expect, it } from 'vitest';
import { chooseSignatureAlgorithm, isKeyTypeAccepted } from '../../../src/ssh/auth/signature-algorithm.ts';

const cert = '-cert-v01@openssh.com';
const sha2 = ['rsa-sha2-256', 'rsa-sha2-512', 'ssh-ed25519'];

it.each([
  ['an RSA key signs with SHA-512 where it may', 'ssh-rsa', undefined, sha2, 'rsa-sha2-512', 'rsa-sha2-512'],
  ['or with SHA-256', 'ssh-rsa', undefined, ['rsa-sha2-256'], 'rsa-sha2-256', 'rsa-sha2-256'],
  ['in the user’s order', 'ssh-rsa', ['rsa-sha2-256', 'rsa-sha2-512'], sha2, 'rsa-sha2-256', 'rsa-sha2-256'],
  ['never with SHA-1 by itself', 'ssh-rsa', undefined, ['ssh-rsa'], undefined, undefined],
  ['also to a server that announces nothing', 'ssh-rsa', undefined, undefined, undefined, undefined],
  ['with SHA-1 where the user allows it', 'ssh-rsa', ['ssh-rsa'], undefined, 'ssh-rsa', 'ssh-rsa'],
  ['an RSA certificate', `ssh-rsa${cert}`, undefined, sha2, `rsa-sha2-512${cert}`, 'rsa-sha2-512'],
  ['an ed25519 key needs no announcement', 'ssh-ed25519', undefined, undefined, 'ssh-ed25519', 'ssh-ed25519'],
  ['an ed25519 certificate', `ssh-ed25519${cert}`, undefined, sha2, `ssh-ed25519${cert}`, 'ssh-ed25519'],
  ['a DSA key is not used', 'ssh-dss', undefined, ['ssh-dss'], undefined, undefined],
] as const)('%s', (_, type, accepted, announced, request, signature) => {
  expect(chooseSignatureAlgorithm(type, accepted, announced)).toEqual(request && { request, signature });
});

it('a key type counts as allowed when one of its algorithms is', () => {
  expect(isKeyTypeAccepted('ssh-rsa', ['rsa-sha2-256'])).toBe(true);
  expect(isKeyTypeAccepted('ssh-rsa', ['ssh-ed25519'])).toBe(false);
  expect(isKeyTypeAccepted(`ssh-rsa${cert}`, ['rsa-sha2-512'])).toBe(false);
  expect(isKeyTypeAccepted(`ssh-rsa${cert}`, [`rsa-sha2-512${cert}`])).toBe(true);
});
