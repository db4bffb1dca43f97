declare module 'ssh2/lib/protocol/SFTP.js' {
  import type { SFTPWrapper } from 'ssh2';

  interface ChannelEnd {
    readonly id: number;
    window: number;
    readonly packetSize: number;
    state: 'open' | 'eof' | 'closing' | 'closed';
  }

  /** What ssh2's client asks of the SSH connection below an SFTP channel. */
  interface Carrier {
    channelData(id: number, data: Buffer): void;
    channelClose(id: number): void;
    channelWindowAdjust(id: number, bytes: number): void;
  }

  /** The class behind SFTPWrapper. */
  interface SftpChannel extends SFTPWrapper {
    readonly outgoing: ChannelEnd;
    /** Take what the server sent; null: it has ended. */
    push(data: Buffer | null): void;
    /** Send SSH_FXP_INIT; `ready` follows. */
    _init(): void;
  }

  const exported: {
    readonly SFTP: new (
      client: { readonly _protocol: Carrier },
      channel: { readonly type: 'session'; readonly incoming: ChannelEnd; readonly outgoing: ChannelEnd },
      config: object,
    ) => SftpChannel;
  };
  export default exported;
}
