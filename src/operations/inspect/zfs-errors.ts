import { ScoutError } from '../../errors.ts';

/** Why zpool(8) or zfs(8) gave no answer, by what it wrote to stderr. */
export function zfsError(host: string, complaints: string, name?: string): ScoutError {
  const lists = 'scout_inspect with what zfs and no name lists the pools.';
  if (/no such pool|dataset does not exist|missing dataset/i.test(complaints) && name !== undefined) {
    return new ScoutError('not_available', `${host} has no pool ${JSON.stringify(name)}`, lists);
  }
  if (/(?:zpool|zfs): (?:command |inaccessible or )?not found|not found: z/.test(complaints)) {
    return new ScoutError('not_available', `${host} has no ZFS`, 'Use scout_inspect with what storage.');
  }
  if (
    /modules (?:are not|cannot be) (?:auto-)?loaded|\/dev\/zfs and \/proc\/self\/mounts are required/i.test(
      complaints,
    )
  ) {
    return new ScoutError(
      'not_available',
      `the module of ZFS is not loaded on ${host}`,
      'Use scout_inspect with what storage; a person can load it with `modprobe zfs`.',
    );
  }
  if (/permission denied|must be (?:run as )?root/i.test(complaints)) {
    return new ScoutError(
      'permission_denied',
      `the account on ${host} may not ask ZFS`,
      'Log in as an account that may open /dev/zfs; it needs no more than reading.',
    );
  }
  return new ScoutError(
    'not_available',
    `ZFS on ${host} gave no answer that can be read`,
    'Try scout_query with `zpool status`.',
  );
}
