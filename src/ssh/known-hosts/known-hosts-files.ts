import { open, stat } from 'node:fs/promises';
import { type KnownHostsLine, parseKnownHosts } from './known-hosts-line.ts';

/** A known_hosts file as it is now. A file that does not exist has no lines and no problem. */
export interface KnownHostsFile {
  readonly lines: readonly KnownHostsLine[];
  /** Why the file could not be read, such as `EACCES`; undefined where it could, or where there is none. */
  readonly problem: string | undefined;
}

/** More is not a known_hosts file. */
const maxFileBytes = 64 * 1024 * 1024;

/** Reads known_hosts files, and reads one again only when it changed. One per server, shared by all hosts. */
export class KnownHostsFiles {
  readonly #read = new Map<string, { version: string; file: KnownHostsFile }>();

  /** Never rejects. */
  async read(path: string): Promise<KnownHostsFile> {
    try {
      return await this.#readOpen(path);
    } catch (error) {
      this.#read.delete(path);
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
      return { lines: [], problem: code === 'ENOENT' || code === 'ENOTDIR' ? undefined : code };
    }
  }

  async #readOpen(path: string): Promise<KnownHostsFile> {
    const facts = await stat(path, { bigint: true });
    if (facts.isCharacterDevice()) return { lines: [], problem: undefined }; // /dev/null
    if (!facts.isFile()) return { lines: [], problem: 'not a file' }; // opening a FIFO would wait for a writer
    if (facts.size > maxFileBytes) return { lines: [], problem: 'larger than 64 MiB' };
    const version = [facts.dev, facts.ino, facts.size, facts.mtimeNs, facts.ctimeNs].join(':');
    const before = this.#read.get(path);
    if (before?.version === version) return before.file;
    const handle = await open(path, 'r');
    try {
      // Bytes as latin1: host patterns are compared as bytes, and nothing of the text is shown.
      const file = { lines: parseKnownHosts(await handle.readFile('latin1'), path), problem: undefined };
      this.#read.set(path, { version, file });
      return file;
    } finally {
      await handle.close();
    }
  }
}
