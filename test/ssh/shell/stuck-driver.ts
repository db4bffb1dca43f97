import { defaultDenyPaths } from '../../../src/deny-paths.ts';
import { startWorker } from '../../../src/ssh/shell/start-worker.ts';
import { Collect } from './collect.ts';
import { localConnection } from './local-connection.ts';

/** A pipe of two processes that wait for ever, both with the path of the FIFO in their command line. */
export function stuckCommand(fifo: string): string {
  return `cat ${fifo} | grep ${fifo}`;
}

/** Stands for the whole program: start a command that waits for ever, and say so on stdout. */
export async function driveStuck(fifo: string): Promise<void> {
  const { signal } = new AbortController();
  const worker = await startWorker(localConnection({ loginShell: '/bin/bash' }), {
    signal,
    nice: true,
    denied: defaultDenyPaths(),
  });
  const running = worker.run({ command: stuckCommand(fifo), cwd: '', sink: new Collect(), signal });
  process.stdout.write('running\n');
  await running;
}
