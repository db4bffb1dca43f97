import type { Attributes, FileEntryWithStats, InputAttributes, SFTPWrapper, Stats } from 'ssh2';
import type { Ask } from '../session.ts';
import { sftpStatus, statusOf } from '../sftp-error.ts';
import { takeInPieces } from './data-pieces.ts';

/** The largest packet that ssh2 takes is 256 KiB, and so much of it may be data. */
const mostDataBytes = 255 * 1024;

/** What ssh2 knows of a channel and keeps to itself. */
interface Internals {
  readonly _extensions: Readonly<Record<string, string>>;
  readonly _maxReadLen: number;
  readonly _maxWriteLen: number;
  _isOpenSSH?: boolean;
}

/** ssh2 wants to know where to copy what is read; it never does. */
const unused = Buffer.allocUnsafe(mostDataBytes);

/** Flags of SSH_FXP_OPEN (draft-ietf-secsh-filexfer-02 section 6.3). */
const flag = { read: 1, write: 2, create: 8, exclusive: 0x20 } as const;

/** The requests of SFTP version 3 on one channel, as far as moving files needs them. Errors are ssh2's. */
export class Lane {
  /** What the server gives, and takes, in one packet (limits@openssh.com), in bytes. */
  readonly maxReadBytes: number;
  readonly maxWriteBytes: number;
  readonly #ask: Ask;
  readonly #channel: SFTPWrapper;
  readonly #extensions: Readonly<Record<string, string>>;

  constructor(ask: Ask, sftp: SFTPWrapper) {
    const internals = sftp as unknown as Internals; // what the types of ssh2 leave out
    this.#ask = ask;
    this.#channel = sftp;
    this.#extensions = internals._extensions;
    this.maxReadBytes = Math.min(internals._maxReadLen, mostDataBytes);
    this.maxWriteBytes = Math.min(internals._maxWriteLen, mostDataBytes);
    // OpenSSH takes the two paths of SYMLINK the other way round; behind `ssh -s` ssh2 cannot see whom it talks to
    if (this.isOpenssh) internals._isOpenSSH = true;
  }

  /** Others offer some of its extensions; this one is its own. */
  get isOpenssh(): boolean {
    return this.offers('fstatvfs@openssh.com');
  }

  offers(extension: string): boolean {
    return this.#extensions[extension] !== undefined;
  }

  /** A handle of one is a handle of the other. */
  isSameChannel(other: Lane): boolean {
    return this.#channel === other.#channel;
  }

  stat(path: string): Promise<Stats> {
    return this.#ask((sftp, done) => sftp.stat(path, done));
  }

  lstat(path: string): Promise<Stats> {
    return this.#ask((sftp, done) => sftp.lstat(path, done));
  }

  fstat(handle: Buffer): Promise<Stats> {
    return this.#ask((sftp, done) => sftp.fstat(handle, done));
  }

  realpath(path: string): Promise<string> {
    return this.#ask((sftp, done) => sftp.realpath(path, done));
  }

  readlink(path: string): Promise<string> {
    return this.#ask((sftp, done) => sftp.readlink(path, done));
  }

  openToRead(path: string): Promise<Buffer> {
    return this.#ask((sftp, done) => sftp.open(path, flag.read, done));
  }

  /** An existing file for reads and writes, or one that must not exist yet. */
  openToWrite(path: string, createMode?: number): Promise<Buffer> {
    const both = flag.read | flag.write;
    return this.#ask((sftp, done) =>
      createMode === undefined
        ? sftp.open(path, both, done)
        : sftp.open(path, both | flag.create | flag.exclusive, { mode: createMode } as Attributes, done),
    );
  }

  /** Bytes of a file in the pieces in which they came, so many at most; none at its end. */
  read(handle: Buffer, length: number, position: number): Promise<readonly Buffer[]> {
    return this.#ask((sftp, done) => {
      sftp.read(handle, unused, 0, length, position, () => {});
      takeInPieces(sftp, length, (error, pieces) => {
        done(error && statusOf(error) !== sftpStatus.endOfFile ? error : undefined, pieces);
      });
    });
  }

  write(handle: Buffer, data: Buffer, position: number): Promise<void> {
    return this.#ask((sftp, done) =>
      sftp.write(handle, data, 0, data.length, position, (e) => done(e, undefined)),
    );
  }

  fsetstat(handle: Buffer, attributes: InputAttributes): Promise<void> {
    return this.#ask((sftp, done) => sftp.fsetstat(handle, attributes, (e) => done(e, undefined)));
  }

  setstat(path: string, attributes: InputAttributes): Promise<void> {
    return this.#ask((sftp, done) => sftp.setstat(path, attributes, (e) => done(e, undefined)));
  }

  /** Have what was written put to the disk, where the server offers it. */
  async fsync(handle: Buffer): Promise<void> {
    if (!this.offers('fsync@openssh.com')) return;
    await this.#ask<void>((sftp, done) => sftp.ext_openssh_fsync(handle, (e) => done(e, undefined)));
  }

  close(handle: Buffer): Promise<void> {
    return this.#ask((sftp, done) => sftp.close(handle, (e) => done(e, undefined)));
  }

  opendir(path: string): Promise<Buffer> {
    return this.#ask((sftp, done) => sftp.opendir(path, done));
  }

  /** Some further names; undefined after the last. */
  async readdir(handle: Buffer): Promise<readonly FileEntryWithStats[] | undefined> {
    try {
      return await this.#ask<FileEntryWithStats[]>((sftp, done) => sftp.readdir(handle, done));
    } catch (error) {
      if (statusOf(error) === sftpStatus.endOfFile) return undefined;
      throw error;
    }
  }

  mkdir(path: string, mode: number): Promise<void> {
    return this.#ask((sftp, done) => sftp.mkdir(path, { mode }, (e) => done(e, undefined)));
  }

  symlink(target: string, path: string): Promise<void> {
    return this.#ask((sftp, done) => sftp.symlink(target, path, (e) => done(e, undefined)));
  }

  unlink(path: string): Promise<void> {
    return this.#ask((sftp, done) => sftp.unlink(path, (e) => done(e, undefined)));
  }

  /** Fails where `to` exists, as the draft has it and OpenSSH does. */
  rename(from: string, to: string): Promise<void> {
    return this.#ask((sftp, done) => sftp.rename(from, to, (e) => done(e, undefined)), true);
  }

  /** rename(2); only where `posix-rename@openssh.com` is offered. */
  posixRename(from: string, to: string): Promise<void> {
    return this.#ask((sftp, done) => sftp.ext_openssh_rename(from, to, (e) => done(e, undefined)), true);
  }

  /** `copy-data` of draft-ietf-secsh-filexfer-extensions-00, only where it is offered. */
  copyData(from: Buffer, to: Buffer, position: number, bytes: number): Promise<void> {
    return this.#ask((sftp, done) =>
      sftp.ext_copy_data(from, position, bytes, to, position, (e) => done(e, undefined)),
    );
  }

  /** statvfs(2) of a path; only where `statvfs@openssh.com` is offered. */
  statvfs(path: string): Promise<unknown> {
    return this.#ask((sftp, done) => sftp.ext_openssh_statvfs(path, done));
  }
}
