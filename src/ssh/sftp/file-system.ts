import type { SFTPWrapper } from 'ssh2';
import type { Ask } from './session.ts';

/** What ssh2 gives for `statvfs@openssh.com` (PROTOCOL of OpenSSH, section 4.4), as far as it is used. */
interface FileSystem {
  readonly f_sid?: unknown;
  readonly f_frsize?: unknown;
  readonly f_namemax?: unknown;
}

/** ssh2's types do not know its extended requests. */
interface Extended {
  ext_openssh_statvfs(path: string, done: (error: Error | undefined, answer: FileSystem) => void): void;
}

/**
 * What tells the file system of a path from others; the same text for all where the server does not say. SFTP
 * version 3 has no device numbers.
 */
export async function fileSystemOf(ask: Ask, path: string): Promise<string> {
  try {
    const found = await ask<FileSystem>((sftp, done) => {
      try {
        (sftp as SFTPWrapper & Extended).ext_openssh_statvfs(path, done);
      } catch (error) {
        done(error instanceof Error ? error : new Error('no statvfs'), {}); // thrown where the server has none
      }
    });
    return JSON.stringify([String(found.f_sid), found.f_frsize, found.f_namemax].map(String));
  } catch (error) {
    if (error instanceof Error && error.name === 'ScoutError') throw error;
    return 'unknown';
  }
}
