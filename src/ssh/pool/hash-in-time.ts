import { ScoutError } from '../../errors.ts';
import { hashPrefix } from '../shell/hash-prefix.ts';
import type { RunEnd } from '../shell/shell-worker.ts';
import type { SessionJob } from './host-session.ts';

/** Where every channel of a small server is taken by copies, no worker's turn ever comes. */
const turnLimitMs = 10_000;

/** `hashPrefix` by a worker; undefined also where the turn of a command does not come soon. */
export async function hashInTime(
  run: (job: SessionJob) => Promise<RunEnd>,
  path: string,
  bytes: number,
  signal: AbortSignal,
): Promise<string | undefined> {
  const either = new AbortController();
  const follow = () => either.abort(signal.reason);
  if (signal.aborted) follow();
  signal.addEventListener('abort', follow, { once: true });
  const timer = setTimeout(() => either.abort(noTurn()), turnLimitMs);
  const onWall = () => clearTimeout(timer); // it is about to be sent
  try {
    return await hashPrefix(
      (command, sink) => run({ command, cwd: '', sink, signal: either.signal, onWall }),
      path,
      bytes,
      signal,
    );
  } catch (error) {
    if (error instanceof ScoutError && error.code === 'busy') return undefined;
    throw error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', follow);
  }
}

function noTurn(): ScoutError {
  return new ScoutError('busy', 'no channel was free for a command', 'Call again.');
}
