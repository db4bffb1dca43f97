import type { Context } from '../context.ts';
import type { Row, RowsBody } from '../define.ts';
import { compose, noRedaction, type RemoteText, slice, toRemoteText } from '../remote-text.ts';
import type { DirectoryEntry } from '../ssh/files.ts';
import { describeFacts, formatMode } from './file-facts.ts';
import { oneLine } from './names.ts';

/** The names in a directory, one a line; what is in a directory below it stands indented under that. */
export function formatListing(entries: readonly DirectoryEntry[], clean: Context['clean']): RowsBody {
  const named = inTreeOrder(entries).map((entry) => ({
    entry,
    path: oneLine(clean(entry.path)),
  }));
  const width = (of: (entry: DirectoryEntry) => string) =>
    entries.reduce((most, entry) => Math.max(most, of(entry).length), 1);
  const [sizeWidth, ownerWidth] = [width(sizeOf), width(ownerOf)];
  return {
    rows: named.map(({ entry, path }) => row(entry, path, clean, sizeWidth, ownerWidth)),
  };
}

function row(
  entry: DirectoryEntry,
  path: RemoteText,
  clean: Context['clean'],
  sizeWidth: number,
  ownerWidth: number,
): Row {
  const { facts, linkTarget } = entry;
  const link = linkTarget === undefined ? undefined : oneLine(clean(linkTarget));
  const described = facts && describeFacts(facts);
  // words of ours and numbers, and an owner that was cleaned: no secret is in them
  const columns = toRemoteText(
    [
      facts ? formatMode(facts) : '??????????',
      ownerOf(entry).padEnd(ownerWidth),
      sizeOf(entry).padStart(sizeWidth),
      (described?.modified ?? '?').padEnd(20),
    ].join(' '),
    noRedaction,
  );
  const mark = facts?.kind === 'directory' ? directoryMark : noMark;
  const end = link === undefined ? mark : compose`${mark} -> ${link}`;
  const depth = path.split('/').length - 1;
  const indent = toRemoteText('  '.repeat(depth));
  const name = slice(path, path.lastIndexOf('/') + 1);
  return {
    line: compose`${columns} ${indent}${name}${end}`,
    ...(depth > 0 && { alone: compose`${columns} ${path}${end}` }),
    facts: { path, ...described, ...(link !== undefined && { link }) },
  };
}

/** Byte order, segment by segment: `a/b` comes before `a-b`, so that nothing stands between `a` and what is in it. */
function inTreeOrder(entries: readonly DirectoryEntry[]): readonly DirectoryEntry[] {
  const keyed = entries.map((entry) => ({
    entry,
    key: entry.path.includes(slash) ? entry.path.map((byte) => (byte === slash ? 0 : byte)) : entry.path,
  }));
  return keyed.sort((a, b) => Buffer.compare(a.key, b.key)).map(({ entry }) => entry);
}

const slash = 0x2f;
const directoryMark = toRemoteText('/');
const noMark = toRemoteText('');

function sizeOf({ facts }: DirectoryEntry): string {
  return String(facts?.sizeBytes ?? '?');
}

function ownerOf({ facts }: DirectoryEntry): string {
  return facts ? `${facts.owner}:${facts.group}` : '?';
}
