/** One way to a host, as ssh_config(5) ProxyJump writes it: `[user@]host[:port]`. */
export interface JumpSpec {
  readonly host: string;
  readonly user?: string;
  readonly port?: number;
}

/**
 * The effective settings of one host name, as `ssh -G NAME` gives them: first value wins, defaults filled in,
 * tokens and `~` expanded wherever the value is used as a path, an address or a command. Keyword names follow
 * ssh_config(5).
 */
export interface HostSettings {
  /** The name as the user wrote it (`ssh NAME`; `%n`). */
  readonly alias: string;
  /** Address to connect to (`%h`). */
  readonly hostName: string;
  readonly user: string;
  readonly port: number;
  /** Private key files in the order they are tried; expanded; defaults included when the user named none. */
  readonly identityFiles: readonly string[];
  /** False where `identityFiles` are only OpenSSH's defaults, whose absence is no error. */
  readonly identityFilesAreExplicit: boolean;
  readonly certificateFiles: readonly string[];
  readonly identitiesOnly: boolean;
  /** Socket path of the agent; undefined for `none` or when there is no SSH_AUTH_SOCK. */
  readonly identityAgent: string | undefined;
  /**
   * Jumps from the first to the last, or none. Of the first its own ProxyJump counts as well; the others are
   * reached through those before them, whatever their own says.
   */
  readonly proxyJump: readonly JumpSpec[];
  /** The command with its tokens expanded, or undefined. */
  readonly proxyCommand: string | undefined;
  readonly userKnownHostsFiles: readonly string[];
  readonly globalKnownHostsFiles: readonly string[];
  /** The template, tokens %H %I %K %t %f left in place for the moment of use; undefined for none. */
  readonly knownHostsCommand: string | undefined;
  readonly hostKeyAlias: string | undefined;
  readonly checkHostIp: boolean;
  readonly hashKnownHosts: boolean;
  readonly strictHostKeyChecking: 'yes' | 'ask' | 'accept-new' | 'no';
  /** Algorithm lists after `+`, `-`, `^` were applied to OpenSSH's defaults; undefined where the user set none. */
  readonly hostKeyAlgorithms: readonly string[] | undefined;
  /** HostKeyAlgorithms is a list of its own, or begins with `^`: then ssh does not put the types of known keys first. */
  readonly hostKeyOrderIsGiven: boolean;
  readonly kexAlgorithms: readonly string[] | undefined;
  readonly ciphers: readonly string[] | undefined;
  readonly macs: readonly string[] | undefined;
  readonly pubkeyAcceptedAlgorithms: readonly string[] | undefined;
  readonly preferredAuthentications: readonly string[] | undefined;
  readonly pubkeyAuthentication: boolean;
  readonly gssapiAuthentication: boolean;
  readonly pkcs11Provider: string | undefined;
  readonly controlPath: string | undefined;
  readonly compression: boolean;
  readonly addressFamily: 'any' | 'inet' | 'inet6';
  readonly bindAddress: string | undefined;
  readonly bindInterface: string | undefined;
  /** 0 means that the configuration sets none. */
  readonly connectTimeoutMs: number;
  readonly connectionAttempts: number;
  /** 0 means never. */
  readonly serverAliveIntervalMs: number;
  readonly serverAliveCountMax: number;
  readonly tcpKeepAlive: boolean;
  /** Every keyword as `ssh -G` prints it (lower case; several values for the accumulating ones). */
  readonly all: ReadonlyMap<string, readonly string[]>;
  /** Digest of everything above but the alias: hosts with equal fingerprints may share a connection. */
  readonly fingerprint: string;
}
