import { spawn } from 'node:child_process';
import { abortReason } from '../../call.ts';
import { LineProblem } from './problem.ts';

/**
 * Run a command of `Match exec` as ssh does: by the user's shell, with nothing on its standard streams. True
 * where it exits with 0. It is killed, with its children, when `signal` aborts; then it rejects with the signal's reason. Rejects with LineProblem where
 * ssh gives up: the shell cannot be run, or the command dies by a signal.
 */
export function runInShell(command: string, env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(abortReason(signal));
    // A group of its own, so that children of the shell are reached as well.
    const child = spawn(env.SHELL || '/bin/sh', ['-c', command], { env, stdio: 'ignore', detached: true });
    const onAbort = () => {
      killGroup(child.pid);
      reject(abortReason(signal));
    };
    signal.addEventListener('abort', onAbort, { once: true });
    child.once('error', () => {
      signal.removeEventListener('abort', onAbort);
      reject(new LineProblem('the shell for Match exec cannot be run'));
    });
    child.once('exit', (code) => {
      signal.removeEventListener('abort', onAbort);
      if (code === null) reject(new LineProblem('the command of Match exec was killed'));
      else resolve(code === 0);
    });
  });
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // gone already
  }
}
