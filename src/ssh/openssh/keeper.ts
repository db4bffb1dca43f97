import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** From asking to SIGKILL. */
const goodbyeMs = 500;

/** What of a line of ssh is heard: a server may have said it, and no line of ssh's own is longer. */
const mostLineUnits = 4_096;

/**
 * Waits for the end of its input, which comes with the end of this process too, however it ends; then, or when
 * the program ends by itself, ends the program and removes the directory. stderr is the program's alone: a shell that said there how
 * its program ended would die of it when nobody listens any more.
 */
const script = [
  'directory=$1; shift; exec 3<&0 </dev/null',
  'if [ $# -gt 0 ]; then',
  '  "$@" 3<&- & program=$!; exec 2>/dev/null',
  '  { cat <&3; kill "$program"; } >/dev/null &',
  '  wait "$program"; status=$?',
  'else cat <&3; status=0; fi',
  'rm -rf -- "$directory"; exit "$status"',
].join('\n');

/** A directory of our own, and maybe a program, which are gone at the latest when this process is. */
export class Keeper {
  /** Mode 0700, its path short: that of a UNIX socket may have some 100 bytes. */
  readonly directory = mkdtempSync(join(tmpdir(), 'scout-'));
  /** Settles when program and directory are gone; never rejects. */
  readonly gone: Promise<void>;
  readonly #child: ChildProcess;

  /** `program` gets the directory; undefined where there is only the directory to keep. */
  constructor(program: ((directory: string) => readonly string[]) | undefined, env: NodeJS.ProcessEnv) {
    const words = program?.(this.directory) ?? [];
    this.#child = spawn('/bin/sh', ['-c', script, 'sh', this.directory, ...words], {
      stdio: ['pipe', 'ignore', 'pipe'],
      detached: true, // a process group to kill, and no terminal to ask on
      env,
    });
    this.#child.stdin?.on('error', () => {}); // its end, which follows, says it
    this.gone = new Promise((resolve) => {
      const end = () => {
        rmSync(this.directory, { recursive: true, force: true });
        resolve();
      };
      this.#child.once('exit', () => this.#killGroup()); // what a program left behind, such as its ProxyCommand
      this.#child.once('close', end);
      this.#child.once('error', end);
    });
  }

  /** Hear what the program says on stderr. */
  onLines(listener: (line: string) => void): void {
    let rest = '';
    this.#child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
      const lines = (rest + chunk).split(/\r?\n/).map((line) => line.slice(0, mostLineUnits));
      rest = lines.pop() ?? '';
      for (const line of lines) listener(line);
    });
  }

  /** End program and directory, politely, then for good; safe to call again. */
  end(): void {
    this.#child.stdin?.end();
    const timer = setTimeout(() => this.#killGroup(), goodbyeMs);
    void this.gone.then(() => clearTimeout(timer));
  }

  #killGroup(): void {
    if (this.#child.pid === undefined) return;
    try {
      process.kill(-this.#child.pid, 'SIGKILL');
    } catch {
      // everything in it has ended
    }
  }
}
