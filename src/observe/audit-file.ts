import {
  accessSync,
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readSync,
  type Stats,
  writeSync,
} from 'node:fs';
import { auditProblem, auditUnavailable } from './audit-problem.ts';

/** Append only; no terminal, no waiting for a reader of a FIFO, and never where a symbolic link leads. */
const openFlags =
  constants.O_RDWR |
  constants.O_APPEND |
  constants.O_CREAT |
  (constants.O_NOFOLLOW ?? 0) |
  (constants.O_NONBLOCK ?? 0) |
  (constants.O_NOCTTY ?? 0);

const lineFeed = 0x0a;

/**
 * The file of the audit log, opened when it is first needed, and again when another file stands in its place
 * (logrotate). Each line is one write(2) to a file opened with O_APPEND, so that several processes may write to
 * one file. Every method throws ScoutError `audit_unavailable`.
 */
export class AuditFile {
  readonly #path: string;
  #fd: number | undefined;
  #place: { readonly device: number; readonly inode: number } | undefined;
  #knownBytes = 0;
  #endsInMidLine = false;
  #isAnother = false;

  constructor(path: string) {
    this.#path = path;
  }

  /** The next line goes to another file than the one before it did, or to one that was emptied meanwhile. */
  get isAnother(): boolean {
    return this.#isAnother;
  }

  /** Make sure that the next line goes where the path leads now. */
  prepare(): void {
    try {
      let stats = lstatSync(this.#path, { throwIfNoEntry: false });
      if (stats) refuseUnfit(stats);
      if (!stats || this.#fd === undefined || !this.#isPlace(stats)) {
        stats = this.#openNow();
        this.#isAnother ||= this.#place !== undefined && !this.#isPlace(stats);
        this.#place = { device: stats.dev, inode: stats.ino };
      } else this.#isAnother ||= stats.size < this.#knownBytes;
      this.#knownBytes = stats.size;
      this.#endsInMidLine = this.#lastByte(stats.size) !== lineFeed;
    } catch (thrown) {
      throw auditUnavailable(thrown);
    }
  }

  /**
   * Append a line after `prepare`. Where only a part of it could be written, that part stays as a torn line, which
   * the next writer ends; it counts as not written.
   */
  append(text: string): void {
    if (this.#fd === undefined) throw auditProblem('it is closed', 'Start the server again.');
    const bytes = Buffer.from(`${this.#endsInMidLine ? '\n' : ''}${text}\n`);
    try {
      const written = writeSync(this.#fd, bytes);
      this.#knownBytes += written;
      this.#endsInMidLine = written < bytes.length;
      // without its line feed a line is whole all the same, and the next one brings it
      if (written < bytes.length - 1) throw Object.assign(new Error('short write'), { code: 'ENOSPC' });
      this.#isAnother = false;
    } catch (thrown) {
      throw auditUnavailable(thrown);
    }
  }

  close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }

  #isPlace({ dev, ino }: Stats): boolean {
    return this.#place?.device === dev && this.#place.inode === ino;
  }

  /** The old file stays open until then, so that no other can have its inode number. */
  #openNow(): Stats {
    const fd = openSync(this.#path, openFlags, 0o600);
    try {
      const stats = fstatSync(fd);
      refuseUnfit(stats);
      this.close();
      this.#fd = fd;
      return stats;
    } catch (thrown) {
      closeSync(fd);
      throw thrown;
    }
  }

  /** An empty file ends in no line. */
  #lastByte(sizeBytes: number): number | undefined {
    if (sizeBytes === 0 || this.#fd === undefined) return lineFeed;
    const last = Buffer.alloc(1);
    readSync(this.#fd, last, 0, 1, sizeBytes - 1);
    return last[0];
  }
}

/**
 * Whether a file stands at `path` that can be written; nothing is opened. Throws ScoutError `audit_unavailable` for one
 * that every call would be refused by.
 */
export function isAuditFile(path: string): boolean {
  try {
    const stats = lstatSync(path, { throwIfNoEntry: false });
    if (!stats) return false;
    refuseUnfit(stats);
    accessSync(path, constants.R_OK | constants.W_OK);
    return true;
  } catch (thrown) {
    throw auditUnavailable(thrown);
  }
}

/**
 * As sshd does with a key file (StrictModes), a file that others could read or change is refused and not quietly
 * mended. Its group may read it: that is how auditd and logrotate let a log shipper in.
 */
function refuseUnfit(stats: Stats): void {
  if (stats.isSymbolicLink()) throw auditProblem('it is a symbolic link', 'Name the file itself.');
  if (stats.isDirectory()) throw auditProblem('it is a directory', 'Name a file in it.');
  if (!stats.isFile())
    throw auditProblem('it is not a regular file', 'Name a regular file, or one that is not there yet.');
  const self = process.geteuid?.();
  if (self === undefined) return; // no such rights on this system
  if (stats.uid !== self && stats.uid !== 0)
    throw auditProblem('it belongs to another user', 'Make the user who runs scout-mcp its owner.');
  if ((stats.mode & 0o027) !== 0)
    throw auditProblem('others than its owner may read or change it', 'Run chmod 600 on it.');
}
