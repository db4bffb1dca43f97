import { definePrompt, shown } from '../define.ts';

export const diskFull = definePrompt({
  name: 'disk_full',
  title: 'What fills the disk of a host',
  description: 'From a full file system to the files that fill it',
  arguments: { host: 'alias of the host' },
  plan: ({ host }) => [
    `Find out what fills the disks of the host ${shown(host)}.`,
    `1. scout_inspect ${shown({ hosts: host, what: 'storage' })}: which file system is full, of bytes or of inodes. Call its mount point MOUNT.`,
    `2. scout_query ${shown({ hosts: host, command: 'du -x -k -d 3 MOUNT 2>/dev/null | sort -n | tail -n 25' })} with MOUNT filled in: which directories are large.`,
    `3. scout_find ${shown({ targets: [`${host}:MOUNT`], type: 'file', larger_than: '100M', depth: 10 })} with MOUNT filled in; with since 2d for what has grown just now.`,
    `4. If files do not add up to what is used: scout_query ${shown({ hosts: host, command: 'lsof +L1' })} shows deleted files that are still open. Also: journalctl --disk-usage, docker ps -s, and scout_inspect with what zfs for snapshots.`,
    'Answer with what takes the room, how much, whether it still grows, and what a person may delete or rotate, the safest first: these tools delete nothing.',
  ],
});
