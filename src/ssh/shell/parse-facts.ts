import type { RemoteText } from '../../remote-text.ts';
import type { FileFacts, FileKind } from '../files.ts';
import { type OwnerTexts, ownerText } from '../owner-text.ts';

/** S_IFMT of st_mode (inode(7)), and the letters of find -printf %y and of ls -l. */
const kindsByBits: Readonly<Record<number, FileKind>> = {
  1: 'fifo',
  2: 'character device',
  4: 'directory',
  6: 'block device',
  8: 'file',
  10: 'symlink',
  12: 'socket',
};
const kindsByLetter: Readonly<Record<string, FileKind>> = {
  f: 'file',
  '-': 'file',
  d: 'directory',
  l: 'symlink',
  p: 'fifo',
  s: 'socket',
  b: 'block device',
  c: 'character device',
};

const fields = /^([^:]*):([^:]*):([^:]*):([^:]*):([^:]*):([^:]*):(\d*):(\d*)/;

/**
 * Facts as `readScript` prints them, `MODE:SIZE:MTIME:ATIME:USER:GROUP:UID:GID`, at the beginning of `text` (one
 * character a byte), and what follows them. Undefined where `text` begins otherwise.
 */
export function parseFacts(
  text: string,
  owners: OwnerTexts = new Map(),
): { readonly facts: FileFacts; readonly rest: string } | undefined {
  const match = fields.exec(text);
  if (!match) return undefined;
  const [all, mode = '', size = '', modified = '', accessed = '', user = '', group = '', uid = '', gid = ''] =
    match;
  const type = parseMode(mode);
  if (!type) return undefined;
  const facts: FileFacts = {
    ...type,
    sizeBytes: /^\d+$/.test(size) ? Number(size) : 0,
    owner: nameOr(owners, user, uid),
    group: nameOr(owners, group, gid),
    ownerId: uid === '' ? undefined : Number(uid),
    groupId: gid === '' ? undefined : Number(gid),
    modifiedMs: wholeSecondsMs(modified),
    accessedMs: wholeSecondsMs(accessed),
  };
  return { facts, rest: text.slice(all.length) };
}

/** `81a4` (st_mode in hexadecimal), `f=644` (find), `-rw-r--r--` (ls). */
function parseMode(text: string): { kind: FileKind; mode: number } | undefined {
  if (/^[0-9a-fA-F]+$/.test(text)) {
    const bits = Number.parseInt(text, 16);
    const kind = kindsByBits[(bits >> 12) & 0o17];
    return kind && { kind, mode: bits & 0o7777 };
  }
  const kind = kindsByLetter[text.charAt(0)];
  if (!kind) return undefined;
  if (/^.=[0-7]+$/.test(text)) return { kind, mode: Number.parseInt(text.slice(2), 8) };
  return /^.[-rwxsStT]{9}/.test(text) ? { kind, mode: parsePermissions(text.slice(1, 10)) } : undefined;
}

/** `rwsr-x--t` → 05751 (ls(1), POSIX "file mode"). */
function parsePermissions(letters: string): number {
  return [...letters].reduce((mode, letter, index) => {
    const bit = letter === '-' || letter === 'S' || letter === 'T' ? 0 : 0o400 >> index;
    const special = /[sStT]/.test(letter) ? 0o4000 >> ((index - 2) / 3) : 0;
    return mode | bit | special;
  }, 0);
}

function nameOr(owners: OwnerTexts, name: string, id: string): RemoteText {
  return ownerText(owners, name === '' || name === 'UNKNOWN' ? id : name, 'latin1');
}

/** Without the fraction that find prints: the other ways to ask give none. */
function wholeSecondsMs(seconds: string): number {
  const value = Math.floor(Number(seconds));
  return Number.isFinite(value) ? value * 1_000 : 0;
}
