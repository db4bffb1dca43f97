import type { FileSystem } from '../../operations/inspect/file-systems.ts';
import type { BlockDevice, Storage } from '../../operations/inspect/storage.ts';
import { formatBytes } from '../../units.ts';
import { count, factsOf, type Line, mostShown, type Say, type Shown, table } from './shown.ts';

const fullPercent = 80;

/** The fullest first. */
export function formatStorage({ fileSystems, readOnly, devices }: Storage, say: Say): Shown {
  const full = fileSystems.filter(isFull).length;
  return {
    heading: [
      count(fileSystems.length, 'file system'),
      full === 0 ? 'none over 80 %' : `${full} over 80 %`,
      ...(readOnly.length === 0 ? [] : [`${readOnly.length} mounted read-only`]),
      devices ? count(devices.filter(({ depth }) => depth === 0).length, 'disk') : 'disks unknown (no lsblk)',
      ...(full === 0 ? [] : ['what fills one: scout_query with `du -xh -d 1 MOUNT`']),
    ].join(', '),
    facts: factsOf({
      what: 'storage',
      total: fileSystems.length,
      over_80_percent: full,
      read_only_total: readOnly.length,
    }),
    texts: {},
    tables: {
      file_systems: table(
        ['MOUNT', 'USED', 'OF', 'FREE', 'INODES', 'TYPE', 'SOURCE', ''],
        fileSystems.slice(0, mostShown).map((one) => fileSystemLine(one, say)),
      ),
      read_only: table(
        ['MOUNTED READ-ONLY', 'SOURCE', 'OPTIONS'],
        readOnly.slice(0, mostShown).map(({ mount, source, options }) => ({
          cells: [say(mount), say(source), say(options)],
          facts: { mount: say(mount), source: say(source), options: say(options) },
        })),
      ),
      devices: table(
        ['DEVICE', 'TYPE', 'SIZE', 'MODEL', 'MOUNTED AT'],
        (devices ?? []).slice(0, mostShown).map((device) => deviceLine(device, say)),
      ),
    },
  };
}

function isFull({ usedPercent = 0, inodesUsedPercent = 0, readOnly }: FileSystem): boolean {
  return readOnly !== true && Math.max(usedPercent, inodesUsedPercent) > fullPercent;
}

function fileSystemLine(one: FileSystem, say: Say): Line {
  return {
    cells: [
      say(one.mount),
      percent(one.usedPercent),
      formatBytes(one.sizeBytes ?? 0),
      formatBytes(Math.max(0, one.availableBytes ?? 0)),
      percent(one.inodesUsedPercent),
      say(one.type),
      say(one.source),
      one.readOnly === true ? 'read-only' : '',
    ],
    facts: {
      mount: say(one.mount),
      source: say(one.source),
      type: say(one.type),
      size_bytes: one.sizeBytes,
      used_bytes: one.usedBytes,
      available_bytes: one.availableBytes,
      used_percent: one.usedPercent,
      inodes_used_percent: one.inodesUsedPercent,
      options: say(one.options),
    },
  };
}

function deviceLine(device: BlockDevice, say: Say): Line {
  const notes = [
    say(device.type),
    ...(device.rotates ? ['rotating'] : []),
    ...(device.readOnly ? ['read-only'] : []),
  ];
  return {
    cells: [
      `${'  '.repeat(device.depth)}${say(device.name)}`,
      notes.join(', '),
      formatBytes(device.sizeBytes ?? 0),
      say(device.model),
      device.mounts.map(say).join(', '),
    ],
    facts: {
      device: say(device.name),
      depth: device.depth,
      type: say(device.type),
      size_bytes: device.sizeBytes,
      model: say(device.model),
      rotating: device.rotates,
      read_only: device.readOnly,
      mounts: device.mounts.map(say).join(', '),
    },
  };
}

function percent(number: number | undefined): string {
  return number === undefined ? '' : `${number} %`;
}
