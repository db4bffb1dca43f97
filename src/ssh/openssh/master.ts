import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { raceAbort } from '../../call.ts';
import type { HostSettings } from '../hosts/settings.ts';
import { type ConfigChoice, forcedConfig } from './forced-config.ts';
import { Keeper } from './keeper.ts';
import { masterFailure } from './master-failure.ts';

/** Lines that are kept to find out why ssh failed. */
const maxLines = 1_000;

export interface Master {
  readonly controlPath: string;
  /** Ours, for what else belongs to the connection; goes with the master. */
  readonly directory: string;
  /** Settles when the master is gone; never rejects. */
  readonly gone: Promise<void>;
  end(): void;
}

/**
 * Start `ssh -M -N` for a host and wait until it is logged in and takes channels. Rejects with ScoutError
 * `host_key_*`, `auth_failed`, `dns_failed`, `unreachable`, `connect_timeout`, `proxy_failed`,
 * `invalid_argument`, or the signal's reason.
 */
export async function startMaster(
  ssh: string,
  settings: HostSettings,
  choice: ConfigChoice,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<Master> {
  const keeper = new Keeper((directory) => {
    const configFile = join(directory, 'config');
    writeFileSync(configFile, forcedConfig(settings, choice), { mode: 0o600 });
    const control = ['-F', configFile, '-M', '-S', join(directory, 'ctl'), '-N', '-T'];
    return [ssh, ...control, '-o', 'LogLevel=DEBUG1', '--', settings.alias];
  }, env);
  const lines: string[] = [];
  let isReady = false;
  const ready = new Promise<void>((resolve, reject) => {
    keeper.onLines((line) => {
      if (isReady) return;
      if (lines.length < maxLines) lines.push(line);
      isReady = line === 'debug1: Entering interactive session.'; // ssh listens on its control socket by then
      if (isReady) resolve();
    });
    void keeper.gone.then(() => reject(masterFailure(settings, lines, choice.knownHosts)));
  });
  try {
    await raceAbort(ready, signal);
  } catch (error) {
    keeper.end();
    throw error;
  }
  const { directory, gone } = keeper;
  return { controlPath: join(directory, 'ctl'), directory, gone, end: () => keeper.end() };
}
