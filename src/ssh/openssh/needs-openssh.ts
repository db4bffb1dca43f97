import { statSync } from 'node:fs';
import { isIP } from 'node:net';
import constants from 'ssh2/lib/protocol/constants.js';
import type { HostSettings } from '../hosts/settings.ts';

/**
 * Why the built-in engine cannot serve a host, as the end of a sentence; undefined where nothing in the settings
 * says so. Looks at the file system for the user's own master, sends nothing.
 */
export function needsOpenssh(settings: HostSettings): string | undefined {
  if (hasOwnMaster(settings)) return 'a master of your own stands (ControlPath)';
  if (settings.pkcs11Provider !== undefined) return 'PKCS11Provider is set';
  return neededCheck(settings) ?? neededWay(settings) ?? neededMethod(settings) ?? neededAlgorithm(settings);
}

/**
 * Why ssh may refuse a server or a key that the built-in engine would take, as the end of a sentence. To read over
 * such a setting would be to let in what the user shut out.
 */
export function neededCheck({ all, ...settings }: HostSettings): string | undefined {
  const { checkHostIp, hostName, proxyCommand, proxyJump } = settings;
  if (isGiven(all.get('revokedhostkeys')?.[0])) return 'RevokedHostKeys is set';
  if (Number(all.get('requiredrsasize')?.[0]) > defaultRsaBits) return 'RequiredRSASize is raised';
  // of a host behind a proxy, or written as an address, ssh has no address to compare
  const hasAddress = isIP(hostName) === 0 && proxyCommand === undefined && proxyJump.length === 0;
  return checkHostIp && hasAddress ? 'CheckHostIP is on' : undefined;
}

const defaultRsaBits = 1_024;

/** Where ssh learns of a host's key, or gets its connection, in a way that the built-in engine has not. */
function neededWay({ all, knownHostsCommand, proxyCommand }: HostSettings): string | undefined {
  const is = (name: string) => /^(yes|true)$/.test(all.get(name)?.[0] ?? '');
  if (proxyCommand !== undefined && is('proxyusefdpass')) return 'ProxyUseFdpass is on';
  if (is('nohostauthenticationforlocalhost')) return 'NoHostAuthenticationForLocalhost is on';
  if (is('verifyhostkeydns')) return 'VerifyHostKeyDNS is on';
  if (/%[^%HIKtf]|\$\{/.test(knownHostsCommand?.replaceAll('%%', '') ?? ''))
    return 'KnownHostsCommand has tokens that only ssh expands';
  return undefined;
}

function isGiven(value: string | undefined): boolean {
  return value !== undefined && !/^none$/i.test(value);
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
  return isHostBased(settings) ? 'it logs in by host key' : undefined;
}

/** ssh(1) would try to log in by the key of this machine. */
export function isHostBased({ all, preferredAuthentications }: HostSettings): boolean {
  const hostBased = all.get('hostbasedauthentication')?.[0];
  const isOn = hostBased === 'yes' || hostBased === 'true';
  return isOn && (preferredAuthentications?.includes('hostbased') ?? true);
}

function neededAlgorithm(settings: HostSettings): string | undefined {
  const { SUPPORTED_KEX, SUPPORTED_CIPHER, SUPPORTED_MAC, SUPPORTED_SERVER_HOST_KEY } = constants;
  const lists: readonly [string, readonly string[] | undefined, readonly string[]][] = [
    ['KexAlgorithms', settings.kexAlgorithms, SUPPORTED_KEX],
    ['Ciphers', settings.ciphers, SUPPORTED_CIPHER],
    ['MACs', settings.macs, SUPPORTED_MAC],
    ['HostKeyAlgorithms', settings.hostKeyAlgorithms, SUPPORTED_SERVER_HOST_KEY],
  ];
  const lacking = lists.find(
    ([, wanted, supported]) => wanted !== undefined && !wanted.some((name) => supported.includes(name)),
  );
  return lacking && `${lacking[0]} allows only what the built-in engine lacks`;
}
