import type { HostSettings } from '../hosts/settings.ts';
import { type AnotherWay, fetchHostCertificate } from './fetch-certificate.ts';
import { keyTypeFor } from './host-key-algorithms.ts';
import { type Decision, placeOf } from './judge-key.ts';
import type { KnownKey } from './known-hosts-line.ts';
import { keyTypeOf } from './public-key.ts';
import { isValidHostCertificate } from './verify-certificate.ts';

/**
 * Whether an @cert-authority line of the host vouches for the key it showed. ssh2 cannot negotiate a host
 * certificate, so the certificate is fetched apart, and must be for the very key that the connection proved to
 * own. Undefined where no such line exists or the server has no valid certificate.
 */
export async function judgeCertificate(
  keys: readonly KnownKey[],
  settings: HostSettings,
  blob: Buffer,
  signal: AbortSignal,
  anotherWay: (() => Promise<AnotherWay>) | undefined,
): Promise<Decision | undefined> {
  const authorities = keys.filter((key) => key.marker === 'cert-authority');
  if (authorities.length === 0 || !mayBeCertified(settings, keyTypeOf(blob))) return undefined;
  const certificate = await fetchHostCertificate(settings, blob, signal, anotherWay);
  if (!certificate) return undefined;
  const authority = authorities.find((key) => key.blob.equals(certificate.authority));
  const name = settings.hostKeyAlias ?? settings.hostName;
  const signatures = settings.all.get('casignaturealgorithms')?.[0]?.split(',');
  if (!authority || !isValidHostCertificate(certificate, name, Date.now(), signatures)) return undefined;
  const revoked = keys.find((key) => key.marker === 'revoked' && key.blob.equals(certificate.authority));
  if (revoked) return { state: 'revoked', decidedBy: placeOf(revoked) };
  return { state: 'known', decidedBy: placeOf(authority), certified: true };
}

/**
 * Whether ssh would have had the server show a certificate for a key of `type`: HostKeyAlgorithms, where it is set,
 * must name one, and before the plain key where the order is the user's.
 */
function mayBeCertified(
  { hostKeyAlgorithms: names, hostKeyOrderIsGiven }: HostSettings,
  type: string,
): boolean {
  if (names === undefined) return true;
  const ending = '-cert-v01@openssh.com';
  const ofType = names.filter((name) => keyTypeFor(name.replace(ending, '')) === type);
  const at = ofType.findIndex((name) => name.endsWith(ending));
  return hostKeyOrderIsGiven ? at === 0 : at >= 0;
}
