/**
 * What programs need that the wall takes. A worker has the doors of the programs that it is made for and no others:
 *
 *   sockets    UNIX sockets: those of the Docker daemon, of systemd and D-Bus
 *   zfs        the ioctls of /dev/zfs
 *   processes  /proc/PID/fd of other processes, which Landlock hides, and the binding of netlink sockets
 *   table      the table of mounts as it is for others: in the wall of root every mount is read-only
 */
export type Door = 'processes' | 'sockets' | 'table' | 'zfs';

const doorOf: ReadonlyMap<string, Door> = new Map([
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
