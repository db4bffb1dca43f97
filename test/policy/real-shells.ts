import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { programs } from '../../src/policy/programs/index.ts';

const run = promisify(execFile);

export interface Shell {
  readonly shell: string;
  readonly argv: readonly [string, ...string[]];
}

export const shells: readonly Shell[] = [
  { shell: 'dash', argv: ['/bin/dash'] },
  { shell: 'bash', argv: ['/bin/bash'] },
  { shell: 'bash as sh', argv: ['/bin/bash', '--posix'] },
  { shell: 'BusyBox ash', argv: ['/bin/busybox', 'sh'] },
];

/** The words of each program that was started. */
export type Started = readonly (readonly string[])[];

/** Real shells that note what words they read, instead of running the programs. */
export interface Bench {
  readonly home: string;
  /** For each line of shell text, what the shell starts, whatever exit codes it meets. */
  words(shell: Shell, lines: readonly string[]): Promise<readonly Started[]>;
  remove(): Promise<void>;
}

/** The stand-in of a program has an x after its name, so that no builtin and no applet is taken for it, and no hyphen, which dash allows in no function. */
export function standInName(program: string): string {
  return program === '[' ? 'bracketx' : `${program.replaceAll('-', '_')}x`;
}

export async function startBench(): Promise<Bench> {
  const directory = await mkdtemp(join(tmpdir(), 'scout-words-'));
  const home = join(directory, "it's *home*");
  await mkdir(home);
  const standIns = [...programs.keys(), 'zgrep'].map((program) => {
    const name = standInName(program);
    // To the end of its input first: so the programs of a pipe write one after the other.
    return `${name}() { while read -r _; do :; done; printf '%s\\0' "$LINE" "$#" ${name} "$@" >>"$NOTES"; return "$EXIT"; }\n`;
  });
  const collect = async ({ argv: [program, ...args] }: Shell, lines: readonly string[], exit: string) => {
    const notes = join(directory, `notes-${exit}`);
    await writeFile(notes, '');
    const script = join(directory, 'script');
    await writeFile(script, standIns.concat(lines.map((line, index) => `LINE=${index}\n${line}\n`)).join(''));
    const env = { PATH: '', HOME: home, NOTES: notes, EXIT: exit, LC_ALL: 'C' };
    const running = run(program, [...args, script], { env, cwd: home });
    running.child.stdin?.end();
    await running.catch(() => undefined);
    return readNotes(await readFile(notes, 'utf8'), lines.length);
  };
  return {
    home,
    words: async (shell, lines) => {
      // After && and || only one of both exits lets the shell come to a program.
      const zero = await collect(shell, lines, '0');
      const one = await collect(shell, lines, '1');
      return lines.map((_, index) => sorted([...(zero[index] ?? []), ...(one[index] ?? [])]));
    },
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}

/** Each once and in order, for the programs of a pipeline start in any. */
export function sorted(commands: Started): Started {
  return [...new Set(commands.map((words) => JSON.stringify(words)))].sort().map((text) => JSON.parse(text));
}

function readNotes(text: string, lines: number): readonly string[][][] {
  const fields = text.split('\0');
  const started = Array.from({ length: lines }, (): string[][] => []);
  for (let at = 0; at + 2 < fields.length; ) {
    const count = Number(fields[at + 1]);
    started[Number(fields[at])]?.push(fields.slice(at + 2, at + 3 + count));
    at += 3 + count;
  }
  return started;
}
