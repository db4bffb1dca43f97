import { constants } from 'node:fs';
import {
  chmod,
  type FileHandle,
  lstat,
  mkdir,
  open,
  rename,
  symlink,
  unlink,
  utimes,
} from 'node:fs/promises';
import ssh2, { type Attributes, type Connection, type SFTPWrapper } from 'ssh2';
import { makeEmbeddedKey } from '../../../src/demo/embedded-host.ts';
import { serveSftp } from '../../../src/demo/embedded-sftp.ts';

const { Server, utils } = ssh2;
const status = utils.sftp.STATUS_CODE;
const mode = utils.sftp.OPEN_MODE;

export interface PlainSftp {
  readonly port: number;
  readonly hostKeyLine: string;
  /** RENAME requests so far. */
  readonly renames: readonly string[];
  /** What to do instead of the n-th rename from now on, counted from 1. */
  atRename(what: Readonly<Record<number, 'fail' | 'drop' | 'drop after'>>): void;
  stop(): Promise<void>;
}

/**
 * An SSH server with SFTP version 3 and nothing else: no extension of OpenSSH, no shell. RENAME onto what exists
 * fails, as the draft has it, or `replaces`. Files are those of this machine.
 */
export async function startPlainSftp({ replaces = false } = {}): Promise<PlainSftp> {
  const key = makeEmbeddedKey();
  const connections = new Set<Connection>();
  const renames: string[] = [];
  let plan: Readonly<Record<number, string>> = {};
  const onRename = async (connection: Connection, from: string, to: string) => {
    renames.push(`${from} ${to}`);
    const { [renames.length]: what } = plan;
    if (what === 'fail') throw new Error('as planned');
    if (what === 'drop') connection.end();
    if (what === 'drop') return;
    if (!replaces && (await lstat(to).catch(() => undefined))) throw new Error('it exists');
    await rename(from, to);
    if (what === 'drop after') connection.end();
  };
  const server = new Server({ hostKeys: [key.privateKey] }, (connection) => {
    connections.add(connection);
    connection.on('error', () => {}); // 'close' follows
    connection.on('close', () => connections.delete(connection));
    connection.on('authentication', (context) => context.accept());
    connection.on('session', (accept) => {
      const session = accept();
      session.on('sftp', (acceptSftp) => {
        const sftp = acceptSftp();
        serveSftp(sftp, '/');
        serveWrites(sftp, (from, to) => onRename(connection, from, to));
      });
      session.on('exec', (_accept, reject) => reject());
      session.on('shell', (_accept, reject) => reject());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const parsed = utils.parseKey(key.publicKey);
  if (parsed instanceof Error) throw parsed;
  return {
    port: address.port,
    hostKeyLine: `[127.0.0.1]:${address.port} ${parsed.type} ${parsed.getPublicSSH().toString('base64')}`,
    renames,
    atRename(what) {
      const begin = renames.length;
      plan = Object.fromEntries(Object.entries(what).map(([index, act]) => [begin + Number(index), act]));
    },
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const connection of connections) connection.end();
      await closed;
    },
  };
}

/** The writing half, in the place of the refusals of `serveSftp`, and reading of what was opened here. */
function serveWrites(sftp: SFTPWrapper, onRename: (from: string, to: string) => Promise<void>): void {
  const files = new Map<string, FileHandle>();
  const serve = (
    name: string,
    // biome-ignore lint/suspicious/noExplicitAny: every request has other arguments
    work: (request: number, ...args: any[]) => Promise<'answered' | undefined>,
  ) => {
    sftp.removeAllListeners(name as 'OPEN');
    sftp.on(name as 'OPEN', (request, ...args) => {
      work(request, ...args).then(
        (answered) => answered ?? sftp.status(request, status.OK),
        (error: NodeJS.ErrnoException) =>
          sftp.status(request, error.code === 'ENOENT' ? status.NO_SUCH_FILE : status.FAILURE),
      );
    });
  };
  const [closeDirectory] = sftp.listeners('CLOSE');
  const fileOf = (handle: Buffer) => files.get(handle.toString()) as FileHandle; // a client that makes one up fails
  serve('OPEN', async (request, path: string, flags: number, attributes: Attributes) => {
    const writes = (flags & mode.WRITE) !== 0;
    const made = (flags & mode.CREAT ? constants.O_CREAT : 0) | (flags & mode.EXCL ? constants.O_EXCL : 0);
    const file = await open(
      path,
      (writes ? constants.O_RDWR : constants.O_RDONLY) | made,
      attributes.mode ?? 0o644,
    );
    const handle = `file ${file.fd}`;
    files.set(handle, file);
    sftp.handle(request, Buffer.from(handle));
    return 'answered';
  });
  serve('READ', async (request, handle: Buffer, offset: number, length: number) => {
    const buffer = Buffer.alloc(Math.min(length, 65_536));
    const { bytesRead } = await fileOf(handle).read(buffer, 0, buffer.length, offset);
    if (bytesRead === 0) sftp.status(request, status.EOF);
    else sftp.data(request, buffer.subarray(0, bytesRead));
    return 'answered';
  });
  serve('WRITE', async (_, handle: Buffer, offset: number, data: Buffer) => {
    await fileOf(handle).write(data, 0, data.length, offset);
    return undefined;
  });
  serve('FSTAT', async (request, handle: Buffer) => {
    const { mode: bits, size, mtimeMs, uid, gid } = await fileOf(handle).stat();
    const seconds = Math.floor(mtimeMs / 1_000);
    sftp.attrs(request, { mode: bits, size, uid, gid, atime: seconds, mtime: seconds });
    return 'answered';
  });
  serve('FSETSTAT', async (_, handle: Buffer, { size, mode: bits, atime, mtime }: Partial<Attributes>) => {
    const file = fileOf(handle);
    if (size !== undefined) await file.truncate(size);
    if (bits !== undefined) await file.chmod(bits & 0o7777);
    if (atime !== undefined && mtime !== undefined) await file.utimes(atime, mtime);
    return undefined;
  });
  serve('CLOSE', async (request, handle: Buffer) => {
    const file = files.get(handle.toString());
    if (!file) {
      closeDirectory?.(request, handle);
      return 'answered';
    }
    files.delete(handle.toString());
    await file.close();
    return undefined;
  });
  serve('SETSTAT', async (_, path: string, { mode: bits, atime, mtime }: Partial<Attributes>) => {
    if (bits !== undefined) await chmod(path, bits & 0o7777);
    if (atime !== undefined && mtime !== undefined) await utimes(path, atime, mtime);
    return undefined;
  });
  serve('REMOVE', async (_, path: string) => void (await unlink(path)) as undefined);
  serve('MKDIR', async (_, path: string) => void (await mkdir(path)) as undefined);
  serve(
    'SYMLINK',
    async (_, target: string, path: string) => void (await symlink(target, path)) as undefined,
  );
  serve('RENAME', async (_, from: string, to: string) => void (await onRename(from, to)) as undefined);
  sftp.on('close', () => {
    for (const file of files.values()) file.close().catch(() => {});
  });
}
