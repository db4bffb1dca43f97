import type { ScoutError } from '../../errors.ts';

export type DoorName = 'shell' | 'sftp';

/** How long an account counts as having no shell, or no SFTP, after it was seen. */
const missingForMs = 30_000;

/** The doors that an account was seen to lack. */
export class MissingDoors {
  readonly #seen = new Map<DoorName, { readonly error: ScoutError; readonly untilMs: number }>();

  /** Why there is no such door; undefined where there may be one. */
  why(name: DoorName): ScoutError | undefined {
    const missing = this.#seen.get(name);
    return missing && performance.now() < missing.untilMs ? missing.error : undefined;
  }

  add(name: DoorName, error: ScoutError): void {
    if (!this.why(name)) this.#seen.set(name, { error, untilMs: performance.now() + missingForMs });
  }
}
