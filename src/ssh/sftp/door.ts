import type { SFTPWrapper, Stats } from 'ssh2';
import { raceAbort } from '../../call.ts';
import type { DenyPaths } from '../../deny-paths.ts';
import { ScoutError } from '../../errors.ts';
import { pathDenied, pathTrapped } from '../../path-denied.ts';
import { isKernelTrap } from '../../path-traps.ts';
import type { FileDoor, ReadOutcome, ReadRequest } from '../files.ts';
import type { FindDoor } from '../find.ts';
import { fileFacts } from './file-facts.ts';
import { findFiles } from './find-files.ts';
import type { Handles } from './handles.ts';
import { listDirectory } from './list-directory.ts';
import { OwnerNames } from './owner-names.ts';
import { readFile } from './read-file.ts';
import { type Ask, createSftpSession, type SftpSession } from './session.ts';
import { sftpError, sftpOpenError } from './sftp-error.ts';

export interface SftpDoor extends FileDoor, FindDoor {
  /** Close the channel when the reads that run have ended; a later read opens a new one. */
  end(): void;
}

/**
 * Files of one host by SFTP version 3 (draft-ietf-secsh-filexfer-02). `open` gives a new ready channel; it is
 * called at the first read and again after the channel was lost, never twice at a time: reads share one. Rejects
 * also with `path_denied` for a path that leads to what `denied` denies, or to a file of the kernel that does more than
 * be read, as far as the server resolves links (OpenSSH's does), and lists nothing below a denied path.
 */
export function createSftpDoor(open: () => Promise<SFTPWrapper>, denied: DenyPaths): SftpDoor {
  const names = new OwnerNames();
  let session: SftpSession | undefined;
  let opening: Promise<SftpSession> | undefined;

  const openSession = async () => {
    try {
      session = createSftpSession(await open());
      return session;
    } catch (error) {
      throw sftpOpenError(error);
    } finally {
      opening = undefined;
    }
  };

  const ready = async (signal: AbortSignal) => {
    opening ??= openSession();
    // A caller who gives up leaves the opening to those who wait with it.
    return await raceAbort(opening, signal);
  };

  return {
    async read(request, signal) {
      const current = session?.isOpen ? session : await ready(signal);
      try {
        const outcome = await current.use(signal, (ask) => readPath(ask, current.handles, request, denied));
        return await names.fillIn(outcome, (path, maxBytes) =>
          current.use(signal, (ask) =>
            readPath(
              ask,
              current.handles,
              { path, firstLine: 1, lines: undefined, maxBytes, depth: 1 },
              denied,
            ),
          ),
        );
      } catch (error) {
        throw sftpError(error, request.path);
      }
    },
    async find(request, signal) {
      const current = session?.isOpen ? session : await ready(signal);
      try {
        const path = sftpPath(request.path);
        return await current.use(signal, (ask) => findFiles(ask, current.handles, path, request, denied));
      } catch (error) {
        throw sftpError(error, request.path);
      }
    },
    end() {
      session?.retire();
    },
  };
}

/** STAT comes before any open: opening a FIFO would block the server, and with it all reads of the channel. */
async function readPath(
  ask: Ask,
  handles: Handles,
  request: ReadRequest,
  denied: DenyPaths,
): Promise<ReadOutcome> {
  const path = sftpPath(request.path);
  const stat = ask<Stats>((sftp, done) => sftp.stat(path, done));
  const resolved = ask<string>((sftp, done) => sftp.realpath(path, done)).catch(() => path);
  const attributes = await stat;
  const real = await resolved;
  if (denied.denies(real)) throw pathDenied(request.path);
  const facts = fileFacts(attributes);
  if (facts === undefined) throw unknownKind(request.path);
  if (facts.kind === 'directory')
    return await listDirectory(ask, handles, path, facts, request, (below) =>
      denied.denies(`${real}/${below}`),
    );
  if (facts.kind === 'file' && isKernelTrap(real)) throw pathTrapped(request.path);
  if (facts.kind === 'file') return await readFile(ask, handles, path, facts, request);
  return { what: 'special', facts };
}

/** A server that does not tell the kind of a file could make us open a FIFO. */
function unknownKind(path: string): ScoutError {
  return new ScoutError(
    'unsupported_file',
    `the SFTP server does not say what kind of file ${path} is`,
    'Look at it with a command, such as `stat`.',
  );
}

/**
 * SFTP knows no `~`, but relative paths start where the server starts, which is the home directory (a chroot or
 * `-d` moves that on purpose). So no round trip is needed to learn where home is. Where there is none to enter it is
 * `/`, as for sftp(1) and scp(1): a chroot looks the same.
 */
export function sftpPath(path: string): string {
  if (path.startsWith('/')) return path;
  if (path === '' || path === '~') return '.';
  return `./${path.startsWith('~/') ? path.slice(2) : path}`;
}
