import type { Client } from 'ssh2';
import protocolUtils from 'ssh2/lib/protocol/utils.js';
import { wireString } from '../known-hosts/wire.ts';
import type { SignatureAlgorithm } from './signature-algorithm.ts';

/**
 * The parts of ssh2 1.17.0's client that its own publickey method is made of. ssh2 has no door for a request
 * that is signed at once, for certificates or for hardware keys; its version is pinned for this file.
 */
interface Protocol {
  authPK(username: string, key: unknown, algorithm?: string, sign?: unknown): void;
  authNone(username: string): void;
  readonly _kex: { readonly sessionID: Buffer };
  readonly _handlers: { EXT_INFO?: (protocol: unknown, extensions: readonly Extension[]) => void };
  readonly _packetRW: {
    readonly write: {
      alloc(length: number): Buffer;
      readonly allocStart: number;
      finalize(packet: Buffer): Buffer;
    };
  };
  readonly _authsQueue: string[];
}

interface Extension {
  readonly name: string;
  readonly algs?: readonly string[];
}

const userauthRequest = 50;

/** User authentication messages of RFC 4252 over a connecting ssh2 client. */
export class Ssh2Userauth {
  readonly #protocol: Protocol;
  readonly #username: string;
  #announced: readonly string[] | undefined;
  #closed = false;

  /**
   * Take over the publickey method of `client`, just after its `connect()`. `onPublicKey` is called when ssh2
   * would send a request (`probed` false) or sign after the server took the probe (`probed` true).
   */
  constructor(client: Client, username: string, onPublicKey: (probed: boolean) => void) {
    // the cast: ssh2's types hide what is not its public face
    this.#protocol = (client as unknown as { _protocol: Protocol })._protocol;
    this.#username = username;
    client.once('close', () => {
      this.#closed = true;
    });
    this.#protocol.authPK = (_username, _key, _algorithm, sign) => onPublicKey(sign !== undefined);
    const { EXT_INFO } = this.#protocol._handlers;
    this.#protocol._handlers.EXT_INFO = (protocol, extensions) => {
      this.#announced ??= extensions.find(({ name }) => name === 'server-sig-algs')?.algs;
      EXT_INFO?.(protocol, extensions);
    };
  }

  /** The signature algorithms that the server announced (RFC 8308 section 3.1), if it did. */
  get announced(): readonly string[] | undefined {
    return this.#announced;
  }

  /** Ask whether the server would take the key (RFC 4252 section 7). */
  probe(blob: Buffer, { request }: SignatureAlgorithm): void {
    this.#send(this.#request(0, request, blob));
  }

  /** What a signature covers: the session identifier and the request. */
  dataToSign(blob: Buffer, { request }: SignatureAlgorithm): Buffer {
    return Buffer.concat([wireString(this.#protocol._kex.sessionID), this.#request(1, request, blob)]);
  }

  sendSigned(blob: Buffer, { request }: SignatureAlgorithm, signature: Buffer): void {
    this.#send(Buffer.concat([this.#request(1, request, blob), wireString(signature)]));
  }

  none(): void {
    if (!this.#closed) this.#protocol.authNone(this.#username);
  }

  #request(signed: 0 | 1, algorithm: string, blob: Buffer): Buffer {
    return Buffer.concat([
      Buffer.of(userauthRequest),
      wireString(this.#username),
      wireString('ssh-connection'),
      wireString('publickey'),
      Buffer.of(signed),
      wireString(algorithm),
      wireString(blob),
    ]);
  }

  #send(payload: Buffer): void {
    if (this.#closed) return;
    const { write } = this.#protocol._packetRW;
    const start = write.allocStart;
    const packet = write.alloc(payload.length);
    payload.copy(packet, start);
    this.#protocol._authsQueue.push('publickey');
    protocolUtils.sendPacket(this.#protocol, write.finalize(packet));
  }
}
