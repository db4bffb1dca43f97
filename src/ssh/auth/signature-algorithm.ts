/** What a public key request names (RFC 4252 section 7), and what its signature is made with. */
export interface SignatureAlgorithm {
  readonly request: string;
  readonly signature: string;
}

const certSuffix = '-cert-v01@openssh.com';
const rsaSha2 = ['rsa-sha2-512', 'rsa-sha2-256'];

/** OpenSSH's default leaves out SHA-1 and DSA. */
const refusedByDefault = ['ssh-rsa', `ssh-rsa${certSuffix}`, 'ssh-dss', `ssh-dss${certSuffix}`];

/**
 * The algorithm for a key or certificate of `type`, as ssh(1) chooses it: for RSA the first of
 * PubkeyAcceptedAlgorithms that the server announced (`server-sig-algs`, RFC 8308), SHA-1 only where the
 * configuration names it; for others their own name. Undefined where none is allowed on both sides.
 */
export function chooseSignatureAlgorithm(
  type: string,
  accepted: readonly string[] | undefined,
  announced: readonly string[] | undefined,
): SignatureAlgorithm | undefined {
  const isCertificate = type.endsWith(certSuffix);
  if ((type !== 'ssh-rsa' && type !== `ssh-rsa${certSuffix}`) || announced === undefined) {
    return isAccepted(type, accepted) ? { request: type, signature: plain(type) } : undefined;
  }
  const names = [...rsaSha2, 'ssh-rsa'].map((name) => (isCertificate ? name + certSuffix : name));
  const inOrder = accepted ? accepted.filter((name) => names.includes(name)) : names.slice(0, 2);
  const request = inOrder.find((name) => announced.includes(plain(name)));
  return request === undefined ? undefined : { request, signature: plain(request) };
}

/** May a key of this type be tried at all? */
export function isKeyTypeAccepted(type: string, accepted: readonly string[] | undefined): boolean {
  if (isAccepted(type, accepted)) return true;
  if (type === 'ssh-rsa') return rsaSha2.some((name) => isAccepted(name, accepted));
  if (type === `ssh-rsa${certSuffix}`) return rsaSha2.some((name) => isAccepted(name + certSuffix, accepted));
  return false;
}

function isAccepted(algorithm: string, accepted: readonly string[] | undefined): boolean {
  return accepted ? accepted.includes(algorithm) : !refusedByDefault.includes(algorithm);
}

function plain(algorithm: string): string {
  return algorithm.endsWith(certSuffix) ? algorithm.slice(0, -certSuffix.length) : algorithm;
}
