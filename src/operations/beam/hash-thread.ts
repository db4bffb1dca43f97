import { Worker } from 'node:worker_threads';

/** A smaller file is hashed sooner than a thread has begun, in bytes. */
export const threadBytes = 64 * 1024 * 1024;

/** To wake a thread costs something too. */
const stepBytes = 4 * 1024 * 1024;

/** For the thread: what it reads is in the page cache, where the copy has it from or puts it. */
const program = `
const { readSync } = require('node:fs');
const { createHash } = require('node:crypto');
const { parentPort, workerData } = require('node:worker_threads');
const hash = createHash('sha256');
const buffer = Buffer.allocUnsafe(512 * 1024);
let at = 0;
parentPort.on('message', ({ upTo, isLast }) => {
  while (at < upTo) {
    const count = readSync(workerData, buffer, 0, Math.min(buffer.length, upTo - at), at);
    if (count === 0) break;
    hash.update(buffer.subarray(0, count));
    at += count;
  }
  if (isLast) parentPort.postMessage(hash.digest('hex'));
});
`;

/**
 * SHA-256 of a file from its beginning, made by a thread of its own that follows the copy: hashing costs as much of a
 * processor as decrypting does, and the thread of the program has none to spare.
 */
export class HashThread {
  readonly #worker: Worker;
  readonly #made: Promise<string | undefined>;
  #told = 0;

  private constructor(worker: Worker) {
    this.#worker = worker;
    this.#made = new Promise((resolve) => {
      worker.once('message', resolve);
      worker.once('error', () => resolve(undefined));
      worker.once('exit', () => resolve(undefined));
    });
  }

  /** `descriptor` stays open until `stop`. Undefined where no thread is to be had. */
  static start(descriptor: number): HashThread | undefined {
    try {
      const limits = { maxYoungGenerationSizeMb: 1, maxOldGenerationSizeMb: 16 };
      return new HashThread(
        new Worker(program, {
          eval: true,
          workerData: descriptor,
          env: {},
          execArgv: [],
          resourceLimits: limits,
        }),
      );
    } catch {
      return undefined; // a limit of the system, or of Node's permission model
    }
  }

  /** So many bytes are there and stay as they are. */
  follow(bytes: number): void {
    if (bytes - this.#told < stepBytes) return;
    this.#told = bytes;
    this.#worker.postMessage({ upTo: bytes, isLast: false });
  }

  /** In hexadecimal, of so many bytes; undefined where the file could not be read. */
  async digest(bytes: number): Promise<string | undefined> {
    this.#worker.postMessage({ upTo: bytes, isLast: true });
    return await this.#made;
  }

  /** Resolves when the descriptor is used no more. */
  async stop(): Promise<void> {
    await this.#worker.terminate();
  }
}
