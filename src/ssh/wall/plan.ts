import type { Config } from '../../config.ts';
import { ScoutError } from '../../errors.ts';
import { masksHoldAll, wallMasks } from './masks.ts';
import { type WallReason, type WallState, wallState } from './report.ts';
import { createWall, noWall, type Wall } from './wall.ts';

/** Which walls the settings ask for. */
export interface WallPlan {
  /** None is built: SCOUT_KERNEL_WALL=off, or any command may run. */
  readonly isBuilt: boolean;
  /** A worker without one is not used; `files` is enough, and SFTP, which has none, is not used either. */
  readonly isRequired: boolean;
  /** Why no worker for any command line (`walledKind`) is started; undefined: whether it is held is tried. */
  readonly notWalled: WallState | undefined;
  /** The wall of a kind of worker (`doorsFor`). */
  wallFor(kind: string): Wall;
}

type Asked = Pick<Config, 'denyPaths' | 'kernelWall' | 'queryPolicy'>;

/** Read SCOUT_KERNEL_WALL, and SCOUT_QUERY_POLICY, whose `unrestricted` means no wall where none is required. */
export function wallPlan({ denyPaths, kernelWall, queryPolicy }: Asked): WallPlan {
  const isRequired = kernelWall === 'require';
  const notBuilt: WallReason | undefined =
    kernelWall === 'off' ? 'off' : queryPolicy === 'unrestricted' && !isRequired ? 'unrestricted' : undefined;
  const masks = wallMasks(denyPaths);
  const walls = new Map<string, Wall>(); // there are few kinds, and a wall is 40 KB of text
  const wallOf = (kind: string) => {
    const wall = walls.get(kind) ?? createWall({ kind, masks });
    walls.set(kind, wall);
    return wall;
  };
  const notWalled = notBuilt ?? (masksHoldAll(denyPaths) ? undefined : 'patterns');
  return {
    isBuilt: notBuilt === undefined,
    isRequired,
    notWalled: notWalled && wallState('none', notWalled),
    wallFor: (kind) => (notBuilt === undefined ? wallOf(kind) : noWall(notBuilt)),
  };
}

/** The error for a host on which any command line may not run, for its wall does not hold all of it. */
export function notWalled(host: string, { why, raise }: WallState): ScoutError {
  return new ScoutError(
    'wall_missing',
    `the wall of ${host} does not hold any command line: ${why ?? 'none was built'}`,
    raise ?? 'Use a command that the parser understands.',
  );
}

/** The error for a host that has to have a wall and gets none, with what would give it one. */
export function wallMissing(host: string, { why, raise }: WallState): ScoutError {
  return new ScoutError(
    'wall_missing',
    `${host} has no kernel wall, and SCOUT_KERNEL_WALL=require asks for one: ${why ?? 'none was built'}`,
    `${raise ?? ''} Or set SCOUT_KERNEL_WALL=auto to rely on the command policy where there is no wall.`.trim(),
  );
}
