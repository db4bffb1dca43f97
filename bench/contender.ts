/** Something that does the same work as scout, and scout itself. */
export interface Contender {
  readonly name: string;
  /** It is an MCP server: a process that a client starts. */
  readonly isServer?: boolean;
  /** It keeps no connection between two calls. */
  readonly isColdOnly?: boolean;
  /** It is there to use a connection that is open. */
  readonly isWarmOnly?: boolean;
  /** Ready for its first call, with no connection to any host yet. */
  start(place: Place): Promise<Started>;
}

/** Hosts, all on one sshd, as every contender can name them. */
export interface Place {
  readonly port: number;
  readonly user: string;
  /** Private key file, ed25519. */
  readonly key: string;
  readonly knownHosts: string;
  /** An ssh_config with a block for each of `hosts`. */
  readonly config: string;
  /** Aliases; a connection is shared by none of them, for no two have the same settings. */
  readonly hosts: readonly string[];
  /** A directory on this machine that may be written to, which only root can enter. */
  readonly local: string;
  /** The home directory on the hosts. */
  readonly home: string;
}

/** What a contender does; each answer is its size in bytes. What it cannot do, it lacks. */
export interface Started {
  run(host: string, command: string): Promise<number>;
  readonly list?: (host: string, path: string) => Promise<number>;
  readonly read?: (host: string, path: string) => Promise<number>;
  readonly upload?: (host: string, local: string, remote: string) => Promise<number>;
  readonly download?: (host: string, remote: string, local: string) => Promise<number>;
  /** One command on many hosts; without it, a call a host, all at once. */
  readonly broadcast?: (hosts: readonly string[], command: string) => Promise<number>;
  readonly listTools?: () => Promise<unknown>;
  /** The process that does the work, where it is one that stays. */
  readonly pid?: number;
  /** CPU time of what it started that has ended, in ms. */
  readonly childCpuMs?: () => number;
  stop(): Promise<void>;
}
