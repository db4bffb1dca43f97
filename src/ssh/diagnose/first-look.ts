import { ScoutError } from '../../errors.ts';
import { Dialer } from '../connection/dial.ts';
import type { HostSettings } from '../hosts/settings.ts';
import { HostKeyGate, type OpenGate } from '../known-hosts/host-key-gate.ts';
import { loadHostKeys } from '../known-hosts/host-keys.ts';
import { KnownHostsFiles } from '../known-hosts/known-hosts-files.ts';
import type { HostKeyVerdict } from '../known-hosts/verdict.ts';
import { dialHost } from '../pool/dial-host.ts';
import { hopsTo } from './hop-chain.ts';
import { connectLimitMs, type DiagnoseOptions, hostKeyOptions, Ways } from './ways.ts';

export interface FirstLook {
  readonly settings: HostSettings;
  readonly verdict: HostKeyVerdict;
  /** SCOUT_KNOWN_HOSTS, where it is set: the file used instead of the configured ones. */
  readonly override: string | undefined;
}

/**
 * The key that a host proves to own and what known_hosts says of it: a key exchange (RFC 4253 section 8) that ends
 * there. No login is begun at the host; at its jumps there is one, as always. Rejects as dialing does, for a jump
 * as well.
 */
export async function lookAtHostKey(
  host: string,
  options: DiagnoseOptions,
  signal: AbortSignal,
): Promise<FirstLook> {
  const hops = await hopsTo(options.hosts, host, signal);
  const settings = hops.at(-1) as HostSettings; // there is one at least
  const gate = new StoppingGate(hostKeyOptions(options));
  const dialer = new Dialer({ env: options.env, hostKeys: gate });
  const way = await new Ways(options).open(hops.slice(0, -1), signal);
  try {
    const failure = way.steps.find(({ error }) => error)?.error;
    if (failure) throw failure;
    const connection = await dialHost(
      settings,
      {
        limitMs: connectLimitMs(settings, options.config),
        jump: async () => undefined, // it is open already
        dial: (_none, part) => dialer.dial(settings, way.connection, part),
        observe: () => {},
      },
      signal,
    );
    connection.end();
    throw new Error('a gate that accepts no key let a login through');
  } catch (error) {
    if (gate.verdict) return { settings, verdict: gate.verdict, override: gate.override };
    throw error;
  } finally {
    way.leave();
  }
}

/** A gate that lets nobody in, and keeps what it was shown. */
class StoppingGate extends HostKeyGate {
  readonly override: string | undefined;
  readonly #env: NodeJS.ProcessEnv;
  verdict: HostKeyVerdict | undefined;

  constructor(options: ReturnType<typeof hostKeyOptions>) {
    super(options);
    this.override = options.override;
    this.#env = options.env;
  }

  override async open(settings: HostSettings, signal: AbortSignal): Promise<OpenGate> {
    const sources = { files: new KnownHostsFiles(), override: this.override, env: this.#env };
    const keys = await loadHostKeys(settings, sources, signal);
    return {
      algorithms: keys.algorithms,
      accept: async (blob) => {
        this.verdict = await keys.judge(blob, signal);
        throw new ScoutError('cancelled', 'the key is all that was wanted', 'Nothing is to be done.');
      },
    };
  }
}
