import { connect, createServer, type Socket } from 'node:net';

export interface WireOptions {
  readonly targetPort: number;
  /** What the wire adds to a round trip, in ms: half of it each way. */
  readonly roundTripMs?: number;
}

/** What went over a wire so far, all its connections together. */
export interface WireCounts {
  readonly connections: number;
  /**
   * Round trips, of the connection with the most: how often something came to the client that the server sent after
   * it had something that the client sent after the same again. The three packets of TCP's own beginning are not in.
   */
  readonly roundTrips: number;
  /** Pieces that the client wrote, and the server: reads of a socket, which the kernel may join. */
  readonly pieces: { readonly up: number; readonly down: number };
  readonly bytes: { readonly up: number; readonly down: number };
}

export interface Wire {
  readonly port: number;
  counts(): WireCounts;
  /** Of what is sent from now on. */
  setRoundTrip(ms: number): void;
  stop(): Promise<void>;
}

type Way = 'up' | 'down';

/** One end: the most round trips that anything has behind it that came here. */
interface End {
  readonly socket: Socket;
  trips: number;
}

/**
 * A TCP proxy on 127.0.0.1 that counts and delays. A count of round trips is a length of a chain of causes, so packets
 * that are on the way together count once, however they interleave: give it a delay that is longer than what the two
 * ends take to think (20 ms), for without one the server has answered the first of them before the second is sent.
 */
export async function startWire({ targetPort, roundTripMs = 0 }: WireOptions): Promise<Wire> {
  const sockets = new Set<Socket>();
  const counts = { connections: 0, roundTrips: 0, pieces: { up: 0, down: 0 }, bytes: { up: 0, down: 0 } };
  let delayMs = roundTripMs / 2;

  const later = (work: () => void) => {
    if (delayMs > 0) setTimeout(work, delayMs);
    else work();
  };
  const forward = (from: End, to: End, way: Way) => {
    sockets.add(from.socket);
    from.socket.on('data', (data) => {
      counts.pieces[way] += 1;
      counts.bytes[way] += data.length;
      const trips = from.trips + (way === 'down' ? 1 : 0);
      later(() => {
        to.trips = Math.max(to.trips, trips);
        if (way === 'down') counts.roundTrips = Math.max(counts.roundTrips, trips);
        to.socket.write(data);
      });
    });
    from.socket.on('end', () => later(() => to.socket.end()));
    from.socket.on('error', () => later(() => to.socket.destroy()));
    from.socket.on('close', () => {
      sockets.delete(from.socket);
      later(() => to.socket.destroy());
    });
  };
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    counts.connections += 1;
    const target = connect({ port: targetPort, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    // what a server says unasked, its version, is no answer: it begins one behind
    const [client, far] = [
      { socket, trips: 0 },
      { socket: target, trips: -1 },
    ];
    forward(client, far, 'up');
    forward(far, client, 'down');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    port: address.port,
    counts: () => structuredClone(counts),
    setRoundTrip: (ms) => {
      delayMs = ms / 2;
    },
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
