import type { Duplex } from 'node:stream';

/**
 * Let what is written within one turn of the event loop leave together: ssh2 writes length, body and tag of a packet
 * one by one, and each would be a system call and a TCP segment of its own.
 */
export function gatherWrites(stream: Duplex): void {
  const write = stream.write.bind(stream);
  let isGathering = false;
  const release = () => {
    isGathering = false;
    stream.uncork();
  };
  const gather = (...given: Parameters<typeof write>) => {
    if (!isGathering) {
      isGathering = true;
      stream.cork();
      process.nextTick(release);
    }
    return write(...given);
  };
  stream.write = gather as typeof stream.write; // its overloads take what `write` takes
}
