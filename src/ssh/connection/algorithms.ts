import type { Algorithms, CipherAlgorithm, KexAlgorithm, MacAlgorithm, ServerHostKeyAlgorithm } from 'ssh2';
import constants from 'ssh2/lib/protocol/constants.js';
import { ScoutError } from '../../errors.ts';
import type { HostSettings } from '../hosts/settings.ts';

/** Authenticated ciphers first: without a native binding they are the fast ones in Node. */
const preferredCiphers = [
  'aes128-gcm@openssh.com',
  'aes256-gcm@openssh.com',
  'chacha20-poly1305@openssh.com',
  'aes128-ctr',
  'aes192-ctr',
  'aes256-ctr',
];

/**
 * What to offer in the key exchange (RFC 4253 section 7.1): the host's own lists where it has any, less what
 * ssh2 lacks. Throws ScoutError `unreachable` when nothing of a list is left.
 */
export function offeredAlgorithms(settings: HostSettings, hostKeyAlgorithms: readonly string[]): Algorithms {
  const { SUPPORTED_KEX, SUPPORTED_CIPHER, SUPPORTED_MAC, SUPPORTED_SERVER_HOST_KEY } = constants;
  const offer = (keyword: string, wanted: readonly string[], supported: readonly string[]) => {
    const usable = wanted.filter((name) => supported.includes(name));
    if (usable.length > 0) return usable;
    throw new ScoutError(
      'unreachable',
      `${settings.alias}: ${keyword} allows only algorithms that the built-in SSH engine does not have`,
      `Set SCOUT_SSH_ENGINE=auto, or allow one more algorithm by ${keyword} for this host.`,
    );
  };
  // the casts: ssh2's types list algorithm names, and the filters above let through only names it supports
  return {
    serverHostKey: offer(
      'HostKeyAlgorithms',
      hostKeyAlgorithms,
      SUPPORTED_SERVER_HOST_KEY,
    ) as ServerHostKeyAlgorithm[],
    cipher: offer('Ciphers', settings.ciphers ?? preferredCiphers, SUPPORTED_CIPHER) as CipherAlgorithm[],
    ...(settings.kexAlgorithms && {
      kex: offer('KexAlgorithms', settings.kexAlgorithms, SUPPORTED_KEX) as KexAlgorithm[],
    }),
    ...(settings.macs && { hmac: offer('MACs', settings.macs, SUPPORTED_MAC) as MacAlgorithm[] }),
    compress: settings.compression ? ['zlib@openssh.com', 'none'] : ['none', 'zlib@openssh.com'],
  };
}
