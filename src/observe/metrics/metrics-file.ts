import { open, rename, rm, stat } from 'node:fs/promises';
import { ScoutError } from '../../errors.ts';
import { randomHex } from '../../random-hex.ts';
import type { Log } from '../log.ts';
import type { Family } from './family.ts';
import { prometheusText } from './prometheus-text.ts';

export const metricsIntervalMs = 15_000;
/** Another user reads it: the one of node_exporter. There is no secret in it. */
const mode = 0o644;

/**
 * SCOUT_METRICS_FILE: the metrics as they are now, rewritten every `intervalMs` for node_exporter's textfile collector.
 * The first comes after that time, so that a copy which a client starts and throws away writes nothing. A normal end
 * removes the file; one that stays and grows old is that of a process which did not end normally.
 */
export class MetricsFile {
  readonly #path: string;
  readonly #labels: Readonly<Record<string, string>>;
  readonly #collect: () => Promise<readonly Family[]>;
  readonly #log: Log;
  readonly #timer: NodeJS.Timeout;
  #writing: Promise<void> = Promise.resolve();
  #isWriting = false;
  #isThere = false;
  #lastProblem = '';

  /** `%p` in `pattern` is the process id. It is a label as well then, for series of two files must differ. */
  constructor(
    pattern: string,
    collect: () => Promise<readonly Family[]>,
    log: Log,
    intervalMs = metricsIntervalMs,
  ) {
    const pid = String(process.pid);
    this.#path = pattern.replaceAll('%p', pid);
    this.#labels = pattern.includes('%p') ? { pid } : {};
    this.#collect = collect;
    this.#log = log;
    this.#timer = setInterval(() => this.#tick(), intervalMs);
    this.#timer.unref();
  }

  /** Stop writing, and take the file away. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#writing;
    if (this.#isThere) await rm(this.#path, { force: true }).catch(() => {});
  }

  #tick(): void {
    if (this.#isWriting) return; // a slow disk is no reason to pile up
    this.#isWriting = true;
    this.#writing = this.#write().finally(() => {
      this.#isWriting = false;
    });
  }

  async #write(): Promise<void> {
    // not .prom: the collector does not look at it
    const beside = `${this.#path}.${randomHex(12)}.tmp`;
    try {
      const text = prometheusText(await this.#collect(), this.#labels);
      await refuseDevice(this.#path);
      const file = await open(beside, 'wx', mode);
      try {
        await file.chmod(mode); // whatever the umask says
        await file.writeFile(text);
      } finally {
        await file.close();
      }
      await rename(beside, this.#path);
      this.#isThere = true;
      this.#lastProblem = '';
    } catch (thrown) {
      await rm(beside, { force: true }).catch(() => {});
      this.#complain(thrown);
    }
  }

  /** Once for each reason, however often it fails. */
  #complain(thrown: unknown): void {
    const problem = (thrown as NodeJS.ErrnoException).code ?? String(thrown); // what fs rejects with
    if (problem === this.#lastProblem) return;
    this.#lastProblem = problem;
    this.#log('error', 'metrics file', { file: this.#path, problem });
  }
}

/** For root, a rename puts a file in the place of /dev/null as well, and the end of the process takes that away. */
async function refuseDevice(path: string): Promise<void> {
  const there = await stat(path).catch(() => undefined);
  if (there && !there.isFile())
    throw new ScoutError(
      'unsupported_file',
      'what is there is no file',
      'Name another in SCOUT_METRICS_FILE.',
    );
}
