import { program } from '../options.ts';
import { subcommands } from '../subcommands.ts';

const changes = [
  'it changes pools or data sets',
  '`zpool list`, `zpool status`, `zfs list`, `zfs get all`',
] as const;
const scripts = ['it runs scripts', 'zpool status -v'] as const;

/** OpenZFS, looked at: zpool(8), zfs(8). A pool begins with a letter: a number would be an interval without end. */
export const zfs = [
  subcommands('zpool', {
    verbs: [
      program('list', { options: ': -g -H -j -L -p -P -v\n-o=LIST', operands: 'POOL*' }),
      program('status', {
        options: ': -D -e -g -i -j -L -p -P -s -t -v -x',
        operands: 'POOL*',
        refused: { '-c': scripts },
      }),
      program('get', { options: ': -H -j -p\n-o=LIST', operands: 'LIST POOL*' }),
    ],
    refused: { set: changes, scrub: changes, export: changes, import: changes, clear: changes },
  }),
  subcommands('zfs', {
    verbs: [
      program('list', {
        options: `
          : -H -j -p -r
          -d=NUMBER
          -o=LIST
          -s=WORD
          -S=WORD
          -t=LIST`,
        operands: 'DATASET*',
      }),
      program('get', {
        options: `
          : -H -j -p -r
          -d=NUMBER
          -o=LIST
          -s=LIST
          -t=LIST`,
        operands: 'LIST DATASET*',
      }),
    ],
    refused: { set: changes, destroy: changes, snapshot: changes, mount: changes, send: changes },
  }),
];
