import type { Stats } from 'node:fs';
import { constants, type FileHandle, lstat, open, readdir, readlink, realpath, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type Attributes, type FileEntry, type SFTPWrapper, utils } from 'ssh2';
import { longName } from './long-name.ts';

const status = utils.sftp.STATUS_CODE;
const mode = utils.sftp.OPEN_MODE;
const writing = mode.WRITE | mode.APPEND | mode.CREAT | mode.TRUNC | mode.EXCL;
const namesAtOnce = 100;
const mostReadBytes = 255 * 1024;

/**
 * The reading half of SFTP version 3 (draft-ietf-secsh-filexfer-02) over the local file system. Relative paths
 * begin at `rootDir`; absolute ones are taken as they are. Every request that writes is answered with
 * PERMISSION_DENIED.
 */
export function serveSftp(sftp: SFTPWrapper, rootDir: string): void {
  const files = new Map<string, FileHandle>();
  const directories = new Map<string, FileEntry[]>();
  let handles = 0;

  const path = (given: string) => resolve(rootDir, given);
  const answer = (request: number, work: () => Promise<void>) => {
    work().catch((error) => sftp.status(request, statusOf(error)));
  };
  const giveHandle = <T>(request: number, table: Map<string, T>, value: T) => {
    handles += 1;
    const handle = Buffer.from(String(handles));
    table.set(handle.toString(), value);
    sftp.handle(request, handle);
  };
  const fileOf = (handle: Buffer) => {
    const file = files.get(handle.toString());
    if (!file) throw new Error('no such handle');
    return file;
  };

  sftp.on('OPEN', (request, given, flags) => {
    if (flags & writing) return sftp.status(request, status.PERMISSION_DENIED);
    answer(request, async () => {
      // O_NONBLOCK: opening a FIFO must not occupy a thread until somebody writes
      giveHandle(request, files, await open(path(given), constants.O_RDONLY | constants.O_NONBLOCK));
    });
  });
  sftp.on('READ', (request, handle, offset, length) =>
    answer(request, async () => {
      const buffer = Buffer.alloc(Math.min(length, mostReadBytes));
      const { bytesRead } = await fileOf(handle).read(buffer, 0, buffer.length, offset);
      if (bytesRead === 0) sftp.status(request, status.EOF);
      else sftp.data(request, buffer.subarray(0, bytesRead));
    }),
  );
  sftp.on('FSTAT', (request, handle) =>
    answer(request, async () => sftp.attrs(request, attributes(await fileOf(handle).stat()))),
  );
  sftp.on('STAT', (request, given) =>
    answer(request, async () => sftp.attrs(request, attributes(await stat(path(given))))),
  );
  sftp.on('LSTAT', (request, given) =>
    answer(request, async () => sftp.attrs(request, attributes(await lstat(path(given))))),
  );
  sftp.on('OPENDIR', (request, given) =>
    answer(request, async () => giveHandle(request, directories, await entriesOf(path(given)))),
  );
  sftp.on('READDIR', (request, handle) => {
    const entries = directories.get(handle.toString());
    if (!entries) return sftp.status(request, status.FAILURE);
    if (entries.length === 0) return sftp.status(request, status.EOF);
    sftp.name(request, entries.splice(0, namesAtOnce));
  });
  sftp.on('CLOSE', (request, handle) =>
    answer(request, async () => {
      const key = handle.toString();
      await files.get(key)?.close();
      const known = files.delete(key) || directories.delete(key);
      sftp.status(request, known ? status.OK : status.FAILURE);
    }),
  );
  sftp.on('READLINK', (request, given) =>
    answer(request, async () => sftp.name(request, [bareName(await readlink(path(given)))])),
  );
  sftp.on('REALPATH', (request, given) =>
    answer(request, async () => sftp.name(request, [bareName(await realpath(path(given)))])),
  );
  const refuse = (request: number) => sftp.status(request, status.PERMISSION_DENIED);
  for (const write of [
    'WRITE',
    'SETSTAT',
    'FSETSTAT',
    'REMOVE',
    'MKDIR',
    'RMDIR',
    'RENAME',
    'SYMLINK',
  ] as const) {
    sftp.on(write, refuse);
  }
  sftp.on('error', () => {}); // a broken packet: ssh2 closes the channel, and that is all there is to do
  sftp.on('end', () => sftp.end()); // a client that has said its last word waits for ours
  sftp.on('close', () => {
    for (const file of files.values()) file.close().catch(() => {});
  });
}

async function entriesOf(directory: string): Promise<FileEntry[]> {
  const names = ['.', '..', ...(await readdir(directory))];
  const entries = names.map(async (name): Promise<FileEntry | undefined> => {
    const facts = await lstat(join(directory, name)).catch(() => undefined); // gone meanwhile
    return facts && { filename: name, longname: longName(name, facts), attrs: attributes(facts) };
  });
  return (await Promise.all(entries)).filter((entry) => entry !== undefined);
}

/** READLINK and REALPATH answer a name whose attributes mean nothing. */
function bareName(filename: string): FileEntry {
  return { filename, longname: filename, attrs: { mode: 0, uid: 0, gid: 0, size: 0, atime: 0, mtime: 0 } };
}

function attributes({ mode, uid, gid, size, atimeMs, mtimeMs }: Stats): Attributes {
  return { mode, uid, gid, size, atime: Math.floor(atimeMs / 1000), mtime: Math.floor(mtimeMs / 1000) };
}

function statusOf(error: unknown): number {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP') return status.NO_SUCH_FILE;
  return code === 'EACCES' || code === 'EPERM' ? status.PERMISSION_DENIED : status.FAILURE;
}
