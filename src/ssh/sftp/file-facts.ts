import type { Stats } from 'ssh2';
import type { FileFacts, FileKind } from '../files.ts';
import { type OwnerTexts, ownerText } from '../owner-text.ts';

/** S_IFMT of inode(7). SFTP version 3 sends mode bits as POSIX has them. */
const kinds = new Map<number, FileKind>([
  [0o100000, 'file'],
  [0o040000, 'directory'],
  [0o120000, 'symlink'],
  [0o010000, 'fifo'],
  [0o140000, 'socket'],
  [0o060000, 'block device'],
  [0o020000, 'character device'],
]);

/**
 * Attributes of SFTP version 3 (draft-ietf-secsh-filexfer-02 section 5) as facts; undefined where the server
 * does not tell the kind. Owners are numbers there; `longName`, the line of `ls -l` that comes with an entry of
 * a directory, has their names in practice. (ssh2 cannot ask users-groups-by-id@openssh.com: it takes the
 * answer for a broken packet and drops the channel.)
 */
export function fileFacts(
  attributes: Stats,
  longName?: string,
  owners: OwnerTexts = new Map(),
): FileFacts | undefined {
  // ssh2 leaves out what the server left out, whatever its types say.
  const { mode, uid, gid, size, atime, mtime }: Partial<Stats> = attributes;
  const kind = mode === undefined ? undefined : kinds.get(mode & 0o170000);
  if (mode === undefined || kind === undefined) return undefined;
  const names = longName === undefined ? undefined : ownerNames(longName, kind, size);
  return {
    kind,
    sizeBytes: size ?? 0,
    mode: mode & 0o7777,
    owner: ownerText(owners, names?.owner ?? String(uid ?? '?'), 'utf8'),
    group: ownerText(owners, names?.group ?? String(gid ?? '?'), 'utf8'),
    ownerId: uid,
    groupId: gid,
    modifiedMs: (mtime ?? 0) * 1000,
    accessedMs: (atime ?? 0) * 1000,
  };
}

const longLine = /^\S{10,11} +(?:\d+|\?) +([\w.@$+\\-]+) +([\w.@$+\\-]+) +(\d+) /;

/** `-rw-r--r--    1 root     adm          1234 …`: believed only where the size is the one of the attributes. */
function ownerNames(
  longName: string,
  kind: FileKind,
  sizeBytes: number | undefined,
): { owner: string; group: string } | undefined {
  const [, owner, group, size] = longLine.exec(longName) ?? [];
  if (owner === undefined || group === undefined) return undefined;
  const sizeAgrees = Number(size) === sizeBytes || kind.endsWith('device');
  return sizeAgrees ? { owner, group } : undefined;
}
