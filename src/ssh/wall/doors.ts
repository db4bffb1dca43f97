/**
 * What programs need that the wall takes. A worker has the doors of the programs that it is made for and no others:
 *
 *   sockets    UNIX sockets: those of the Docker daemon, of systemd and D-Bus
 *   zfs        the ioctls of /dev/zfs
 *   processes  /proc/PID/fd of other processes, which Landlock hides, and the binding of netlink sockets
 *   table      the table of mounts as it is for others: in the wall of root every mount is read-only
 */
export type Door = 'processes' | 'sockets' | 'table' | 'zfs';

/**
 * The kind of worker in which any command line may run: instead of doors it has a scratch, bounds, and nothing
 * that is denied can be read.
 */
export const walledKind = 'walled';

const doorOf: ReadonlyMap<string, Door | typeof walledKind> = new Map<string, Door | typeof walledKind>([
  ['apt-cache', walledKind], // it splits signed lists into temporary files
  ['docker', 'sockets'],
  ['systemctl', 'sockets'],
  ['zfs', 'zfs'],
  ['zpool', 'zfs'],
  ['ip', 'processes'],
  ['lsof', 'processes'],
  ['findmnt', 'table'],
  ['mount', 'table'],
  ['ss', 'processes'],
]);

/** The doors that these programs need, as the name of a kind of worker: `''` for none, `sockets+zfs` for two. */
export function doorsFor(programs: readonly string[]): string {
  const doors = programs.flatMap((program) => doorOf.get(program) ?? []);
  return [...new Set(doors)].sort().join('+');
}

/** The doors in the name of a kind of worker. */
export function doorsIn(kind: string): ReadonlySet<string> {
  return new Set(kind === '' ? [] : kind.split('+'));
}
