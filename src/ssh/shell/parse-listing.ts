import type { DenyPaths } from '../../deny-paths.ts';
import type { DirectoryEntry, FileFacts } from '../files.ts';
import type { OwnerTexts } from '../owner-text.ts';
import { parseFacts } from './parse-facts.ts';

export interface Listing {
  readonly entries: readonly DirectoryEntry[];
  readonly unreadable: number;
}

/**
 * The records that `readScript` prints for a directory. `complete`: the last record has come whole. A name may
 * hold anything but the separator, so records are cut there and nowhere else. What lies below a denied directory is
 * left out, and that directory counts as one that cannot be opened.
 */
export function parseListing(
  bytes: Buffer,
  separator: string,
  depth: number,
  complete: boolean,
  denied: DenyPaths,
): Listing {
  const found = new Map<string, { facts: FileFacts; linkTarget?: Uint8Array }>();
  const owners: OwnerTexts = new Map();
  const records = bytes.toString('latin1').split(separator).slice(1);
  if (!complete) records.pop();
  const unopened = new Set<string>();
  let link: string | undefined;
  let top = '';
  for (const record of records) {
    const text =
      /^[ST]/.test(record) && separator !== '\0' ? withoutLineFeed(record.slice(1)) : record.slice(1);
    if (record.startsWith('R')) top = text;
    else if (record.startsWith('S')) {
      const parsed = parseFacts(text, owners);
      if (parsed) found.set(pathBelow(parsed.rest.slice(1)), { facts: parsed.facts });
    } else if (record.startsWith('L')) {
      link = pathBelow(text);
    } else if (record.startsWith('T') && link !== undefined) {
      const entry = found.get(link);
      if (entry) entry.linkTarget = Buffer.from(text, 'latin1');
    } else if (record.startsWith('U') && pathBelow(text).split('/').length < depth) {
      unopened.add(pathBelow(text));
    }
  }
  const closed = new Set<string>();
  for (const [path, { facts }] of found)
    if (facts.kind === 'directory' && isDenied(denied, top, path, depth)) closed.add(path);
  for (const path of closed) unopened.add(path); // one that may not be read either counts once
  const shown = [...found].filter(
    ([path]) => !directoriesOf(path, depth).some((directory) => closed.has(directory)),
  );
  const entries = shown.map(([path, facts]) => ({ path: Buffer.from(path, 'latin1'), ...facts }));
  entries.sort((a, b) => Buffer.compare(a.path, b.path));
  return { entries, unreadable: unopened.size };
}

/** stat(1) and readlink(1) end what they print with a line feed; find -printf and our own printf do not. */
function withoutLineFeed(text: string): string {
  return text.endsWith('\n') ? text.slice(0, -1) : text;
}

function pathBelow(path: string): string {
  return path.replace(/^\.\//, '');
}

/** Those above a path, below the listed one, which may be opened: whoever sends more levels than that is no find. */
function directoriesOf(path: string, depth: number): readonly string[] {
  const names = path.split('/', depth);
  return names.slice(1).map((_, index) => names.slice(0, index + 1).join('/'));
}

/** A directory on the last level is not opened in any case. */
function isDenied(denied: DenyPaths, top: string, path: string, depth: number): boolean {
  if (path.split('/').length >= depth) return false;
  return denied.denies(Buffer.from(`${top}/${path}`, 'latin1').toString());
}
