import type { HostSettings } from '../hosts/settings.ts';
import { type AnotherWay, fetchHostCertificate } from './fetch-certificate.ts';
import { type Decision, placeOf } from './judge-key.ts';
import type { KnownKey } from './known-hosts-line.ts';
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
  if (authorities.length === 0) return undefined;
  const certificate = await fetchHostCertificate(settings, blob, signal, anotherWay);
  if (!certificate) return undefined;
  const authority = authorities.find((key) => key.blob.equals(certificate.authority));
  const name = settings.hostKeyAlias ?? settings.hostName;
  if (!authority || !isValidHostCertificate(certificate, name, Date.now())) return undefined;
  const revoked = keys.find((key) => key.marker === 'revoked' && key.blob.equals(certificate.authority));
  if (revoked) return { state: 'revoked', decidedBy: placeOf(revoked) };
  return { state: 'known', decidedBy: placeOf(authority), certified: true };
}
