declare module 'ssh2/lib/protocol/utils.js' {
  const utils: {
    /** Encrypt and send, or queue while keys are being exchanged. */
    sendPacket(protocol: unknown, packet: Buffer): boolean;
  };
  export default utils;
}
