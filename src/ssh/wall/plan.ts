import type { Config } from '../../config.ts';
import { ScoutError } from '../../errors.ts';
import { wallMasks } from './masks.ts';
import { type WallReason, type WallState, wallState } from './report.ts';
import { createWall, type Wall } from './wall.ts';

/** Which walls the settings ask for. */
export interface WallPlan {
  /** None is built: SCOUT_KERNEL_WALL=off, or any command may run. */
  readonly isBuilt: boolean;
  /** A worker without one is not used; `files` is enough, and SFTP, which has none, is not used either. */
  readonly isRequired: boolean;
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
  return {
    isBuilt: notBuilt === undefined,
    isRequired,
    wallFor: (kind) => (notBuilt === undefined ? createWall({ kind, masks }) : noWall(notBuilt)),
  };
}

/** Builds nothing and says why. */
function noWall(reason: WallReason): Wall {
  return { kind: '', lines: () => ['w='], read: () => wallState('none', reason) };
}

/** The error for a host that has to have a wall and gets none, with what would give it one. */
export function wallMissing(host: string, { why, raise }: WallState): ScoutError {
  return new ScoutError(
    'wall_missing',
    `${host} has no kernel wall, and SCOUT_KERNEL_WALL=require asks for one: ${why ?? 'none was built'}`,
    `${raise ?? ''} Or set SCOUT_KERNEL_WALL=auto to rely on the command policy where there is no wall.`.trim(),
  );
}
