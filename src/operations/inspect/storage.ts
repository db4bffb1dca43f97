import { ScoutError } from '../../errors.ts';
import type { Machine } from '../ask/machine.ts';
import { type FileSystem, fileSystemQuestions, parseFileSystems, parseMounts } from './file-systems.ts';
import { at, flagAt, listAt, numberAt, parseJson, stringAt } from './untrusted.ts';

/** A block device as lsblk(8) knows it; `depth` 0 is a disk, what is on it is below. */
export interface BlockDevice {
  readonly name: string;
  readonly depth: number;
  readonly type: string;
  readonly sizeBytes?: number | undefined;
  readonly readOnly: boolean;
  readonly rotates: boolean;
  readonly model: string;
  readonly mounts: readonly string[];
}

export interface Storage {
  readonly what: 'storage';
  readonly fileSystems: readonly FileSystem[];
  /** Mounted for reading only, though not an image by its nature, and without a size of its own. */
  readonly readOnly: readonly FileSystem[];
  /** Undefined where there is no lsblk, or what it printed cannot be read. */
  readonly devices?: readonly BlockDevice[] | undefined;
}

/** One round. A server of a mounted file system that does not answer stops df, so it is asked last. */
export async function lookAtStorage(machine: Machine): Promise<{ facts: Storage; stopped?: ScoutError }> {
  const { replies, stopped } = await machine.ask({
    mounts: fileSystemQuestions.mounts,
    // fewer columns where the version does not know them all
    devices: `lsblk -J -b -o NAME,TYPE,SIZE,RO,ROTA,MODEL,MOUNTPOINT 2>/dev/null || lsblk -J -b`,
    inodes: fileSystemQuestions.inodes,
    blocks: fileSystemQuestions.blocks,
  });
  const { mounts, blocks, inodes, devices } = replies;
  if (!blocks && !mounts) {
    throw (
      stopped ??
      new ScoutError(
        'not_available',
        `${machine.host} says nothing of its disks`,
        'Try scout_query with `df -P`.',
      )
    );
  }
  const facts: Storage = {
    what: 'storage',
    fileSystems: parseFileSystems(blocks?.text ?? '', inodes?.text ?? '', mounts?.text ?? '').toSorted(
      (a, b) => fullness(b) - fullness(a),
    ),
    readOnly: parseMounts(mounts?.text ?? '').filter(
      ({ source, readOnly }) =>
        readOnly === true && source.startsWith('/dev/') && !source.startsWith('/dev/loop'),
    ),
    devices: devices?.ok ? parseDevices(devices.text) : undefined,
  };
  return stopped ? { facts, stopped } : { facts };
}

function fullness({ usedPercent, inodesUsedPercent }: FileSystem): number {
  return Math.max(usedPercent ?? 0, inodesUsedPercent ?? 0);
}

/** `lsblk -J`: before version 2.33 every value is a text, after 2.37 there is a list of mount points. */
export function parseDevices(text: string): readonly BlockDevice[] | undefined {
  const value = parseJson(text);
  if (!Array.isArray(at(value, 'blockdevices'))) return undefined;
  const devices: BlockDevice[] = [];
  const walk = (nodes: readonly unknown[], depth: number): void => {
    for (const node of nodes) {
      if (depth > 20) return;
      devices.push({
        name: stringAt(node, 'name') ?? '?',
        depth,
        type: stringAt(node, 'type') ?? '',
        sizeBytes: numberAt(node, 'size'),
        readOnly: isSet(node, 'ro'),
        rotates: isSet(node, 'rota'),
        model: (stringAt(node, 'model') ?? '').trim(),
        mounts: [at(node, 'mountpoint'), ...listAt(node, 'mountpoints')].filter(
          (one) => typeof one === 'string',
        ),
      });
      walk(listAt(node, 'children'), depth + 1);
    }
  };
  walk(listAt(value, 'blockdevices'), 0);
  return devices;
}

function isSet(node: unknown, key: string): boolean {
  return flagAt(node, key) || numberAt(node, key) === 1;
}
