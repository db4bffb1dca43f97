import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { ScoutError } from '../../errors.ts';
import { formatDuration } from '../../units.ts';
import { listAgentKeys } from '../auth/agent-client.ts';
import type { HostSettings } from '../hosts/settings.ts';

const rememberedMs = 30_000;

interface Failure {
  readonly error: ScoutError;
  readonly atMs: number;
  readonly keys: string;
}

/**
 * Logins that failed, so that nobody is banned for trying again: for 30 s the same error is given without a
 * packet, unless the host's settings (another fingerprint) or its keys changed meanwhile.
 */
export class FailedLogins {
  readonly #failures = new Map<string, Failure>();

  /** Rejects with the remembered ScoutError while it stands, or with the signal's reason. */
  async check(settings: HostSettings, signal: AbortSignal): Promise<void> {
    if (!this.#failures.has(settings.fingerprint)) return;
    const keys = await this.keysOf(settings, signal);
    const failure = this.#failures.get(settings.fingerprint); // as it is by now
    if (!failure) return;
    const ageMs = performance.now() - failure.atMs;
    if (ageMs >= rememberedMs || keys !== failure.keys) {
      this.#failures.delete(settings.fingerprint);
      return;
    }
    const { code, message, fix } = failure.error;
    const againIn = formatDuration(rememberedMs - ageMs);
    throw new ScoutError(code, `${message} (not tried again for ${againIn}, so that nobody is banned)`, fix);
  }

  /**
   * What identity files and the agent hold now, to be handed to `remember` should the login with them fail: changes
   * when a key is added, replaced or repaired. Rejects with the signal's reason.
   */
  async keysOf(settings: HostSettings, signal: AbortSignal): Promise<string> {
    const files = [...settings.identityFiles, ...settings.certificateFiles];
    const seen = await Promise.all([agentKeysOf(settings.identityAgent, signal), ...files.map(factsOf)]);
    return seen.join(' ');
  }

  /** Remember a failure of the login itself; any other error is not kept. */
  remember(settings: HostSettings, error: unknown, keys: string): void {
    if (!(error instanceof ScoutError) || error.code !== 'auth_failed') return;
    this.#failures.set(settings.fingerprint, { error, atMs: performance.now(), keys });
  }
}

async function factsOf(file: string): Promise<string> {
  const facts = await stat(file).catch(() => undefined);
  return facts ? `${facts.ino}:${facts.size}:${facts.mtimeMs}:${facts.mode}:${facts.uid}` : '-';
}

/** Asking the agent is the only way to see that a key was added (ssh-add(1)). */
async function agentKeysOf(socketPath: string | undefined, signal: AbortSignal): Promise<string> {
  if (socketPath === undefined) return '-';
  try {
    const keys = await listAgentKeys(socketPath, signal);
    const digest = createHash('sha256');
    for (const { blob } of keys) digest.update(blob);
    return digest.digest('base64');
  } catch (error) {
    if (signal.aborted) throw error;
    return '-';
  }
}
