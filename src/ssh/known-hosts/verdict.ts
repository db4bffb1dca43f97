/** What the known_hosts files say of the key that a server proved to own. */
export interface HostKeyVerdict {
  readonly state: 'known' | 'unknown' | 'changed' | 'revoked';
  /** The key format identifier, such as `ssh-ed25519`, safe to show. */
  readonly keyType: string;
  /** `SHA256:` and unpadded base64. */
  readonly fingerprint: string;
  readonly blob: Buffer;
  /** The name that was looked up: `host`, `[host]:port` or the HostKeyAlias. */
  readonly lookupName: string;
  /**
   * The line that decided: the matching key or CA of a known host, the other key of a changed one, the mark of
   * a revoked one.
   */
  readonly decidedBy?: { readonly file: string; readonly line: number };
  /** The key is known through an @cert-authority line and the server's certificate. */
  readonly certified?: true;
  /** The host has an @cert-authority line, but no certificate by it for this key; for one of another type perhaps. */
  readonly uncertified?: true;
  /** SCOUT_KNOWN_HOSTS, where it is set. */
  readonly override?: string | undefined;
  /** Known_hosts files that could not be read, with the reason. */
  readonly problems: readonly string[];
}
