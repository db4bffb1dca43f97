import { ScoutError } from '../errors.ts';
import { exitCodes } from './exit-codes.ts';

/** `scout-mcp demo`. Ctrl-C, and a reader of the output that goes away, end it early; it cleans up all the same. */
export async function runDemo(): Promise<void> {
  const { walk } = await import('../demo/walk.ts');
  const interrupted = new AbortController();
  const stop = () =>
    interrupted.abort(new ScoutError('cancelled', 'it was interrupted', 'Start the demo again.'));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  let isRead = true;
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    isRead = error.code !== 'EPIPE';
    stop();
  });
  const worked = await walk((line) => process.stdout.write(`${line}\n`), { signal: interrupted.signal });
  if (!worked && isRead) process.exitCode = exitCodes.failed;
}
