declare module 'ssh2/lib/protocol/constants.js' {
  const constants: {
    readonly SUPPORTED_KEX: readonly string[];
    readonly SUPPORTED_SERVER_HOST_KEY: readonly string[];
    readonly SUPPORTED_CIPHER: readonly string[];
    readonly SUPPORTED_MAC: readonly string[];
    readonly DISCONNECT_REASON_BY_VALUE: Readonly<Record<string, string>>;
  };
  export default constants;
}

declare module 'ssh2/lib/protocol/crypto.js' {
  const crypto: {
    /** Of its addon, which is compiled where the package is installed with a compiler, and not bundled. */
    readonly bindingAvailable: boolean;
  };
  export default crypto;
}
