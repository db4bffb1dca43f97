import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';

/** What tokens, `~name` and the permission rule need to know of this machine. */
export interface LocalSystem {
  readonly env: NodeJS.ProcessEnv;
  readonly user: string;
  readonly uid: number;
  /** `%l`; `%L` is its part before the first dot. */
  readonly hostName: string;
  /** Debian and its children patch ssh: see `mayBeGroupWritable` and the default of ServerAliveInterval. */
  readonly isDebian: boolean;
  homeOf(user: string): string | undefined;
  /** What `Match version` sees: the installed client's version, as `ssh -V` gives it; empty without a client. */
  sshVersion(): string;
  /** Is the installed client of this version or newer? True where there is none: then the newest rules count. */
  sshIsAtLeast(major: number, minor: number): boolean;
  /** Debian's ssh accepts a group-writable configuration whose group holds nobody but its owner. */
  mayBeGroupWritable(gid: number): boolean;
}

/** The machine and user of this process. The installed client is asked for its version once, when it matters. */
export function localSystem(env: NodeJS.ProcessEnv): LocalSystem {
  const { username, uid } = userInfo();
  const isDebian = existsSync('/etc/debian_version');
  let version: string | undefined;
  const sshVersion = () => {
    version ??= askVersion(env);
    return version;
  };
  return {
    env,
    user: username,
    uid,
    hostName: hostname(),
    isDebian,
    sshVersion,
    sshIsAtLeast: (major, minor) => {
      const [, ownMajor, ownMinor] = /^OpenSSH_(\d+)\.(\d+)/.exec(sshVersion()) ?? [];
      if (ownMajor === undefined) return true;
      return Number(ownMajor) > major || (Number(ownMajor) === major && Number(ownMinor) >= minor);
    },
    homeOf: (user) => rowsOf('/etc/passwd').find((row) => row[0] === user)?.[5],
    mayBeGroupWritable: (gid) => isDebian && isPrivateGroup(gid, username, uid),
  };
}

function askVersion(env: NodeJS.ProcessEnv): string {
  const asked = spawnSync('ssh', ['-V'], { encoding: 'utf8', timeout: 2_000, env });
  return /^OpenSSH_[\w.]+/.exec(asked.stderr ?? '')?.[0] ?? '';
}

/** The group has members, and all of them are the user. */
function isPrivateGroup(gid: number, user: string, uid: number): boolean {
  const group = rowsOf('/etc/group').find((row) => row[2] === String(gid));
  if (!group) return false;
  const others = (group[3] ?? '').split(',').filter((name) => name !== '');
  const primaries = rowsOf('/etc/passwd').filter((row) => row[3] === String(gid));
  const isTheUsersAlone =
    others.every((name) => name === user) && primaries.every((row) => row[2] === String(uid));
  return isTheUsersAlone && others.length + primaries.length > 0;
}

/** Rows of a passwd(5)-like file; empty where there is none. */
function rowsOf(path: string): readonly (readonly string[])[] {
  try {
    return readFileSync(path, 'utf8')
      .split('\n')
      .map((line) => line.split(':'));
  } catch {
    return [];
  }
}
