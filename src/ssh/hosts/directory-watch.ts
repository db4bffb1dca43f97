import { type FSWatcher, watch } from 'node:fs';

const settleMs = 200;

/**
 * Hears of changes in a set of directories without keeping the process alive. It only hints: what changed, and
 * whether anything did, the listener finds out. A directory that cannot be watched is left out.
 */
export class DirectoryWatch {
  readonly #listener: () => void;
  readonly #watchers = new Map<string, FSWatcher>();
  #timer: NodeJS.Timeout | undefined;

  constructor(listener: () => void) {
    this.#listener = listener;
  }

  /** Watch these directories and no others. */
  follow(directories: ReadonlySet<string>): void {
    for (const [path, watcher] of this.#watchers) {
      if (directories.has(path)) continue;
      watcher.close();
      this.#watchers.delete(path);
    }
    for (const path of directories) if (!this.#watchers.has(path)) this.#add(path);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.follow(new Set());
  }

  #add(path: string): void {
    try {
      const watcher = watch(path, { persistent: false }, () => this.#changed());
      watcher.on('error', () => {
        watcher.close();
        this.#watchers.delete(path);
      });
      this.#watchers.set(path, watcher);
    } catch {
      // not there any more, or no watches left: the next call looks by itself
    }
  }

  /** Editors write in several steps: wait until it is quiet. */
  #changed(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      const paths = new Set(this.#watchers.keys());
      this.follow(new Set()); // another directory may stand there now, with the number of the old one
      this.follow(paths);
      this.#listener();
    }, settleMs).unref();
  }
}
