import { setFlagsFromString } from 'node:v8';
import { usualHeapGrowth } from '../../heap-growth.ts';

/**
 * V8 takes buffers into account as if its small heap had grown by them: while a copy runs, each 10 MB of them would
 * have it look through the whole heap, which took a third of the processor time of a copy. It may grow to two and a half
 * times its size until it looks, young buffers go long before, and the space of the young stays as small as it is.
 * All are flags that V8 reads anew each time.
 */
const roomy = ['--heap-growing-percent=150', '--minor-gc-task-trigger=40', '--semi-space-growth-factor=1'];
const usual = [usualHeapGrowth, '--minor-gc-task-trigger=80', '--semi-space-growth-factor=2'];

let running = 0;

/** Do work through which many short-lived buffers go. */
export async function withRoomyHeap<T>(work: () => Promise<T>): Promise<T> {
  running += 1;
  if (running === 1) for (const flag of roomy) setFlagsFromString(flag);
  try {
    return await work();
  } finally {
    running -= 1;
    if (running === 0) for (const flag of usual) setFlagsFromString(flag);
  }
}
