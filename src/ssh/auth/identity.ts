/** What became of one identity of a login. */
export type IdentityOutcome =
  | 'not tried'
  | 'refused by the server'
  | 'accepted'
  | 'accepted, but the server wants more'
  | `skipped: ${string}`;

/** One line of the report of a login. Nothing in it is secret or unclean. */
export interface IdentityReport {
  readonly source: 'agent' | 'file';
  /** The path of the file, or the comment of an agent's key. */
  readonly label: string;
  /** As OpenSSH names it to people (`ED25519`, `RSA-CERT`); undefined where the key could not be read. */
  readonly type: string | undefined;
  readonly fingerprint: string | undefined;
  readonly outcome: IdentityOutcome;
  /** The step that would make a skipped identity usable. */
  readonly fix: string | undefined;
}

/** What signs for an identity. */
export interface Signer {
  /** The public key or certificate to show to the server. */
  readonly blob: Buffer;
  /** A signature blob. Rejects with IdentityUnusable, or with the signal's reason. */
  sign(data: Buffer, algorithm: string, signal: AbortSignal): Promise<Buffer>;
}

/** A key or certificate that a login may try. */
export interface Identity {
  readonly source: 'agent' | 'file';
  readonly label: string;
  /** The public key or certificate, where it is known before the private key is opened. */
  readonly blob: Buffer | undefined;
  /**
   * Ask the server whether it would take the key before signing: where signing may bother a person (agents may
   * ask, hardware keys want a touch, encrypted files a passphrase).
   */
  readonly probeFirst: boolean;
  /** Get ready to sign. Rejects with IdentityUnusable, or with the signal's reason. */
  open(signal: AbortSignal): Promise<Signer>;
}
