import { connect, createServer, type Socket } from 'node:net';

/** `silent`: a firewall that drops what follows; `turnedAway`: says a line and closes, as sshd drops a connection. */
type State = 'silent' | 'open' | { readonly turnedAway: string };

/** A port of 127.0.0.1 in front of an sshd, which first lets nobody through. */
export interface Door {
  readonly port: number;
  set(state: State): void;
  /** Connections so far. */
  accepted(): number;
  stop(): Promise<void>;
}

export async function startDoor(targetPort: number, first: State): Promise<Door> {
  const sockets = new Set<Socket>();
  let state = first;
  let accepted = 0;
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    return socket;
  };
  const server = createServer((client) => {
    keep(client);
    accepted += 1;
    if (state === 'silent') return;
    if (state !== 'open') return void client.end(state.turnedAway);
    const target = keep(connect(targetPort, '127.0.0.1'));
    client.pipe(target).pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    port: address.port,
    set: (next) => {
      state = next;
    },
    accepted: () => accepted,
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
