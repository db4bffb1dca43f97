import type { FileEntryWithStats, SFTPWrapper } from 'ssh2';
import type { DirectoryEntry, FileFacts, ReadOutcome, ReadRequest } from '../files.ts';
import type { OwnerTexts } from '../owner-text.ts';
import { fileFacts } from './file-facts.ts';
import type { Handles } from './handles.ts';
import type { Ask } from './session.ts';
import { sftpStatus, statusOf } from './sftp-error.ts';

/** Directories read at once: enough to hide the round trip, few against a server's limit of open handles. */
const directoriesAtOnce = 8;
const linksAtOnce = 64;
/**
 * What an entry counts for against `maxBytes` besides its name: no less than the record that a shell prints for it, so
 * that no listing is whole by this door and cut by the other.
 */
const entryOverheadBytes = 96;

interface Listing {
  readonly entries: DirectoryEntry[];
  readonly owners: OwnerTexts;
  /** Bytes of `maxBytes` that are left. */
  roomBytes: number;
  truncated: boolean;
  unreadable: number;
}

/**
 * The names below the directory `path` (as SFTP takes it), `request.depth` levels deep. Level by level, so that a
 * cut takes away the deepest first. ssh2 decodes names as UTF-8: bytes that are not come as U+FFFD, and such a
 * name can neither be opened nor told from its like. A directory that `isDenied` (a path below the top) counts as one
 * that cannot be opened.
 */
export async function listDirectory(
  ask: Ask,
  handles: Handles,
  path: string,
  facts: FileFacts,
  request: ReadRequest,
  isDenied: (below: string) => boolean,
): Promise<ReadOutcome> {
  const listing: Listing = {
    entries: [],
    owners: new Map(),
    roomBytes: request.maxBytes,
    truncated: false,
    unreadable: 0,
  };
  let own = facts;
  let level = ['']; // paths below `path`
  for (let depth = 1; depth <= request.depth && level.length > 0 && !listing.truncated; depth += 1) {
    const below: string[] = [];
    await forEachAtOnce(level, directoriesAtOnce, async (directory) => {
      const isTop = directory === '';
      if (!isTop && isDenied(directory)) {
        listing.unreadable += 1;
        return;
      }
      const onEntry = (entry: FileEntryWithStats) => {
        if (entry.filename === '..') return;
        if (entry.filename !== '.') addEntry(listing, below, directory, entry);
        else if (isTop) own = fileFacts(entry.attrs, entry.longname) ?? facts; // owner's name instead of number
      };
      try {
        const opened = isTop ? path : `${path}/${directory}`;
        await readDirectory(ask, handles, opened, () => listing.truncated, onEntry);
      } catch (error) {
        if (isTop || statusOf(error) === undefined) throw error;
        listing.unreadable += 1;
      }
    });
    level = below;
  }
  const entries = await withLinkTargets(ask, path, listing.entries);
  entries.sort((a, b) => Buffer.compare(a.path, b.path));
  return {
    what: 'directory',
    facts: own,
    entries,
    truncated: listing.truncated,
    unreadable: listing.unreadable,
  };
}

function addEntry(listing: Listing, below: string[], directory: string, entry: FileEntryWithStats): void {
  const name = directory === '' ? entry.filename : `${directory}/${entry.filename}`;
  const path = Buffer.from(name);
  const facts = fileFacts(entry.attrs, entry.longname, listing.owners);
  const linkBytes = facts?.kind === 'symlink' ? path.length + facts.sizeBytes : 0;
  listing.roomBytes -= path.length + entryOverheadBytes + linkBytes;
  if (listing.roomBytes < 0) {
    listing.truncated = true;
    return;
  }
  listing.entries.push({ path, facts });
  if (facts?.kind === 'directory') below.push(name);
}

/**
 * OPENDIR, then READDIR twice, four, eight … at once until one says that the end is reached; CLOSE unwaited. OpenSSH's
 * server leaves out what it cannot look at, `.` too: where nothing came at all, a look at that tells an empty directory
 * of another server from one that may not be entered, for which it rejects.
 */
export async function readDirectory(
  ask: Ask,
  handles: Handles,
  path: string,
  isEnough: () => boolean,
  onEntry: (entry: FileEntryWithStats) => void,
): Promise<void> {
  const askFor = (opened: Buffer, requests: number) => {
    const answers = Promise.all(Array.from({ length: requests }, () => readEntries(ask, opened)));
    answers.catch(() => {}); // awaited below, unless the directory is not opened
    return answers;
  };
  const { handle, first } = await handles.open(
    ask,
    (sftp, done) => sftp.opendir(path, done),
    (opened) => askFor(opened, 2),
  );
  let isBare = true;
  try {
    let answers = first;
    for (let requests = 4; ; requests = Math.min(requests * 2, 16)) {
      for (const entries of await answers) {
        if (entries === undefined) {
          if (isBare) await ask((sftp, done) => sftp.stat(`${path}/.`, done));
          return;
        }
        isBare = false;
        for (const entry of entries) if (!isEnough()) onEntry(entry);
      }
      if (isEnough()) return;
      answers = askFor(handle, requests);
    }
  } finally {
    handles.closeLater(ask, handle);
  }
}

/** Undefined at the end. The raw request: ssh2's other form waits for one answer before it sends the next. */
async function readEntries(ask: Ask, handle: Buffer): Promise<FileEntryWithStats[] | undefined> {
  try {
    return await ask<FileEntryWithStats[]>((sftp, done) =>
      (sftp as SFTPWrapper & FullListing).readdir(handle, { full: true }, done),
    );
  } catch (error) {
    if (statusOf(error) === sftpStatus.endOfFile) return undefined;
    throw error;
  }
}

/** `full` keeps `.` and `..` in the list; the published types do not know it. */
interface FullListing {
  readdir(
    handle: Buffer,
    options: { full: true },
    done: (error: Error | undefined, list: FileEntryWithStats[]) => void,
  ): void;
}

async function withLinkTargets(
  ask: Ask,
  top: string,
  entries: readonly DirectoryEntry[],
): Promise<DirectoryEntry[]> {
  const all = [...entries];
  const links = [...all.entries()].filter(([, entry]) => entry.facts?.kind === 'symlink');
  await forEachAtOnce(links, linksAtOnce, async ([index, entry]) => {
    const link = `${top}/${Buffer.from(entry.path).toString()}`;
    try {
      const target = await ask<string>((sftp, done) => sftp.readlink(link, done));
      all[index] = { ...entry, linkTarget: Buffer.from(target) };
    } catch (error) {
      if (statusOf(error) === undefined) throw error; // gone or unreadable is no reason to lose the listing
    }
  });
  return all;
}

async function forEachAtOnce<T>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const rest = items.values();
  const worker = async () => {
    for (const item of rest) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
}
