import type { WallLevel } from '../wall/report.ts';

/** How much harm the account could do if a command got past the policy: A is the best. */
export interface Grade {
  /**
   * A: an ordinary account behind the whole kernel wall. B: an ordinary account; any other behind the whole wall.
   * C: a member of a group that sudo commonly serves; root, or as good as root, where the wall holds files only.
   * D: root, or as good as root, and no wall.
   */
  readonly letter: 'A' | 'B' | 'C' | 'D';
  readonly rootLogin: boolean;
  /** Who may talk to the Docker daemon can become root on its host. */
  readonly dockerGroup: boolean;
  /** The group that sudo commonly serves and that the account is in; undefined for none. */
  readonly sudoGroup: string | undefined;
  readonly wall: WallLevel;
}

/** What `id` says of an account. */
export interface Account {
  readonly uid: number;
  readonly groups: readonly string[];
}

const sudoGroups = ['sudo', 'wheel', 'admin'];
const rootLikeGroups = ['docker', 'lxd', 'incus', 'incus-admin', 'disk'];

/**
 * Grade an account by who it is and which groups it is in. Whether sudo would ask for a password is not looked
 * at: `sudo -n` would write to the machine's log.
 */
export function gradeAccount({ uid, groups }: Account, wall: WallLevel): Grade {
  const rootLogin = uid === 0;
  const sudoGroup = groups.find((group) => sudoGroups.includes(group));
  const isLikeRoot = rootLogin || groups.some((group) => rootLikeGroups.includes(group));
  return {
    letter: letterFor(isLikeRoot, sudoGroup !== undefined, wall),
    rootLogin,
    dockerGroup: groups.includes('docker'),
    sudoGroup,
    wall,
  };
}

function letterFor(isLikeRoot: boolean, hasSudo: boolean, wall: WallLevel): Grade['letter'] {
  if (wall === 'full') return isLikeRoot || hasSudo ? 'B' : 'A';
  if (isLikeRoot) return wall === 'files' ? 'C' : 'D';
  return hasSudo ? 'C' : 'B';
}
