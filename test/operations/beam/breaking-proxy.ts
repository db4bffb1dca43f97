import { connect, createServer, type Socket } from 'node:net';

export interface BreakingProxy {
  readonly port: number;
  /** What went through so far, both ways together. */
  bytes(): number;
  /**
   * Once `bytes` more went through, call `act`; where that `silences`, forward nothing more on the connections that
   * are open then, not even their end.
   */
  breakAfter(bytes: number, silences: boolean, act: () => void): void;
  /** Forget a break that has not come. False where it has. */
  disarm(): boolean;
  /** Destroy every connection. */
  cut(): void;
  /** How long each piece is held back, each way, in ms. */
  setDelay(delayMs: number): void;
  /** How much goes through, each way of each connection, in bytes a second. */
  setRate(bytesPerSecond: number): void;
  stop(): Promise<void>;
}

/** A TCP proxy on 127.0.0.1 that breaks at a byte that the test chooses. */
export async function startBreakingProxy(targetPort: number): Promise<BreakingProxy> {
  const pairs = new Set<{ isSilent: boolean; readonly sockets: readonly Socket[] }>();
  let armed: { left: number; readonly silences: boolean; readonly act: () => void } | undefined;
  let through = 0;
  let delayMs = 0;
  let rate = Number.POSITIVE_INFINITY;

  /** How much of a piece goes through. */
  const pass = (length: number): number => {
    const taken = armed?.silences ? Math.min(armed.left, length) : length;
    through += taken;
    if (!armed) return taken;
    armed.left -= taken;
    if (armed.left > 0) return taken;
    if (armed.silences) for (const pair of pairs) pair.isSilent = true;
    setImmediate(armed.act); // behind what is forwarded still
    armed = undefined;
    return taken;
  };
  const server = createServer((client) => {
    const target = connect({ port: targetPort, host: '127.0.0.1' });
    const pair = { isSilent: false, sockets: [client, target] };
    pairs.add(pair);
    const forward = (from: Socket, to: Socket) => {
      const waiting: (() => void)[] = [];
      const later = (work: () => void) => {
        if (delayMs === 0 && waiting.length === 0) return work();
        waiting.push(work);
        setTimeout(() => waiting.shift()?.(), delayMs); // in their order, also where the delay was changed meanwhile
      };
      from.setNoDelay(true);
      from.on('data', (data) => {
        if (pair.isSilent) return;
        const taken = pass(data.length);
        later(() => to.write(data.subarray(0, taken)));
        if (rate === Number.POSITIVE_INFINITY) return;
        from.pause();
        setTimeout(() => from.resume(), (1_000 * data.length) / rate);
      });
      from.on('error', () => {}); // 'close' follows
      from.on('close', () => {
        if (pair.isSilent) return;
        pairs.delete(pair);
        later(() => to.destroy());
      });
    };
    forward(client, target);
    forward(target, client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const cut = () => {
    for (const pair of pairs) for (const socket of pair.sockets) socket.destroy();
    pairs.clear();
  };
  return {
    port: address.port,
    bytes: () => through,
    breakAfter: (bytes, silences, act) => {
      armed = { left: Math.max(1, bytes), silences, act };
    },
    disarm: () => {
      const wasArmed = armed !== undefined;
      armed = undefined;
      return wasArmed;
    },
    cut,
    setDelay: (ms) => {
      delayMs = ms;
    },
    setRate: (bytesPerSecond) => {
      rate = bytesPerSecond;
    },
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      cut();
      await closed;
    },
  };
}
