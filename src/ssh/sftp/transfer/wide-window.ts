import type { ClientChannel, SFTPWrapper } from 'ssh2';

/** What ssh2 keeps to itself: the window it grants the server (RFC 4254 section 5.2), and how it grants more. */
interface Internals {
  readonly incoming: { window: number };
  readonly outgoing: { readonly id: number; readonly state: string };
  readonly _client: { readonly _protocol: { channelWindowAdjust(channel: number, bytes: number): void } };
  push(data: Buffer | null): unknown;
}

/**
 * Let the server send up to `windowBytes` ahead on a channel. ssh2 grants 2 MiB, which at 100 ms of round trip is
 * 20 MB/s. No memory depends on it: what is asked for bounds what comes by SFTP, and the output of a program is read
 * as it comes.
 */
export function widenWindow(wrapper: ClientChannel | SFTPWrapper, windowBytes: number): void {
  const channel = wrapper as unknown as Internals; // what the types of ssh2 leave out
  const push = channel.push.bind(channel);
  const refill = () => {
    const { incoming, outgoing } = channel;
    if (outgoing.state !== 'open' || incoming.window > windowBytes / 2) return;
    const more = windowBytes - incoming.window;
    incoming.window += more;
    channel._client._protocol.channelWindowAdjust(outgoing.id, more);
  };
  channel.push = (data) => {
    const taken = push(data);
    // before ssh2 looks at the window, which it would fill up to its own 2 MiB; not where nobody reads
    if (data !== null && taken !== false) refill();
    return taken;
  };
  refill();
}
