import type { SFTPWrapper } from 'ssh2';
import type { Ask } from './session.ts';

/** What ssh2 gives for `statvfs@openssh.com` (PROTOCOL of OpenSSH, section 4.4), as far as it is used. */
interface Answer {
  readonly f_sid?: unknown;
  readonly f_blocks?: unknown;
  readonly f_files?: unknown;
  readonly f_frsize?: unknown;
  readonly f_namemax?: unknown;
}

/** ssh2's types do not know its extended requests. */
interface Extended {
  ext_openssh_statvfs(path: string, done: (error: Error | undefined, answer: Answer) => void): void;
}

interface FileSystem {
  /** What tells it from others; the same for all where the server does not say. SFTP version 3 has no device numbers. */
  readonly id: string;
  /** It has no room at all, for bytes or files, as proc, sysfs and their like: no server tells the type. */
  readonly isWindow: boolean;
}

export async function fileSystemOf(ask: Ask, path: string): Promise<FileSystem> {
  try {
    const found = await ask<Answer>((sftp, done) => {
      try {
        (sftp as SFTPWrapper & Extended).ext_openssh_statvfs(path, done);
      } catch (error) {
        done(error instanceof Error ? error : new Error('no statvfs'), {}); // thrown where the server has none
      }
    });
    const id = JSON.stringify([found.f_sid, found.f_frsize, found.f_namemax].map(String));
    return { id, isWindow: `${found.f_blocks} ${found.f_files}` === '0 0' };
  } catch (error) {
    if (error instanceof Error && error.name === 'ScoutError') throw error;
    return { id: 'unknown', isWindow: false };
  }
}
