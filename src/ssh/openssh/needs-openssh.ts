import { statSync } from 'node:fs';
import constants from 'ssh2/lib/protocol/constants.js';
import type { HostSettings } from '../hosts/settings.ts';

/**
 * Why the built-in engine cannot serve a host, as the end of a sentence; undefined where nothing in the settings
 * says so. Looks at the file system for the user's own master, sends nothing.
 */
export function needsOpenssh(settings: HostSettings): string | undefined {
  if (hasOwnMaster(settings)) return 'a master of your own stands (ControlPath)';
  if (settings.pkcs11Provider !== undefined) return 'PKCS11Provider is set';
  return neededMethod(settings) ?? neededAlgorithm(settings);
}

function hasOwnMaster({ controlPath }: HostSettings): boolean {
  return controlPath !== undefined && statSync(controlPath, { throwIfNoEntry: false })?.isSocket() === true;
}

/** The built-in engine logs in with public keys only. */
function neededMethod(settings: HostSettings): string | undefined {
  const { preferredAuthentications: preferred, pubkeyAuthentication } = settings;
  if (pubkeyAuthentication && (preferred?.includes('publickey') ?? true)) return undefined;
  const wants = (method: string) => preferred?.includes(method) ?? true;
  if (settings.gssapiAuthentication && wants('gssapi-with-mic')) return 'it logs in by GSSAPI';
  const hostBased = settings.all.get('hostbasedauthentication')?.[0];
  if ((hostBased === 'yes' || hostBased === 'true') && wants('hostbased')) return 'it logs in by host key';
  return undefined;
}

function neededAlgorithm(settings: HostSettings): string | undefined {
  const { SUPPORTED_KEX, SUPPORTED_CIPHER, SUPPORTED_MAC, SUPPORTED_SERVER_HOST_KEY } = constants;
  const lists: readonly [string, readonly string[] | undefined, readonly string[]][] = [
    ['KexAlgorithms', settings.kexAlgorithms, SUPPORTED_KEX],
    ['Ciphers', settings.ciphers, SUPPORTED_CIPHER],
    ['MACs', settings.macs, SUPPORTED_MAC],
    ['HostKeyAlgorithms', settings.hostKeyAlgorithms?.map(plainName), SUPPORTED_SERVER_HOST_KEY],
  ];
  const lacking = lists.find(
    ([, wanted, supported]) => wanted !== undefined && !wanted.some((name) => supported.includes(name)),
  );
  return lacking && `${lacking[0]} allows only what the built-in engine lacks`;
}

/** A host certificate is checked by us, over the plain key that it certifies. */
function plainName(algorithm: string): string {
  return algorithm.replace('-cert-v01@openssh.com', '');
}
