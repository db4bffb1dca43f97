import { withTimeout } from '../../call.ts';
import { asScoutError, ScoutError } from '../../errors.ts';
import type { Observer } from '../../observer.ts';
import { formatDuration } from '../../units.ts';
import type { Connection } from '../engine.ts';
import type { HostSettings } from '../hosts/settings.ts';

/** A connection that the next hop runs through. */
export interface Jump {
  readonly connection: Connection;
  /** The connection through it is gone, or was not made. */
  leave(): void;
}

export interface DialSteps {
  /** TCP, handshake and authentication, all hops together, in ms. */
  readonly limitMs: number;
  /** The connection to the last jump, where there is one. */
  readonly jump: (signal: AbortSignal) => Promise<Jump | undefined>;
  readonly dial: (via: Connection | undefined, signal: AbortSignal) => Promise<Connection>;
  readonly observe: Observer;
}

/**
 * Make the connection to one host, through its jump, within its time. The jump is left when the connection is
 * gone. Rejects as the steps do, with ScoutError `connect_timeout`, or with the reason of `abandoned`.
 */
export async function dialHost(
  settings: HostSettings,
  { limitMs, jump, dial, observe }: DialSteps,
  abandoned: AbortSignal,
): Promise<Connection> {
  const host = settings.alias;
  const startedMs = performance.now();
  let via: Jump | undefined;
  try {
    const connection = await withTimeout(
      abandoned,
      limitMs,
      () => connectTimeout(host, limitMs),
      async (signal) => {
        via = await jump(signal);
        return await dial(via?.connection, signal);
      },
    );
    observe({ kind: 'dialed', host, durationMs: performance.now() - startedMs });
    void connection.gone.then(() => via?.leave());
    return connection;
  } catch (error) {
    via?.leave();
    const durationMs = performance.now() - startedMs;
    const { code, cause } = asScoutError(error);
    observe({ kind: 'dial_failed', host, code, durationMs, cause });
    throw error;
  }
}

function connectTimeout(alias: string, limitMs: number): ScoutError {
  return new ScoutError(
    'connect_timeout',
    `${alias} did not let us in within ${formatDuration(limitMs)}`,
    'Check that the machine is up and that no firewall drops its port; SCOUT_SSH_CONNECT_TIMEOUT gives more time.',
  );
}
