import { linesOf, toNumber } from './untrusted.ts';

/** What df(1) and the kernel say of one mounted file system. */
export interface FileSystem {
  readonly source: string;
  readonly mount: string;
  readonly type?: string | undefined;
  readonly readOnly?: boolean | undefined;
  readonly options?: string | undefined;
  readonly sizeBytes?: number | undefined;
  readonly usedBytes?: number | undefined;
  readonly availableBytes?: number | undefined;
  readonly usedPercent?: number | undefined;
  readonly inodesUsedPercent?: number | undefined;
}

export const fileSystemQuestions = {
  mounts: 'cat /proc/self/mountinfo',
  blocks: 'df -P -k',
  inodes: 'df -P -i',
} as const;

/** Full by their nature, or no place to put things. */
const imageTypes = ['squashfs', 'iso9660', 'erofs', 'cramfs', 'udf'];
const kernelTypes = ['devtmpfs', 'efivarfs', 'proc', 'sysfs', 'autofs', 'cgroup', 'cgroup2', 'fuse.lxcfs'];

/** The file systems that have a size; df(1) in its POSIX form. */
export function parseFileSystems(blocks: string, inodes: string, mounts: string): readonly FileSystem[] {
  const covers = new Set(coversIn(mounts));
  const mounted = new Map(parseMounts(mounts).map((one) => [one.mount, one]));
  const inodeRows = new Map(parseDf(inodes).map((row) => [row.mount, row.percent]));
  return parseDf(blocks)
    .filter(({ size, mount }) => size > 0 && !covers.has(mount))
    .map(({ source, mount, size, used, available, percent }) => ({
      ...mounted.get(mount),
      source,
      mount,
      sizeBytes: size * 1024,
      usedBytes: used * 1024,
      availableBytes: available * 1024,
      usedPercent: percent,
      inodesUsedPercent: inodeRows.get(mount),
    }))
    .filter(({ type }) => type === undefined || !kernelTypes.includes(type));
}

/** Every mount, also those without a size. The last one on a mount point is the one that is seen. */
export function parseMounts(mounts: string): readonly FileSystem[] {
  const found = parseMountInfo(mounts).filter((one) => !isCover(one));
  return [...new Map(found.map((one) => [one.mount, one])).values()];
}

type Mount = Required<Pick<FileSystem, 'source' | 'mount'>> & {
  readonly type: string;
  readonly options: string;
};

/**
 * proc_pid_mountinfo(5): `36 35 98:0 / /mnt rw,noatime shared:1 - ext3 /dev/root rw,errors=continue`. The kernel wall
 * mounts all read-only for itself, but the last options, those of the file system, stay what they are.
 */
function parseMountInfo(mounts: string): readonly (Mount & { readonly readOnly: boolean })[] {
  return linesOf(mounts).flatMap((line) => {
    const [before = '', after = ''] = line.split(' - ');
    const [, , , , mount = '', own = ''] = before.split(' ').map(unescapeOctal);
    const [type = '', source = '', shared = ''] = after.split(' ').map(unescapeOctal);
    if (!mount.startsWith('/') || type === '') return [];
    const readOnly = shared.split(',').includes('ro');
    const others = [...own.split(','), ...shared.split(',')].filter((one) => !/^(?:r[ow]|)$/.test(one));
    const options = [readOnly ? 'ro' : 'rw', ...new Set(others)].join(',');
    return [{ source, mount, type, readOnly, options }];
  });
}

/** Over a directory that SCOUT_DENY_PATHS denies, the wall lays a tmpfs of 4 KiB. */
function isCover({ type, source, options }: Mount): boolean {
  return type === 'tmpfs' && source === 'none' && options.includes('size=4k');
}

function coversIn(mounts: string): readonly string[] {
  return parseMountInfo(mounts)
    .filter(isCover)
    .map(({ mount }) => mount);
}

/** Above `percent` in blocks or inodes, and able to be written to. */
export function isFull(
  { type = '', readOnly, usedPercent, inodesUsedPercent }: FileSystem,
  percent: number,
): boolean {
  if (readOnly === true || imageTypes.includes(type)) return false;
  return Math.max(usedPercent ?? 0, inodesUsedPercent ?? 0) > percent;
}

interface DfRow {
  readonly source: string;
  readonly mount: string;
  readonly size: number;
  readonly used: number;
  readonly available: number;
  readonly percent: number | undefined;
}

/** A source may hold blanks, and so may a mount point: the numbers between them are what a line is known by. */
function parseDf(text: string): readonly DfRow[] {
  return linesOf(text).flatMap((line) => {
    const numbers = /\s(\d+|-)\s+(-?\d+|-)\s+(-?\d+|-)\s+(\d+%|-)\s+(\/.*)/s.exec(line);
    const [, size, used, available, percent, mount] = numbers ?? [];
    if (!numbers || mount === undefined) return [];
    return [
      {
        source: line.slice(0, numbers.index).trimEnd(),
        mount,
        size: toNumber(size) ?? 0,
        used: toNumber(used) ?? 0,
        available: toNumber(available) ?? 0,
        percent: toNumber(percent?.replace('%', '')),
      },
    ];
  });
}

/** The kernel writes blank, tab, line feed and backslash as `\040`, `\011`, `\012`, `\134`. */
function unescapeOctal(text: string): string {
  return text.replace(/\\(0[0-7]{2}|1[0-7]{2})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}
