import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { commandLine } from '../../fixtures/processes.ts';
import type { Sshd } from '../../fixtures/sshd.ts';
import { until } from '../../fixtures/until.ts';

export interface Fifo {
  readonly path: string;
  /** Wait until somebody reads it, give one line and the end. */
  write(line: string): Promise<void>;
}

/** A FIFO that everybody may read: `cat` of it waits until something is written. */
export function makeFifo(directory: string, name: string): Fifo {
  const path = join(directory, name);
  execFileSync('mkfifo', ['-m', '666', path]);
  return {
    path,
    async write(line) {
      let descriptor = -1;
      await until(() => {
        try {
          descriptor = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK); // fails without a reader
        } catch {
          return false;
        }
        return true;
      });
      writeSync(descriptor, `${line}\n`);
      closeSync(descriptor);
    },
  };
}

/** Wait until a remote `cat` of each path runs. Looks seldom: to read all of /proc costs what sshd needs to work. */
export async function untilRead(sshd: Sshd, ...fifos: readonly Fifo[]): Promise<void> {
  await until(async () => {
    await new Promise((resolve) => setTimeout(resolve, 40));
    const commands = sshd.processes().map(commandLine);
    return fifos.every(({ path }) =>
      commands.some((command) => /^cat /.test(command) && command.endsWith(path)),
    );
  });
}
