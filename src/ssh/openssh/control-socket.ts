import { connect, type Socket } from 'node:net';
import { raceAbort } from '../../call.ts';

/** PROTOCOL.mux section 1: uint32 length, MUX_MSG_HELLO, protocol version. */
const hello = Buffer.from('000000080000000100000004', 'hex');

/**
 * Greet the master behind a control socket (PROTOCOL.mux section 1), as `ssh -O check` does first. The socket
 * closes when the master is gone. Undefined where no master answers; rejects with the signal's reason only.
 */
export async function greetMaster(path: string, signal: AbortSignal): Promise<Socket | undefined> {
  const socket = connect(path);
  const greeted = new Promise<Socket | undefined>((resolve) => {
    socket.once('error', () => resolve(undefined));
    socket.once('close', () => resolve(undefined));
    socket.once('connect', () => socket.write(hello));
    socket.once('data', (answer) => {
      const isMaster = answer.subarray(4, 12).equals(hello.subarray(4));
      if (!isMaster) socket.destroy();
      resolve(isMaster ? socket : undefined);
    });
  });
  try {
    const master = await raceAbort(greeted, signal);
    master?.on('error', () => {}); // 'close' follows and says it
    master?.resume();
    return master;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}
