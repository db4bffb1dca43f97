import { program } from '../options.ts';

const blkid = [
  'it looks devices up by blkid, which writes a cache',
  'findmnt; cat /etc/fstab; ls -l /dev/disk/by-label',
] as const;
const mounts = ['it mounts', '`mount`, `mount -t ext4` or `findmnt`, which list'] as const;

/** Programs that list disks and mounts: lsblk(8), findmnt(8), mount(8) without operands. */
export const mountLists = [
  program('lsblk', {
    options: `
      -a --all
      -A --noempty
      -b --bytes
      -d --nodeps
      -D --discard
      -e --exclude=LIST
      -f --fs
      -i --ascii
      -I --include=LIST
      -J --json
      -l --list
      -m --perms
      -M --merge
      -n --noheadings
      -N --nvme
      -o --output=LIST
      -O --output-all
      -p --paths
      -P --pairs
      -r --raw
      -s --inverse
      -S --scsi
      -t --topology
      --tree[=WORD] -T
      -v --virtio
      -w --width=NUMBER
      -x --sort=WORD
      -y --shell
      -z --zoned
      -h --help
      -V --version`,
    operands: 'NAME*',
    refused: { '--sysroot': ['it reads another tree', 'lsblk'] },
  }),
  program('findmnt', {
    options: `
      -a --ascii
      -A --all
      -b --bytes
      -C --nocanonicalize
      -c --canonicalize
      -D --df
      -d --direction=forward|backward
      -f --first-only
      -i --invert
      -J --json
      -k --kernel
      -l --list
      -m --mtab
      -M --mountpoint=NAME
      -n --noheadings
      -N --task=NUMBER
      -o --output=LIST
      --output-all
      -O --options=LIST
      -P --pairs
      --pseudo
      --real
      -R --submounts
      -r --raw
      -s --fstab
      --shadowed
      -T --target=NAME
      -t --types=LIST
      --tree
      -U --uniq
      -u --notruncate
      -v --nofsroot
      -h --help
      -V --version`,
    operands: (seen) => (seen.has('-s') ? '' : 'MOUNTED?'),
    refused: {
      '-p': ['it never ends', 'findmnt'],
      '--poll': ['it never ends', 'findmnt'],
      '-e': blkid,
      '--evaluate': blkid,
      '-x': blkid,
      '--verify': blkid,
      '-S': blkid,
      '--source': ['with a label it writes the cache of blkid', 'findmnt /dev/…'],
      '-F': ['it reads any file', 'findmnt, findmnt --fstab'],
      '--tab-file': ['it reads any file', 'findmnt, findmnt --fstab'],
    },
  }),
  program('mount', {
    options: `
      -l --show-labels
      -t --types=WORD
      -h --help
      -V --version`,
    operands: '',
    refused: { '-a': mounts, '--all': mounts, '-o': mounts, '--options': mounts, '--bind': mounts },
  }),
];
