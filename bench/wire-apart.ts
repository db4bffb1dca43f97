import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { startWire } from './wire.ts';

/** The argument that makes this program a wire, in a process of its own: what is measured shall not wait for it. */
export const wireFlag = '--as-wire';

export interface WireApart {
  readonly port: number;
  stop(): Promise<void>;
}

export async function startWireApart(targetPort: number, roundTripMs: number): Promise<WireApart> {
  const child: ChildProcess = fork(fileURLToPath(import.meta.url), [
    wireFlag,
    String(targetPort),
    String(roundTripMs),
  ]);
  const [port] = await once(child, 'message');
  return {
    port: Number(port),
    async stop() {
      const exited = once(child, 'exit');
      child.disconnect();
      await exited;
    },
  };
}

/** Be a wire until the parent lets go. */
export async function serveWire(words: readonly string[]): Promise<void> {
  const [targetPort, roundTripMs] = words.map(Number);
  const wire = await startWire({ targetPort: targetPort ?? 0, roundTripMs: roundTripMs ?? 0 });
  process.send?.(wire.port);
  await once(process, 'disconnect');
  await wire.stop();
}
