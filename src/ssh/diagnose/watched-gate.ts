import { type RemoteText, toRemoteLine } from '../../remote-text.ts';
import type { HostSettings } from '../hosts/settings.ts';
import type { AnotherWay } from '../known-hosts/fetch-certificate.ts';
import { HostKeyGate, type OpenGate } from '../known-hosts/host-key-gate.ts';
import { fingerprintOf, keyTypeName, keyTypeOf } from '../known-hosts/public-key.ts';

/** The host key that a dial has come to. */
export interface SeenKey {
  /** Type and fingerprint. */
  readonly name: RemoteText;
  /** On the clock of `performance.now()`. */
  readonly atMs: number;
  readonly accepted: boolean;
}

/** The gate of every connection, which remembers what it was shown: how far a dial came, and when. */
export class WatchedGate extends HostKeyGate {
  readonly #seen = new Map<string, SeenKey>();

  /** The key of the last dial with these settings; undefined where it did not come to one. */
  seen({ fingerprint }: HostSettings): SeenKey | undefined {
    return this.#seen.get(fingerprint);
  }

  override async open(
    settings: HostSettings,
    signal: AbortSignal,
    anotherWay?: () => Promise<AnotherWay>,
  ): Promise<OpenGate> {
    this.#seen.delete(settings.fingerprint);
    const gate = await super.open(settings, signal, anotherWay);
    return {
      algorithms: gate.algorithms,
      accept: async (blob) => {
        const name = toRemoteLine(`${keyTypeName(keyTypeOf(blob))} ${fingerprintOf(blob)}`);
        const see = (accepted: boolean) =>
          this.#seen.set(settings.fingerprint, { name, atMs: performance.now(), accepted });
        see(false);
        await gate.accept(blob);
        see(true);
      },
    };
  }
}
