import type { ConfigSnapshot } from './config-snapshot.ts';
import type { LocalSystem } from './local-system.ts';
import type { NameService } from './name-service.ts';

/** Runs a command of `Match exec`; true where it exits with 0. */
export type RunCommand = (command: string) => Promise<boolean>;

/** Where configuration comes from, for whom, and what may be asked outside of it. */
export interface Source {
  readonly snapshot: ConfigSnapshot;
  readonly system: LocalSystem;
  readonly homeDir: string;
  readonly env: NodeJS.ProcessEnv;
  /** Used alone, as `ssh -F` does. */
  readonly configFile: string | undefined;
  /** Undefined: `Match exec` does not run and does not match. */
  readonly runCommand: RunCommand | undefined;
  /** Undefined: names are not looked up, and so not made canonical. */
  readonly nameService: NameService | undefined;
}
