import type { SFTPWrapper } from 'ssh2';

/** What ssh2's SFTP client asks of the SSH connection below it. */
interface Carrier {
  channelData(channel: number, data: Buffer): void;
  channelClose(channel: number): void;
}

/** What ssh2 keeps to itself. */
interface Internals {
  readonly outgoing: { readonly id: number; readonly packetSize: number };
  _protocol: Carrier;
}

/**
 * Let the SFTP requests of one turn of the event loop leave as one packet of SSH, as far as it has room for them: to
 * encrypt a packet costs more than what is in it.
 */
export function joinRequests(sftp: SFTPWrapper): void {
  const channel = sftp as unknown as Internals; // what the types of ssh2 leave out
  const { outgoing, _protocol: below } = channel;
  let requests: Buffer[] = [];
  let bytes = 0;
  const send = () => {
    const [first] = requests;
    if (!first) return;
    const data = requests.length === 1 ? first : Buffer.concat(requests, bytes);
    requests = [];
    bytes = 0;
    below.channelData(outgoing.id, data);
  };
  channel._protocol = {
    channelData(_, data) {
      if (bytes + data.length > outgoing.packetSize) send();
      if (bytes === 0) process.nextTick(send);
      requests.push(data);
      bytes += data.length;
    },
    channelClose(id) {
      send();
      below.channelClose(id);
    },
  };
}
